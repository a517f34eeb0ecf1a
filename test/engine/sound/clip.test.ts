import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { atCodecRate, inspectClip, readWav, type Recording } from '../../../src/engine/sound/index.js';
import { embeddedVoiceNames } from '../../helpers/embedded-voices.js';

const VOICES = path.join(__dirname, '../../../models/embedded/voices');

/** Something like speech: bursts of tone with pauses, quiet at both ends. */
function speech(seconds: number, { peak = 0.3, rate = 24_000, share = 0.8 } = {}): Recording {
  const samples = Float32Array.from({ length: Math.round(seconds * rate) }, (_, at) => {
    const time = at / rate;
    const isEdge = time < 0.05 || time > seconds - 0.05;
    return isEdge || time % 1 > share ? 0 : peak * Math.sin(2 * Math.PI * 200 * time);
  });
  return { samples, sampleRateHz: rate, channels: 1 };
}
/** With noise of this peak behind it. */
function noisy(samples: Float32Array, peak: number): Float32Array {
  let state = 1;
  return samples.map(
    (sample) => sample + (peak * (state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0)) / 2 ** 31,
  );
}
/** Silent for three seconds in its middle. */
const interrupted = (recording: Recording): Recording => ({
  ...recording,
  samples: recording.samples.map((sample, at) => (at > 3 * 24_000 && at < 6 * 24_000 ? 0 : sample)),
});
const codeOf = (recording: Recording) => {
  try {
    inspectClip(recording);
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
  return undefined;
};

test('a good clip has no warnings, and its report measures it', () => {
  const report = inspectClip(speech(8));
  expect(report).toMatchObject({
    durationSeconds: 8,
    sampleRateHz: 24_000,
    channels: 1,
    clippedShare: 0,
    warnings: [],
  });
  expect(report.peakDb).toBeCloseTo(20 * Math.log10(0.3), 1);
  expect(report.loudnessDb).toBeCloseTo(20 * Math.log10(0.3 / Math.SQRT2), 0);
});

test.each(embeddedVoiceNames())('the embedded voice "%s" passes', (name) => {
  const recording = readWav(readFileSync(path.join(VOICES, `${name}.wav`)));
  const report = inspectClip(recording);
  expect(report.clippedShare).toBe(0);
  expect(report.warnings.filter((warning) => !warning.includes('clone best'))).toEqual([]);
});

describe('a clip is refused', () => {
  test('under a second and over a minute', () => {
    expect(codeOf(speech(0.99))).toBe('HIGGS_CLIP_TOO_SHORT');
    expect(codeOf(speech(1))).toBeUndefined();
    expect(codeOf(speech(60))).toBeUndefined();
    expect(codeOf(speech(60.1))).toBe('HIGGS_CLIP_TOO_LONG');
  });

  test('when it is silent or all but silent', () => {
    expect(codeOf(speech(5, { peak: 0 }))).toBe('HIGGS_CLIP_SILENT');
    expect(codeOf(speech(5, { peak: 0.0008 }))).toBe('HIGGS_CLIP_SILENT');
  });
});

describe('a clip is taken with a warning', () => {
  const cutOff = (recording: Recording, from: number, to: number) => ({
    ...recording,
    samples: recording.samples.slice(from, to),
  });
  test.each<[string, Recording, string]>([
    ['short', speech(3), '3.0 s long'],
    ['long', speech(40), '40.0 s long'],
    ['quiet', speech(8, { peak: 0.01 }), 'quiet'],
    [
      'overdriven',
      { ...speech(8), samples: speech(8).samples.map((x) => Math.max(-1, Math.min(1, x * 20))) },
      'overdriven',
    ],
    ['of a telephone’s rate', speech(8, { rate: 8000 }), 'telephone'],
    ['noisy', { ...speech(8), samples: noisy(speech(8).samples, 0.06) }, 'noise'],
    ['interrupted', interrupted(speech(8)), 'Nobody speaks for 3'],
    ['mostly pauses', speech(8, { share: 0.3 }), 'pauses'],
    ['cut at its start', cutOff(speech(8), 4800, 8 * 24_000), 'begins within a sound'],
    ['cut at its end', cutOff(speech(8), 0, 7.4 * 24_000), 'ends within a sound'],
  ])('when it is %s', (_name, recording, warning) => {
    expect(inspectClip(recording).warnings.join(' ')).toContain(warning);
  });
});

test('a clip of any rate is brought to the codec’s', () => {
  const samples = atCodecRate(speech(2, { rate: 44_100 }));
  expect(samples.length).toBe(48_000);
  let largest = 0;
  const wanted = speech(2).samples;
  for (let at = 4800; at < 16_000; at++) largest = Math.max(largest, Math.abs(samples[at]! - wanted[at]!));
  expect(largest).toBeLessThan(1e-3);
});
