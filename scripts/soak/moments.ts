/** When workers are killed and how: drawn from a seed, so that a run can be had again. */

/** - `idle`: between two requests; all others: after the request in hand has told of this for the first time. */
export const MOMENTS = ['loading', 'prefill', 'frames', 'decoding', 'idle'] as const;
export type Moment = (typeof MOMENTS)[number];
export const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGSTOP'] as const;
export type KillSignal = (typeof SIGNALS)[number];

export interface Kill {
  readonly moment: Moment;
  readonly signal: KillSignal;
  /** So long after the moment has begun. */
  readonly delayMs: number;
}

/** About how long each lasts on a small machine; a kill that comes late meets what is next. */
const LASTS_MS: Readonly<Record<Moment, number>> = { loading: 600, prefill: 30, frames: 400, decoding: 600, idle: 20 };

/** `count` kills in random order; each pair of moment and signal comes as often as any other, as far as that goes. */
export function drawKills(count: number, seed: number): Kill[] {
  const random = randomFrom(seed);
  const pairs = MOMENTS.flatMap((moment) => SIGNALS.map((signal) => ({ moment, signal })));
  const kills: Kill[] = [];
  while (kills.length < count) {
    for (const pair of shuffled(pairs, random)) {
      kills.push({ ...pair, delayMs: random() * LASTS_MS[pair.moment] });
    }
  }
  return kills.slice(0, count);
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const rest = [...values];
  return values.map(() => rest.splice(Math.floor(random() * rest.length), 1)[0]!);
}

/** Numbers from 0 to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
