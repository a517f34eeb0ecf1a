/** What the figures ought to be. */
import { numberText, type Measurements } from './figures.js';
import { BATCHES, CODEC, ENGINE, PREFILLS, prefillOf, stepAt, STEPS, framesInBatch, OWN, LLAMA } from './names.js';

export interface Goal {
  readonly what: string;
  readonly found: number;
  /** Left out where more is better. */
  readonly most?: number;
  readonly least?: number;
}

/** Real time: a step makes a frame, a frame is 40 ms of sound. */
const FRAME_MS = 40;
/** A step's time over the time that reading its bytes takes, by positions. */
const MOST_OVER_FLOOR: Readonly<Record<number, number>> = { 128: 1.15, 1500: 1.25 };
const MOST_OVER_LLAMA = 0.85;
const LEAST_GAIN: Readonly<Record<number, number>> = { 2: 1.6, 8: 3 };
const MOST_DECODE_MS = 60;
const MOST_ENCODE_SECONDS = 2;
/** The embedded voice on two cores. */
const LEAST_SPEED = 12;
const MOST_FIRST_SOUND_SECONDS = 0.15;
const MOST_LOADING_SECONDS = 10;
const MOST_MEMORY_MB = 4000;
/** Steps until the first chunk of sound can be decoded. */
const STEPS_BEFORE_SOUND = 22;

/** Goals whose figures there are. `large`: a model of full size; small ones have goals of their own. */
export function goalsFor(found: Measurements, floors: ReadonlyMap<number, number>, large: boolean): Goal[] {
  const least = (what: string): number | undefined => found.find(what)?.minimum;
  const goals: Goal[] = [];
  const most = (what: string, value: number | undefined, limit: number | undefined): void => {
    if (value !== undefined && limit !== undefined) goals.push({ what, found: value, most: limit });
  };
  const atLeast = (what: string, value: number | undefined, limit: number | undefined): void => {
    if (value !== undefined && limit !== undefined) goals.push({ what, found: value, least: limit });
  };
  const single = least(framesInBatch(1));
  for (const sequences of BATCHES) {
    const together = least(framesInBatch(sequences));
    if (single === undefined || together === undefined) continue;
    atLeast(
      `${sequences} at a time: frames a second, times 1 at a time`,
      (sequences * single) / together,
      LEAST_GAIN[sequences],
    );
  }
  if (!large) {
    atLeast(`${ENGINE.speed}, best`, found.find(ENGINE.speed)?.maximum, LEAST_SPEED);
    most(`${ENGINE.firstSound}, s`, least(ENGINE.firstSound), MOST_FIRST_SOUND_SECONDS);
    return goals;
  }
  for (const positions of STEPS) {
    const own = least(stepAt(OWN, positions));
    const floor = floors.get(positions);
    const llama = least(stepAt(LLAMA, positions));
    if (own === undefined) continue;
    most(`step at ${positions} positions, over the floor`, own / floor!, MOST_OVER_FLOOR[positions]);
    if (llama !== undefined) most(`step at ${positions} positions, over llama.cpp's`, own / llama, MOST_OVER_LLAMA);
    most(`step at ${positions} positions, ms`, own, FRAME_MS);
  }
  for (const positions of PREFILLS) {
    const llama = least(prefillOf(LLAMA, positions));
    const own = least(prefillOf(OWN, positions));
    if (llama !== undefined && own !== undefined) most(`prefill of ${positions}, over llama.cpp's`, own / llama, 1);
  }
  most(`${CODEC.decode}, ms`, least(CODEC.decode), MOST_DECODE_MS);
  most(`${CODEC.encode}, s`, seconds(least(CODEC.encode)), MOST_ENCODE_SECONDS);
  most(`${ENGINE.loading}, s`, least(ENGINE.loading), MOST_LOADING_SECONDS);
  most(`${ENGINE.memory}, MB`, least(ENGINE.memory), MOST_MEMORY_MB);
  const [prefill, step, decode] = [least(prefillOf(OWN, 64)), least(stepAt(OWN, 128)), least(CODEC.decode)];
  if (prefill !== undefined && step !== undefined && decode !== undefined) {
    const limit = (prefill + STEPS_BEFORE_SOUND * step + decode) / 1000;
    most(`${ENGINE.firstSound}, s`, least(ENGINE.firstSound), limit);
  }
  return goals;
}

/** One line: ok, or how far off. */
export function goalLine({ what, found, most, least }: Goal): string {
  const limit = most ?? least!;
  const off = most === undefined ? limit / found : found / limit;
  const verdict = off <= 1 ? 'ok' : `off by ${numberText(100 * (off - 1))} %`;
  return `${what}: ${numberText(found)} (at ${most === undefined ? 'least' : 'most'} ${numberText(limit)}): ${verdict}`;
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
