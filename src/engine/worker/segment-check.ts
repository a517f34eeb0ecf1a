/** Whether what a model spoke for a segment of text can be right: what goes wrong at times, and can be seen without listening. */
import { FRAMES_PER_SECOND, type CodeFrames } from '../codes.js';
import type { StopReason } from '../requests.js';
import { blockLevels, loudnessOf } from '../sound/index.js';
import { estimateSpeechSeconds } from '../text/index.js';

/** What is wrong with an attempt, from the worst on. */
export const FAULTS = ['cut short', 'silent', 'stuck', 'lost its place', 'fell silent', 'too long'] as const;
export type AttemptFault = (typeof FAULTS)[number];

export interface Attempt {
  /** Of a model elsewhere only how many they are is known. */
  readonly frames: CodeFrames | { readonly frameCount: number; readonly codes?: undefined };
  readonly stop: StopReason;
  /** All of it; left out where it was handed on as it came. */
  readonly samples?: Float32Array;
  /** Whether part of the text was left out or said twice, where the model can tell. */
  readonly lostPlace?: boolean;
}

/** Nobody speaks this much faster than the estimate. */
const LEAST_SHARE_OF_ESTIMATE = 0.4;
/** Quieter than this nothing is heard. */
const SILENT_DB = -50;
/** No sound of speech lasts so long, nor is a short one repeated for so long. */
const STUCK_FRAMES = 2 * FRAMES_PER_SECOND;
/** The longest pattern whose repetition is looked for. */
const LONGEST_PATTERN = 10;

/** Frames that no speaker of normalised `text` could do without. */
export function leastFramesOf(text: string): number {
  return Math.floor(LEAST_SHARE_OF_ESTIMATE * FRAMES_PER_SECOND * estimateSpeechSeconds(text));
}

/** The worst fault of an attempt of `text`, or undefined. `hasOwnLimit`: the caller asked for no more, so its end is none. */
export function faultOf(
  { frames, stop, samples, lostPlace }: Attempt,
  text: string,
  hasOwnLimit: boolean,
): AttemptFault | undefined {
  if (stop === 'ended' && frames.frameCount < leastFramesOf(text)) return 'cut short';
  if (samples !== undefined && loudnessOf(blockLevels(samples)) < SILENT_DB) return 'silent';
  if (frames.codes !== undefined && longestRepetition(frames) >= STUCK_FRAMES) return 'stuck';
  if (lostPlace === true && stop === 'ended') return 'lost its place';
  if (stop === 'silence') return 'fell silent';
  return stop === 'limit' && !hasOwnLimit ? 'too long' : undefined;
}

/** How many frames in a row repeat those up to {@link LONGEST_PATTERN} before them, by their first (coarsest) code. */
export function longestRepetition({ codes, numCodebooks, frameCount }: CodeFrames): number {
  let longest = 0;
  for (let pattern = 1; pattern <= LONGEST_PATTERN; pattern++) {
    let run = 0;
    for (let frame = pattern; frame < frameCount; frame++) {
      const repeats = codes[frame * numCodebooks] === codes[(frame - pattern) * numCodebooks];
      run = repeats ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
  }
  return longest;
}
