/**
 * Loudness as people hear it, after ITU-R BS.1770-4: K weighting, gating, LUFS; and levelling to a wanted one.
 * The standard gives its filters for 48 kHz; here they are designed for the rate from the analogue ones behind them.
 */
import { fromDb, peakOf, resample } from '../sound/index.js';
import type { Sound } from './types.js';

/** What sound of no loudness measures: the standard's absolute gate. */
export const SILENT_LUFS = -70;
/** Levelled sound has no true peak above this (dBTP). */
export const CEILING_DBTP = -1;

const BLOCK_SECONDS = 0.4;
/** Blocks overlap by three quarters. */
const STEP_SECONDS = 0.1;
/** The standard's constant, which makes a 1 kHz sine at full scale in one channel -3.01 LUFS. */
const OFFSET_LU = -0.691;
const RELATIVE_GATE_LU = -10;
/** Inter-sample peaks are looked for at this rate or above. */
const PEAK_RATE_HZ = 96_000;
/** The limiter looks so far ahead and back. */
const LIMITER_REACH_SECONDS = 0.005;
/** Limiting takes some loudness away, which another turn gives back. */
const LEVELLING_TURNS = 6;
const LEAST_SHARE = 0.2;
const CLOSE_ENOUGH_LU = 0.05;

interface Biquad {
  /** b0, b1, b2, a1, a2; a0 is 1. */
  readonly taps: readonly [number, number, number, number, number];
}

/** The integrated loudness in LUFS; {@link SILENT_LUFS} where nothing is above the gate. Sound shorter than 0.4 s is one block. */
export function measureLoudness({ channels, sampleRateHz }: Sound): number {
  const stepLength = Math.round(STEP_SECONDS * sampleRateHz);
  const steps = channels.map((channel) => powerOfSteps(weigh(channel, sampleRateHz), stepLength));
  const blockSteps = Math.round(BLOCK_SECONDS / STEP_SECONDS);
  const stepCount = steps[0]?.length ?? 0;
  const powers: number[] = [];
  for (let first = 0; first === 0 || first + blockSteps <= stepCount; first++) {
    let power = 0;
    for (const channel of steps) {
      for (let step = first; step < Math.min(first + blockSteps, stepCount); step++) power += channel[step]!;
    }
    powers.push(power / (Math.min(blockSteps, Math.max(1, stepCount)) * stepLength));
  }
  const heard = powers.filter((power) => toLufs(power) > SILENT_LUFS);
  if (heard.length === 0) return SILENT_LUFS;
  const gate = toLufs(mean(heard)) + RELATIVE_GATE_LU;
  return toLufs(mean(heard.filter((power) => toLufs(power) > gate)));
}

/** The highest peak in dBTP, between the samples too; -Infinity for silence. */
export function measureTruePeak({ channels, sampleRateHz }: Sound): number {
  return 20 * Math.log10(Math.max(0, ...peaksOf(channels, sampleRateHz, (peaks) => peakOf(peaks))));
}

/**
 * `sound` at `targetLufs`. Where that would lift a true peak above {@link CEILING_DBTP}, a limiter that looks ahead turns such
 * places down, and no others; sound of sharp peaks comes as near to a loud target as that allows. Silence stays as it is.
 */
export function level(sound: Sound, targetLufs: number): Sound {
  let levelled = sound;
  let gainDb = 0;
  let stepDb = 0;
  let before = 0;
  for (let turn = 0; turn < LEVELLING_TURNS; turn++) {
    const loudness = measureLoudness(levelled);
    const missing = targetLufs - loudness;
    if (loudness <= SILENT_LUFS || Math.abs(missing) < CLOSE_ENOUGH_LU) break;
    // Of what is added, the limiter lets through a share, which the turn before has shown.
    const share = turn === 0 ? 1 : Math.max(LEAST_SHARE, Math.min(1, (loudness - before) / stepDb));
    stepDb = missing / share;
    gainDb += stepDb;
    before = loudness;
    levelled = limit(amplify(sound, fromDb(gainDb)));
  }
  return levelled;
}

function limit(sound: Sound): Sound {
  const { channels, sampleRateHz } = sound;
  const ceiling = fromDb(CEILING_DBTP);
  const length = channels[0]!.length;
  const needed = new Float32Array(length).fill(1);
  for (const peaks of peaksOf(channels, sampleRateHz, (between, times) => peakPerSample(between, times, length))) {
    for (let at = 0; at < length; at++) needed[at] = Math.min(needed[at]!, ceiling / Math.max(ceiling, peaks[at]!));
  }
  if (needed.every((gain) => gain === 1)) return sound;
  // The least gain within reach, then the mean of that within reach: never above what a sample needs, never a jump.
  const reach = Math.round(LIMITER_REACH_SECONDS * sampleRateHz);
  const gains = runningMean(runningLeast(needed, reach), reach);
  const limited = { channels: channels.map((channel) => channel.map((x, at) => x * gains[at]!)), sampleRateHz };
  // Between two samples of different gain a peak may still stand out by a hair.
  const excessDb = measureTruePeak(limited) - CEILING_DBTP;
  return excessDb > 0 ? amplify(limited, fromDb(-excessDb)) : limited;
}

function amplify({ channels, sampleRateHz }: Sound, gain: number): Sound {
  return { channels: channels.map((channel) => channel.map((sample) => sample * gain)), sampleRateHz };
}

/** `look` on each channel at a rate at which peaks between samples show; `times` is how many there are for one. */
function peaksOf<Seen>(
  channels: readonly Float32Array[],
  sampleRateHz: number,
  look: (between: Float32Array, times: number) => Seen,
): Seen[] {
  const times = Math.max(1, Math.ceil(PEAK_RATE_HZ / sampleRateHz));
  return channels.map((channel) =>
    look(times === 1 ? channel : resample(channel, sampleRateHz, sampleRateHz * times), times),
  );
}

/** The peak around each of `length` samples: up to the next one on both sides. */
function peakPerSample(between: Float32Array, times: number, length: number): Float32Array {
  const peaks = new Float32Array(length);
  for (let at = 0; at < between.length; at++) {
    const size = Math.abs(between[at]!);
    const before = Math.floor(at / times);
    peaks[before] = Math.max(peaks[before]!, size);
    if (at % times !== 0 && before + 1 < length) peaks[before + 1] = Math.max(peaks[before + 1]!, size);
  }
  return peaks;
}

/** The least of values[at - reach … at + reach], by a queue of those that may still be the least. */
function runningLeast(values: Float32Array, reach: number): Float32Array {
  const least = new Float32Array(values.length);
  const candidates = new Int32Array(values.length);
  let [first, end] = [0, 0];
  for (let at = 0; at < values.length + reach; at++) {
    if (at < values.length) {
      while (end > first && values[candidates[end - 1]!]! >= values[at]!) end--;
      candidates[end++] = at;
    }
    if (at < reach) continue;
    while (candidates[first]! < at - 2 * reach) first++;
    least[at - reach] = values[candidates[first]!]!;
  }
  return least;
}

/** The mean of values[at - reach … at + reach]; beyond the ends the last value goes on. */
function runningMean(values: Float32Array, reach: number): Float32Array {
  const valueAt = (at: number) => values[Math.max(0, Math.min(values.length - 1, at))]!;
  const means = new Float32Array(values.length);
  let sum = 0;
  for (let at = -reach; at <= reach; at++) sum += valueAt(at);
  for (let at = 0; at < values.length; at++) {
    means[at] = sum / (2 * reach + 1);
    sum += valueAt(at + reach + 1) - valueAt(at - reach);
  }
  return means;
}

function powerOfSteps(samples: Float32Array, stepLength: number): Float64Array {
  const powers = new Float64Array(Math.max(1, Math.floor(samples.length / stepLength)));
  const whole = samples.length < stepLength ? samples.length : powers.length * stepLength;
  for (let at = 0; at < whole; at++) powers[Math.floor(at / stepLength)]! += samples[at]! ** 2;
  return powers;
}

/** Samples as the head hears them (a shelf) and the ear (no deep tones). */
function weigh(samples: Float32Array, sampleRateHz: number): Float32Array {
  return run(highPass(sampleRateHz), run(shelf(sampleRateHz), samples));
}

function shelf(sampleRateHz: number): Biquad {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRateHz);
  const q = 0.7071752369554196;
  const high = fromDb(3.999843853973347);
  const band = high ** 0.4996667741545416;
  const scale = 1 + k / q + k * k;
  return {
    taps: [
      (high + (band * k) / q + k * k) / scale,
      (2 * (k * k - high)) / scale,
      (high - (band * k) / q + k * k) / scale,
      (2 * (k * k - 1)) / scale,
      (1 - k / q + k * k) / scale,
    ],
  };
}

function highPass(sampleRateHz: number): Biquad {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRateHz);
  const q = 0.5003270373238773;
  const scale = 1 + k / q + k * k;
  return { taps: [1, -2, 1, (2 * (k * k - 1)) / scale, (1 - k / q + k * k) / scale] };
}

function run({ taps: [b0, b1, b2, a1, a2] }: Biquad, samples: Float32Array): Float32Array {
  const filtered = new Float32Array(samples.length);
  let [first, second] = [0, 0];
  for (let at = 0; at < samples.length; at++) {
    const input = samples[at]!;
    const output = b0 * input + first;
    first = b1 * input - a1 * output + second;
    second = b2 * input - a2 * output;
    filtered[at] = output;
  }
  return filtered;
}

function toLufs(power: number): number {
  return OFFSET_LU + 10 * Math.log10(power);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
