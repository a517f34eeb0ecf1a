/** Silence at the ends of a recording. */
import { BLOCK_SECONDS, blockLevels, loudnessOf, speechFloor } from './levels.js';

/** What is left of the silence before the first sound and after the last one. */
const KEPT_SECONDS = 0.15;

/** `samples` without the silence at both ends but for a little; all of them where nothing is heard. A view. */
export function trimSilence(samples: Float32Array, sampleRateHz: number): Float32Array {
  const levels = blockLevels(samples, sampleRateHz);
  const floor = speechFloor(loudnessOf(levels));
  const first = levels.findIndex((level) => level >= floor);
  const last = levels.findLastIndex((level) => level >= floor);
  if (first < 0) return samples;
  const at = (seconds: number) => Math.round(seconds * sampleRateHz);
  const from = Math.max(0, at(first * BLOCK_SECONDS - KEPT_SECONDS));
  return samples.subarray(from, Math.min(samples.length, at((last + 1) * BLOCK_SECONDS + KEPT_SECONDS)));
}
