/** Is a recording fit to be a voice? */
import { SAMPLE_RATE_HZ } from '../codes.js';
import { HiggsError } from '../errors.js';
import type { ClipReport } from '../requests.js';
import { BLOCK_SECONDS, blockLevels, loudnessOf, peakOf, QUIETEST_DB, speechFloor, toDb } from './levels.js';
import { resample } from './resample.js';
import type { Recording } from './wav.js';

export const CLIP_SECONDS = { min: 1, max: 60, bestMin: 5, bestMax: 20 } as const;

/** Quieter than this nobody speaks. */
const SILENT_LOUDNESS_DB = -55;
const QUIET_LOUDNESS_DB = -38;
const CLIPPED_FROM = 0.999;
/** From this share of samples on, clipping is heard. */
const CLIPPED_SHARE = 0.0005;
const TELEPHONE_RATE_HZ = 16_000;
/** Closer to the voice than this, noise is cloned along with it. */
const NOISY_BELOW_LOUDNESS_DB = 20;
/** The quietest blocks of a recording are its noise: this share of them. */
const NOISE_SHARE = 0.02;
const LONG_PAUSE_SECONDS = 2;
/** A clip whose ends are louder than its loudness less this was cut within a sound. */
const CUT_BELOW_LOUDNESS_DB = 6;

/**
 * What was found in a clip, with warnings about what makes a clone worse.
 * Throws HIGGS_CLIP_TOO_SHORT (under 1 s), HIGGS_CLIP_TOO_LONG (over 60 s), HIGGS_CLIP_SILENT.
 */
export function inspectClip({ samples, sampleRateHz, channels }: Recording): ClipReport {
  const durationSeconds = samples.length / sampleRateHz;
  checkClipLength(durationSeconds);
  const levels = blockLevels(samples, sampleRateHz);
  const loudnessDb = loudnessOf(levels);
  if (loudnessDb < SILENT_LOUDNESS_DB) {
    throw new HiggsError('HIGGS_CLIP_SILENT', `The reference clip is silent (${loudnessDb.toFixed(0)} dB).`);
  }
  const clippedShare = samples.filter((sample) => Math.abs(sample) >= CLIPPED_FROM).length / samples.length;
  const floor = speechFloor(loudnessDb);
  const speechSeconds = levels.filter((level) => level >= floor).length * BLOCK_SECONDS;
  const isSpeech = (level: number) => level >= floor;
  // Before and behind it may lie silence that no room has.
  const spoken = levels.subarray(levels.findIndex(isSpeech), levels.findLastIndex(isSpeech) + 1);
  const noiseDb = noiseOf(spoken);
  const longestPauseSeconds = longestPause(spoken, floor);
  const isCutAt = (edge: Float32Array) => Math.max(...edge) >= loudnessDb - CUT_BELOW_LOUDNESS_DB;

  const warnings: string[] = [];
  if (durationSeconds < CLIP_SECONDS.bestMin || durationSeconds > CLIP_SECONDS.bestMax) {
    const { bestMin, bestMax } = CLIP_SECONDS;
    warnings.push(`The clip is ${durationSeconds.toFixed(1)} s long; ${bestMin} to ${bestMax} s clone best.`);
  }
  if (speechSeconds < durationSeconds / 2) {
    warnings.push(`Only ${speechSeconds.toFixed(1)} s of the clip are speech; cut the pauses out.`);
  }
  if (longestPauseSeconds > LONG_PAUSE_SECONDS) {
    warnings.push(`Nobody speaks for ${longestPauseSeconds.toFixed(1)} s within the clip; cut such pauses out.`);
  }
  if (loudnessDb - noiseDb < NOISY_BELOW_LOUDNESS_DB) {
    const distance = (loudnessDb - noiseDb).toFixed(0);
    warnings.push(`Behind the voice is noise, only ${distance} dB under it; record it in a quieter room.`);
  }
  if (loudnessDb < QUIET_LOUDNESS_DB) warnings.push('The clip is quiet; record it closer to the microphone.');
  if (clippedShare >= CLIPPED_SHARE) {
    warnings.push(`${(100 * clippedShare).toFixed(1)} % of the clip is overdriven; record it with less gain.`);
  }
  if (sampleRateHz < TELEPHONE_RATE_HZ) {
    warnings.push(`The clip has ${sampleRateHz} samples a second, as a telephone; the voice will sound dull.`);
  }
  if (isCutAt(levels.slice(0, 2))) warnings.push('The clip begins within a sound; begin it with a short silence.');
  if (isCutAt(levels.slice(-2))) warnings.push('The clip ends within a sound; end it with a short silence.');
  return {
    durationSeconds,
    sampleRateHz,
    channels,
    peakDb: toDb(peakOf(samples)),
    loudnessDb,
    clippedShare,
    noiseDb,
    speechSeconds,
    longestPauseSeconds,
    warnings,
  };
}

/** The level that all but the quietest blocks reach. */
function noiseOf(levels: Float32Array): number {
  return levels.slice().sort()[Math.floor(levels.length * NOISE_SHARE)] ?? QUIETEST_DB;
}

/** Of the blocks from the first to the last one of speech. */
function longestPause(levels: Float32Array, floor: number): number {
  let [longest, run] = [0, 0];
  for (const level of levels) {
    run = level >= floor ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest * BLOCK_SECONDS;
}

/** Throws HIGGS_CLIP_TOO_SHORT or HIGGS_CLIP_TOO_LONG; the length is known before a clip is decoded. */
export function checkClipLength(durationSeconds: number): void {
  const { min, max } = CLIP_SECONDS;
  const length = `The reference clip is ${durationSeconds.toFixed(2)} s long`;
  if (durationSeconds < min) throw new HiggsError('HIGGS_CLIP_TOO_SHORT', `${length}; it needs ${min} s.`);
  if (durationSeconds > max) throw new HiggsError('HIGGS_CLIP_TOO_LONG', `${length}; ${max} s is the most.`);
}

/** A recording as the codec takes it: mono, 24 kHz. */
export function atCodecRate({ samples, sampleRateHz }: Recording): Float32Array {
  return resample(samples, sampleRateHz, SAMPLE_RATE_HZ);
}
