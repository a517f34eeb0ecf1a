import { expect, test } from 'vitest';
import { CHIMES } from '../../../src/engine/options.js';
import { ringChime } from '../../../src/engine/production/index.js';
import { blockLevels, peakOf, toDb } from '../../../src/engine/sound/index.js';

test.each(CHIMES)('the chime %s rings from silence to silence, at the level of the others, without a click', (name) => {
  for (const rateHz of [24_000, 44_100]) {
    const samples = ringChime(name, rateHz);
    expect(samples.length / rateHz).toBeGreaterThan(0.5);
    expect(samples.length / rateHz).toBeLessThan(4);
    expect(toDb(peakOf(samples))).toBeCloseTo(-9, 3);
    expect(samples[0]).toBe(0);
    expect(blockLevels(samples, rateHz).at(-1)).toBeLessThan(-70);
    expect(samples.every((sample) => Number.isFinite(sample))).toBe(true);
  }
  expect(ringChime(name)).toEqual(ringChime(name));
});
