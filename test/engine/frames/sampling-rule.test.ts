import { describe, expect, test } from 'vitest';
import { segmentSeed, samplingRule, seedOf } from '../../../src/engine/frames/sampling-rule.js';

describe('how codes are drawn', () => {
  test('is the request’s choice, else the checkpoint’s, else the table’s', () => {
    const rule = samplingRule({ topK: 7, temperature: 0 }, { topK: 30, topP: 0.8, rasLimit: 3 }, false);
    expect(rule).toEqual({ temperature: 0, topK: 7, topP: 0.8, rasWindowFrames: 7, rasLimit: 3 });
  });

  test('leaves repetitions alone where the model makes music, unless the request wants otherwise', () => {
    expect(samplingRule({}, { rasWindowFrames: 7 }, true).rasWindowFrames).toBe(0);
    expect(samplingRule({ rasWindowFrames: 5 }, {}, true).rasWindowFrames).toBe(5);
  });
});

describe('seeds', () => {
  test('are the request’s, or random ones in range', () => {
    expect(seedOf({ seed: 0 })).toBe(0);
    const random = [seedOf({}), seedOf({}), seedOf({})];
    for (const seed of random) expect(seed).toBe(seed >>> 0);
    expect(new Set(random).size).toBeGreaterThan(1);
  });

  test('of pieces differ from each other, and the first segment has the request’s', () => {
    expect(segmentSeed(0xffff_ffff, 0)).toBe(0xffff_ffff);
    const seeds = Array.from({ length: 1000 }, (_, segment) => segmentSeed(5, segment));
    expect(new Set(seeds).size).toBe(1000);
    for (const seed of seeds) expect(seed).toBe(seed >>> 0);
  });
});
