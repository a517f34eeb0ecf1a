/** The players that this process knows, each with its queue, whoever uses it. */
import { HiggsError, type StopScope } from '../engine/index.js';
import { openLoudspeaker, type LoudspeakerOptions } from './loudspeaker/loudspeaker.js';
import { LOUDSPEAKER } from './options.js';
import { PlayQueue, type Turn } from './queue.js';
import type { Player, PlayOptions, SoundSource } from './types.js';
import { locateRenderer } from './upnp/discover.js';
import { Renderer } from './upnp/renderer.js';

interface Known {
  /** Another one in its place where its address has changed. */
  player: Player;
  readonly queue: PlayQueue;
}

/** By their keys. */
const known = new Map<string, Known>();
/** Renderers by the names that they were asked for, so that the network is not searched for each sound. */
const named = new Map<string, { readonly key: string; readonly untilMs: number }>();
const REMEMBER_MS = 600_000;
/** Those that are looked for now: messages that come together find one and the same. */
const sought = new Map<string, Promise<Known>>();
/** Those whose messages wait. */
const paused = new Set<string>();

export interface PlayRequest extends Turn, Omit<PlayOptions, 'signal'> {
  readonly loudspeaker: LoudspeakerOptions;
  /** The sound begins; told the player's name. */
  readonly onBegin?: (player: string) => void;
}

/**
 * Plays on the player of a name (`loudspeaker`, or as {@link locateRenderer} takes it) when its turn has come; settles when
 * it has been heard. Rejects as `Player.play`, `PlayQueue.add` and `locateRenderer` do.
 */
export async function playOn(name: string, source: SoundSource, request: PlayRequest): Promise<void> {
  const { loudspeaker, onBegin, ...options } = request;
  const found = name === LOUDSPEAKER ? shared(openLoudspeaker(loudspeaker)) : await rendererOf(name);
  const { queue } = found;
  if (paused.has(request.owner)) queue.pause(request.owner);
  try {
    await queue.add(request, (signal) => {
      onBegin?.(found.player.name);
      return found.player.play(source, { ...options, signal });
    });
  } catch (thrown) {
    // Next time it is looked for again: it may have got another address.
    if (HiggsError.from(thrown).code === 'HIGGS_PLAYER_UNREACHABLE') named.delete(name);
    throw thrown;
  }
}

/** Stops what the owner has waiting, playing, or both, at all players. */
export function stopPlaying(owner: string, scope: StopScope = 'all'): void {
  for (const { queue } of known.values()) queue.stop(owner, scope);
}

/** What plays is finished, everything else of the owner waits, until it is resumed. */
export function pausePlaying(owner: string): void {
  paused.add(owner);
  for (const { queue } of known.values()) queue.pause(owner);
}

export function resumePlaying(owner: string): void {
  paused.delete(owner);
  for (const { queue } of known.values()) queue.resume(owner);
}

async function rendererOf(name: string): Promise<Known> {
  const remembered = named.get(name);
  const before = remembered === undefined ? undefined : known.get(remembered.key);
  if (remembered !== undefined && before !== undefined && remembered.untilMs > Date.now()) return before;
  const asked = sought.get(name) ?? locate(name).finally(() => sought.delete(name));
  sought.set(name, asked);
  return asked;
}

async function locate(name: string): Promise<Known> {
  const renderer = new Renderer(await locateRenderer(name));
  named.set(name, { key: renderer.key, untilMs: Date.now() + REMEMBER_MS });
  const found = shared(renderer);
  // One that is in use keeps what it knows of the time before; a new address counts once it is idle.
  if (found.queue.size === 0) found.player = renderer;
  return found;
}

function shared(player: Player): Known {
  const found = known.get(player.key);
  if (found !== undefined) return found;
  const made: Known = { player, queue: new PlayQueue(() => made.player.rest()) };
  known.set(player.key, made);
  return made;
}
