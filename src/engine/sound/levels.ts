/** How loud sound is. Levels are dB of full scale; samples are mono, 24 kHz unless a rate is given. */
import { SAMPLE_RATE_HZ } from '../codes.js';

/** What no sound at all measures. */
export const QUIETEST_DB = -120;
/** Levels are taken of blocks this long. */
export const BLOCK_SECONDS = 0.01;
/** Blocks this far under the loudness are pauses, not speech. */
const PAUSE_BELOW_LOUDNESS_DB = 30;
/** Blocks below this level are silence whatever the rest is. */
export const SILENCE_DB = -60;

/** An amplitude (0 or more) in dB; {@link QUIETEST_DB} at least. */
export function toDb(amplitude: number): number {
  return Math.max(QUIETEST_DB, 20 * Math.log10(amplitude));
}

/** The amplitude that `db` stands for. */
export function fromDb(db: number): number {
  return 10 ** (db / 20);
}

/** The largest absolute value; 0 for no samples. */
export function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return peak;
}

/** The RMS level of each block of 10 ms, in dB; the last block may be shorter. */
export function blockLevels(samples: Float32Array, sampleRateHz = SAMPLE_RATE_HZ): Float32Array {
  const length = Math.max(1, Math.round(sampleRateHz * BLOCK_SECONDS));
  const levels = new Float32Array(Math.ceil(samples.length / length));
  for (let block = 0; block < levels.length; block++) {
    const end = Math.min((block + 1) * length, samples.length);
    let power = 0;
    for (let at = block * length; at < end; at++) power += samples[at]! ** 2;
    levels[block] = toDb(Math.sqrt(power / (end - block * length)));
  }
  return levels;
}

/**
 * The RMS level of what is heard: blocks under {@link SILENCE_DB} are left out, then those 20 dB under the mean of the rest
 * (the gates of ITU-R BS.1770, without its filter). {@link QUIETEST_DB} where nothing is heard.
 */
export function loudnessOf(levels: Float32Array): number {
  const heard = levels.filter((level) => level >= SILENCE_DB);
  const floor = meanLevel(heard) - 20;
  return meanLevel(heard.filter((level) => level >= floor));
}

function meanLevel(levels: Float32Array): number {
  let power = 0;
  for (const level of levels) power += 10 ** (level / 10);
  return levels.length === 0 ? QUIETEST_DB : Math.max(QUIETEST_DB, 10 * Math.log10(power / levels.length));
}

/** The level from which on a block counts as speech, for sound of this loudness. */
export function speechFloor(loudnessDb: number): number {
  return Math.max(SILENCE_DB, loudnessDb - PAUSE_BELOW_LOUDNESS_DB);
}
