import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resample } from '../../../src/engine/sound/resample.js';
import { largestDifference } from '../../helpers/compare.js';
import { KITS, loadKit } from '../../helpers/kit.js';

/** The amplitude of `samples` at `hz`, by correlation with a sine and a cosine. */
function amplitudeAt(samples: Float32Array, hz: number, rateHz: number): number {
  let [real, imaginary] = [0, 0];
  samples.forEach((sample, index) => {
    const angle = (2 * Math.PI * hz * index) / rateHz;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
  });
  return (2 * Math.hypot(real, imaginary)) / samples.length;
}

const tone = (hz: number, rateHz: number, seconds: number): Float32Array =>
  Float32Array.from({ length: Math.round(rateHz * seconds) }, (_, index) =>
    Math.sin((2 * Math.PI * hz * index) / rateHz),
  );

describe.each(KITS)('against the reference, %s', (name) => {
  const kit = loadKit(name);
  test.each(kit.tensorNames.filter((key) => key.endsWith('.resampled')))('%s is equal within 1e-6', (key) => {
    const wave = kit.floats(key.replace('.resampled', '.wave')).values;
    expect(largestDifference(resample(wave, 24_000, 16_000), kit.floats(key).values)).toBeLessThan(1e-6);
  });
});

describe('resample', () => {
  test.each([
    [44_100, 24_000],
    [48_000, 24_000],
    [8_000, 24_000],
    [22_050, 24_000],
    [11_025, 16_000],
    [24_001, 24_000],
    [192_000, 24_000],
  ])('from %i Hz to %i Hz a tone in the pass band keeps its pitch and strength', (fromHz, toHz) => {
    const resampled = resample(tone(1000, fromHz, 0.5), fromHz, toHz);
    const middle = resampled.subarray(toHz / 8, (3 * toHz) / 8);
    expect(amplitudeAt(middle, 1000, toHz)).toBeGreaterThan(0.99);
    expect(amplitudeAt(middle, 1000, toHz)).toBeLessThan(1.01);
  });

  test('a tone above the new Nyquist rate is taken away, not folded back', () => {
    const resampled = resample(tone(15_000, 48_000, 0.5), 48_000, 24_000);
    // What torchaudio's filter of the same width leaves of this tone, 45 dB down.
    expect(amplitudeAt(resampled.subarray(2000, 10_000), 9_000, 24_000)).toBeCloseTo(0.005437, 5);
  });

  test('any rates and lengths give ceil(length * to / from) finite samples, linear in the input', () => {
    const rateHz = fc.integer({ min: 50, max: 2000 });
    fc.assert(
      fc.property(
        rateHz,
        rateHz,
        fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { maxLength: 300 }),
        (from, to, values) => {
          const samples = Float32Array.from(values);
          const resampled = resample(samples, from, to);
          expect(resampled.length).toBe(Math.ceil((samples.length * to) / from));
          const halved = resample(
            samples.map((sample) => sample / 2),
            from,
            to,
          );
          expect(
            largestDifference(
              halved,
              resampled.map((sample) => sample / 2),
            ),
          ).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('equal rates give a copy, and no samples give none', () => {
    const samples = Float32Array.of(0.25, -0.5);
    const same = resample(samples, 44_100, 44_100);
    expect(same).toEqual(samples);
    expect(same.buffer).not.toBe(samples.buffer);
    expect(resample(new Float32Array(0), 44_100, 24_000)).toHaveLength(0);
  });

  test.each([0, -8000, 44_100.5, NaN, Infinity])('a rate of %d Hz is refused', (rateHz) => {
    expect(() => resample(new Float32Array(8), rateHz, 24_000)).toThrow(
      expect.objectContaining({ code: 'HIGGS_OPTION_INVALID' }),
    );
  });
});
