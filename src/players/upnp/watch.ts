/** When a renderer is done with a sound: it is asked again and again, for events would need it to reach us. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HiggsError } from '../../engine/index.js';
import type { PublishedSound } from '../types.js';
import type { Transport } from './transport.js';

export interface Timing {
  readonly everyMs: number;
  /** From Play to the first sound. */
  readonly beginLimitMs: number;
  /** How long after its length a sound may go on: buffers, and a start that is not noticed at once. */
  readonly lateMs: number;
  /** How long somebody may have paused it. */
  readonly pauseLimitMs: number;
  /** So many questions in a row may stay without an answer. */
  readonly mostSilent: number;
  /** Percent. */
  readonly volumeTolerance: number;
}

export const USUAL_TIMING: Timing = {
  everyMs: 400,
  beginLimitMs: 20_000,
  lateMs: 15_000,
  pauseLimitMs: 120_000,
  mostSilent: 5,
  volumeTolerance: 2,
};

export interface Watched {
  readonly url: string;
  /** Undefined where nobody knows. */
  readonly seconds?: number;
  readonly published?: PublishedSound;
  readonly signal: AbortSignal;
}

const FIRST_MS = 50;

/** Settles when the sound has been heard. Rejects with HIGGS_ABORTED, HIGGS_PLAYER_UNREACHABLE or HIGGS_PLAYER_FAILED. */
export async function watch(transport: Transport, name: string, watched: Watched, timing: Timing): Promise<void> {
  const { seconds, published, signal } = watched;
  const startMs = performance.now();
  let begunMs: number | undefined;
  let pausedMs: number | undefined;
  let silent = 0;
  // Often at first: a chime may be over before a second has passed.
  for (let asked = 1; ; asked++) {
    await pause(Math.min(timing.everyMs, FIRST_MS * asked), signal);
    let told: Awaited<ReturnType<Transport['state']>>;
    try {
      told = await transport.state();
      silent = 0;
    } catch (thrown) {
      silent += 1;
      if (silent >= timing.mostSilent) throw thrown;
      continue;
    }
    const nowMs = performance.now();
    if (told.hasFailed) throw failed(`The player ${name} says that it failed to play the sound.`);
    if (told.state !== 'paused') pausedMs = undefined;
    switch (told.state) {
      case 'playing':
        begunMs ??= nowMs;
        if (seconds !== undefined && nowMs - begunMs > seconds * 1000 + timing.lateMs) {
          await endLate(transport, watched);
          return;
        }
        break;
      case 'paused':
        begunMs ??= nowMs;
        pausedMs ??= nowMs;
        if (nowMs - pausedMs > timing.pauseLimitMs) return;
        break;
      case 'beginning':
        if (begunMs === undefined && nowMs - startMs > timing.beginLimitMs) {
          throw failed(`The player ${name} did not begin within ${timing.beginLimitMs / 1000} s.`);
        }
        break;
      case 'stopped': {
        if (begunMs !== undefined) return;
        // It may not have begun yet, or be done already: one that has fetched the sound gets the sound's length for that.
        const wasFetched = published?.wasFetched() ?? seconds !== undefined;
        const limitMs = wasFetched ? (seconds ?? 0) * 1000 + 4 * timing.everyMs : timing.beginLimitMs;
        if (nowMs - startMs <= limitMs) break;
        if (wasFetched) return;
        const why = published === undefined ? '' : `; it did not fetch ${watched.url}, which it must be able to reach`;
        throw failed(`The player ${name} did not begin to play${why}.`);
      }
    }
  }
}

/** A renderer that says that it still plays; unless it is something else by now. */
async function endLate(transport: Transport, { url }: Watched): Promise<void> {
  const media = await transport.media();
  if (media.url === '' || media.url === url) await transport.stop();
}

/** Throws HIGGS_ABORTED. */
export function checkGoesOn(signal: AbortSignal): void {
  if (signal.aborted) throw new HiggsError('HIGGS_ABORTED', 'The sound was stopped.');
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  checkGoesOn(signal);
}

function failed(message: string): HiggsError {
  return new HiggsError('HIGGS_PLAYER_FAILED', message);
}
