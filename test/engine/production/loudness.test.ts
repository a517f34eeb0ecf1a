import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CEILING_DBTP, level, measureLoudness, measureTruePeak } from '../../../src/engine/production/index.js';
import { noise, RATE, sine, voiceLike } from './signals.js';
import { joinFloats } from '../../../src/engine/values.js';

const mono = (samples: Float32Array, sampleRateHz = RATE) => ({ channels: [samples], sampleRateHz });
/** Peak amplitude of a sine in dB of full scale. */
const peak = (db: number) => 10 ** (db / 20);

describe('loudness after BS.1770', () => {
  // EBU Tech 3341, cases 1 to 3, at two rates; the first of its cases for one channel reads 3.01 lower.
  test.each([24_000, 48_000])('reads what EBU Tech 3341 says at %i Hz', (rateHz) => {
    const tone = (seconds: number, db: number) => sine(seconds, { hertz: 1000, peak: peak(db), rateHz });
    const stereo = (samples: Float32Array) => ({ channels: [samples, samples], sampleRateHz: rateHz });
    expect(measureLoudness(stereo(tone(20, -23)))).toBeCloseTo(-23, 1);
    expect(measureLoudness(stereo(tone(20, -33)))).toBeCloseTo(-33, 1);
    expect(measureLoudness(mono(tone(20, 0), rateHz))).toBeCloseTo(-3.01, 1);
    const gated = joinFloats([tone(10, -36), tone(60, -23), tone(10, -36)]);
    expect(Math.abs(measureLoudness(stereo(gated)) + 23)).toBeLessThan(0.1);
    const quiet = joinFloats([tone(10, -72), tone(10, -36), tone(60, -23), tone(10, -36), tone(10, -72)]);
    expect(Math.abs(measureLoudness(stereo(quiet)) + 23)).toBeLessThan(0.1);
  });

  test('of a short word is a number, and of silence the floor', () => {
    expect(measureLoudness(mono(sine(0.05, { hertz: 1000, peak: 1 })))).toBeGreaterThan(-20);
    expect(measureLoudness(mono(new Float32Array(RATE)))).toBe(-70);
    expect(measureLoudness(mono(new Float32Array(0)))).toBe(-70);
  });

  test('sees peaks between samples', () => {
    // A quarter of the rate, sampled an eighth of a turn off: every sample is 3 dB under the peak.
    const samples = Float32Array.from({ length: RATE }, (_, at) => Math.sin((Math.PI * at) / 2 + Math.PI / 4));
    expect(measureTruePeak(mono(samples))).toBeGreaterThan(-0.3);
    expect(measureTruePeak(mono(samples))).toBeLessThan(0.3);
  });
});

describe('levelling', () => {
  test('meets its target, and no true peak goes over the ceiling', () => {
    const sounds = [voiceLike(3), sine(2), noise(2, { peak: 0.3 }), joinFloats([voiceLike(1), new Float32Array(RATE)])];
    fc.assert(
      fc.property(
        fc.nat(sounds.length - 1),
        fc.double({ min: -40, max: 0, noNaN: true }),
        fc.integer({ min: -30, max: -18 }),
        (which, gainDb, target) => {
          const levelled = level(mono(sounds[which]!.map((sample) => sample * peak(gainDb))), target);
          expect(Math.abs(measureLoudness(levelled) - target)).toBeLessThan(0.5);
          expect(measureTruePeak(levelled)).toBeLessThanOrEqual(CEILING_DBTP + 1e-3);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('changes nothing but the gain where no peak is in the way', () => {
    const voice = voiceLike(2);
    const [levelled] = level(mono(voice), -30).channels;
    const gain = levelled![30_000]! / voice[30_000]!;
    for (let at = 0; at < voice.length; at += 97) expect(levelled![at]).toBeCloseTo(gain * voice[at]!, 6);
  });

  test('keeps the ceiling where peaks stand in the way of the target', () => {
    const clicks = new Float32Array(2 * RATE).map((_, at) => (at % 200 === 0 ? 0.5 : 0));
    const levelled = level(mono(clicks), -10);
    expect(measureTruePeak(levelled)).toBeLessThanOrEqual(CEILING_DBTP + 1e-3);
    expect(measureLoudness(levelled)).toBeLessThan(-10);
  });

  test('leaves silence silent', () => {
    expect(level(mono(new Float32Array(RATE)), -16).channels[0]).toEqual(new Float32Array(RATE));
  });
});
