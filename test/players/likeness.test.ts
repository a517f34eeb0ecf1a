/** A recording counts where it is what was spoken. */
import { describe, expect, test } from 'vitest';
import { holds, likeness } from '../../scripts/hear/likeness.js';

const RATE_HZ = 8000;

/** A second of noise that is another one with each seed. */
function noise(seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: RATE_HZ }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 30 - 1;
  });
}

describe('a recording', () => {
  const spoken = noise(1);

  test('holds what was spoken, later and not as loud', () => {
    const recording = new Float32Array(2 * RATE_HZ);
    recording.set(
      spoken.map((sample) => sample / 10),
      777,
    );
    expect(holds(recording, spoken, RATE_HZ)).toBe(true);
  });

  test.each<[string, Float32Array]>([
    ['is silent', new Float32Array(2 * RATE_HZ)],
    ['is empty', new Float32Array(0)],
    ['is another sound', noise(2)],
    ['ends in the middle', spoken.slice(0, RATE_HZ / 2)],
    ['begins in the middle', spoken.slice(RATE_HZ / 2)],
  ])('does not hold it where it %s', (_, recording) => {
    expect(holds(recording, spoken, RATE_HZ)).toBe(false);
  });

  test('tells its level exactly, whichever samples the place was found by', () => {
    const uneven = spoken.map((sample, at) => (at % 8 === 0 ? sample : sample / 3));
    const { alike, gain } = likeness(
      uneven.map((sample) => sample / 10),
      uneven,
    );
    expect(alike).toBeCloseTo(1, 5);
    expect(gain).toBeCloseTo(0.1, 5);
  });

  test('holds nothing where nothing was spoken', () => {
    expect(holds(spoken, new Float32Array(RATE_HZ), RATE_HZ)).toBe(false);
  });
});
