import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openTempo } from '../../../src/engine/production/index.js';
import { largestJump, noise, pitchOf, RATE, sine, voiceLike } from './signals.js';
import { joinFloats } from '../../../src/engine/values.js';

const speeds = fc.double({ min: 0.5, max: 2, noNaN: true });

function stretch(samples: Float32Array, speed: number, cuts: readonly number[] = []): Float32Array {
  const tempo = openTempo(speed);
  const ends = [...cuts.map((cut) => cut % (samples.length + 1)).sort((a, b) => a - b), samples.length];
  let from = 0;
  const parts = ends.map((to) => tempo.push([samples.subarray(from, (from = to))])[0]!);
  return joinFloats([...parts, tempo.end()[0]!]);
}

describe('a change of speed', () => {
  test('makes sound as much shorter or longer as it says, and gives the same in parts as at once', () => {
    const sounds = [voiceLike(0.8), noise(0.5), new Float32Array(5000), sine(0.01), new Float32Array(0)];
    fc.assert(
      fc.property(
        fc.nat(sounds.length - 1),
        fc.double({ min: 0.25, max: 4, noNaN: true }),
        fc.array(fc.nat(20_000), { maxLength: 6 }),
        (which, speed, cuts) => {
          const samples = sounds[which]!;
          const whole = stretch(samples, speed);
          expect(whole.length).toBe(Math.round(samples.length / speed));
          expect(stretch(samples, speed, cuts)).toEqual(whole);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('keeps the pitch of a tone within one per cent, and its level, without a click', () => {
    fc.assert(
      fc.property(speeds, fc.integer({ min: 80, max: 1000 }), (speed, hertz) => {
        const tone = sine(1, { hertz });
        const stretched = stretch(tone, speed);
        const middle = stretched.subarray(1000, stretched.length - 1500);
        expect(Math.abs(pitchOf(middle) / hertz - 1)).toBeLessThan(0.01);
        expect(largestJump(middle)).toBeLessThan(1.2 * largestJump(tone));
        for (let at = 0; at + 480 < middle.length; at += 480) {
          const peak = Math.max(...middle.subarray(at, at + 480));
          expect(peak).toBeGreaterThan(0.35);
          expect(peak).toBeLessThan(0.51);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('leaves silence silent, a voice whole, and at speed 1 everything as it is', () => {
    expect(stretch(new Float32Array(RATE), 1.7).every((sample) => sample === 0)).toBe(true);
    const voice = voiceLike(2);
    expect(stretch(voice, 1)).toEqual(voice);
    const power = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
    for (const speed of [0.6, 0.9, 1.25, 1.9]) {
      expect(power(stretch(voice, speed)) / power(voice)).toBeCloseTo(1, 0);
      expect(largestJump(stretch(voice, speed))).toBeLessThan(1.5 * largestJump(voice));
    }
  });

  test('moves all channels together', () => {
    const [left, right] = [voiceLike(0.5), voiceLike(0.5).map((sample) => -0.5 * sample)];
    const tempo = openTempo(1.4, { channelCount: 2 });
    const [first, last] = [tempo.push([left, right]), tempo.end()];
    const [stretchedLeft, stretchedRight] = [0, 1].map((at) => joinFloats([first[at]!, last[at]!]));
    expect(stretchedRight).toEqual(stretchedLeft!.map((sample) => -0.5 * sample));
  });

  test('gives as many samples as it says where the last window was laid before the end came', () => {
    for (const length of [12_000, 12_340, 12_479])
      expect(stretch(noise(length / RATE), 4).length).toBe(Math.round(length / 4));
  });

  test('beyond a quarter and four times is refused', () => {
    for (const speed of [0.24, 4.01, Number.NaN]) expect(() => openTempo(speed)).toThrow('"speed"');
  });
});
