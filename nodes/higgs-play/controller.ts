/** Plays what messages bring, one after the other; a message ends when it has been heard. */
import { HiggsError } from '../../src/engine/index.js';
import {
  collect,
  pausePlaying,
  playOn,
  resumePlaying,
  stopPlaying,
  type SoundSource,
} from '../../src/players/index.js';
import { isCommand, obey } from '../common/commands.js';
import { CLOSE_LIMIT_MS, endOnce, withinMs } from '../common/end-once.js';
import { readInputs, type InputValues } from '../common/inputs.js';
import { MessagesInHand } from '../common/messages-in-hand.js';
import { othersOf, overridesOf } from '../common/msg-higgs.js';
import { sharedText } from '../common/node-red.js';
import type { Done, Node, NodeAPI, NodeMessageInFlow, Saved, Send } from '../common/node-red.js';
import { missingSoundHost, soundHostsOf, type SoundHostLink } from '../common/sound-hosts.js';
import { StatusLine, type OngoingCall } from '../common/status-line.js';
import { isRecord } from '../common/values.js';
import { loudspeakerOptions, PLAY_INPUTS } from './inputs.js';
import { PartQueue, partOf, type Part } from './parts.js';
import { pcmOf, soundOf } from './sound.js';

/** What the status shows of a sound. */
type PlayEvent =
  | { readonly phase: 'queued'; readonly ahead: number }
  | { readonly phase: 'finding'; readonly player: string }
  | { readonly phase: 'playing'; readonly player: string };

type PlayValues = InputValues<typeof PLAY_INPUTS>;

/** A sound whose parts still come. */
interface OpenStream {
  readonly parts: PartQueue;
  /** Whether the sound has been heard to its end. */
  readonly played: Promise<boolean>;
}

export class PlayController {
  private readonly status: StatusLine<PlayEvent>;
  private readonly inHand: MessagesInHand;
  private readonly hosts: SoundHostLink;
  private readonly streams = new Map<string, OpenStream>();
  private closed = false;

  constructor(
    private readonly red: NodeAPI,
    private readonly node: Node,
    private readonly saved: Saved,
  ) {
    this.status = new StatusLine(red, node, (_red, event) => this.describe(event));
    this.inHand = new MessagesInHand({ stop: (which) => stopPlaying(node.id, which) });
    this.hosts = soundHostsOf(red, saved.sounds).join();
    const missing = missingSoundHost(red, saved.sounds);
    if (missing !== undefined) this.status.showProblem(missing);
  }

  async take(msg: NodeMessageInFlow, send: Send, done: Done): Promise<void> {
    const part = isCommand(msg) ? undefined : partOf(msg);
    if (isCommand(msg)) await endOnce(done, this.obey(msg), (error) => this.fail(this.status.begin(), error));
    else if (part === undefined) await this.play(msg, send, done, (values) => soundOf(this.red, values.sound, msg));
    else await this.takePart(part, msg, send, done);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.status.clear();
    const dropped = this.inHand.count;
    if (dropped > 0) this.node.warn(this.text('dropped', { count: dropped }));
    for (const { parts } of this.streams.values()) parts.end();
    this.inHand.stop('all');
    resumePlaying(this.node.id);
    await withinMs(CLOSE_LIMIT_MS, this.hosts.leave());
  }

  /** The first part begins the sound, the last one stands for it; those between are complete at once. */
  private async takePart({ id, isLast, bytes }: Part, msg: NodeMessageInFlow, send: Send, done: Done): Promise<void> {
    const known = this.streams.get(id);
    const parts = known?.parts ?? new PartQueue();
    parts.push(bytes);
    if (isLast) {
      parts.end();
      this.streams.delete(id);
    }
    if (known === undefined && isLast) {
      await this.play(msg, send, done, () => Promise.resolve({ kind: 'chunks', chunks: parts, ...pcmOf(msg) }));
      return;
    }
    if (known !== undefined) {
      // What went wrong was told where the sound began, once.
      if (isLast && (await known.played)) this.pass(msg, send);
      done();
      return;
    }
    let isHeard = false;
    const work = this.play(
      msg,
      () => (isHeard = true),
      done,
      () => Promise.resolve({ kind: 'chunks', chunks: parts }),
    );
    const played = work.then(() => isHeard);
    this.streams.set(id, { parts, played });
    await played;
  }

  private async play(
    msg: NodeMessageInFlow,
    send: Send,
    done: Done,
    sourceOf: (values: PlayValues) => Promise<SoundSource>,
  ): Promise<void> {
    const call = this.status.begin();
    const message = this.inHand.begin();
    const work = async () => {
      const { red, node, saved } = this;
      const values = await readInputs({ red, node, saved, msg, overrides: overridesOf(msg) }, PLAY_INPUTS);
      const source = await sourceOf(values);
      message.checkGoesOn();
      const startMs = performance.now();
      message.ask();
      await this.playOnAll(values, source, message.signal, call);
      this.pass(msg, send, values.player);
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
      call.done(this.text('play.status.done', { seconds }));
    };
    await endOnce(done, work(), (error) => {
      const isCancelled = error.code === 'HIGGS_ABORTED' || (error.code === 'HIGGS_CLOSED' && this.closed);
      if (!isCancelled) return this.fail(call, error);
      msg.higgs = { ...this.othersIn(msg), cancelled: true };
      call.cancelled(error);
      return 'cancelled';
    });
    message.end();
  }

  /** On several players at once; one that fails does not keep the others from playing. */
  private async playOnAll(values: PlayValues, source: SoundSource, signal: AbortSignal, call: OngoingCall<PlayEvent>) {
    const { player: players, volume, priority, interrupt } = values;
    // What comes part by part can be read once alone.
    const shared: SoundSource =
      players.length > 1 && source.kind === 'chunks'
        ? {
            kind: 'bytes',
            bytes: await collect(source.chunks),
            ...(source.pcm === undefined ? {} : { pcm: source.pcm }),
          }
        : source;
    const loudspeaker = loudspeakerOptions(this.saved);
    const plays = players.map((player) => {
      call.progress({ phase: 'finding', player });
      return playOn(player, shared, {
        owner: this.node.id,
        priority,
        interrupt,
        signal,
        loudspeaker,
        ...(volume === undefined ? {} : { volume }),
        publish: async (...sound) => (await this.hosts.host()).put(...sound),
        onPlace: (ahead) => call.progress({ phase: 'queued', ahead }),
        onBegin: (name) => call.progress({ phase: 'playing', player: name }),
      });
    });
    const ends = await Promise.allSettled(plays);
    const failures = ends.flatMap((end) => (end.status === 'rejected' ? [HiggsError.from(end.reason)] : []));
    const worst = failures.find(({ code }) => code !== 'HIGGS_ABORTED') ?? failures[0];
    if (worst !== undefined) throw worst;
  }

  /** What was for this node alone is used up; what others told stays. */
  private othersIn(msg: NodeMessageInFlow): Readonly<Record<string, unknown>> {
    const { higgs } = msg as { higgs?: unknown };
    return isRecord(higgs) ? othersOf(higgs, Object.keys(PLAY_INPUTS)) : {};
  }

  private pass(msg: NodeMessageInFlow, send: Send, players?: readonly string[]): void {
    const others = this.othersIn(msg);
    msg.higgs = { ...others, result: others.result ?? {}, ...(players === undefined ? {} : { played: players }) };
    send(msg);
  }

  private obey(msg: NodeMessageInFlow): Promise<void> {
    return obey(msg, {
      inHand: this.inHand,
      status: this.status,
      pause: () => pausePlaying(this.node.id),
      resume: () => resumePlaying(this.node.id),
    });
  }

  private fail(call: OngoingCall<PlayEvent>, error: HiggsError): 'error' {
    call.failed(error);
    return 'error';
  }

  private describe(event: PlayEvent): string {
    if (event.phase === 'queued') return sharedText(this.red, 'status.queued', { count: event.ahead });
    const player = event.player === 'loudspeaker' ? this.text('play.loudspeaker') : event.player;
    return this.text(`play.status.${event.phase}`, { player });
  }

  private text(key: string, values: Readonly<Record<string, string | number>> = {}): string {
    return this.red._(`@higgs-tts/node-red/higgs-play:${key}`, values);
  }
}
