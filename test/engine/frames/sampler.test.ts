import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  candidates,
  sampleCode,
  sampleRawCode,
  RepetitionWindow,
  seededRng,
} from '../../../src/engine/frames/index.js';
import { codeFrames } from '../../../src/engine/codes.js';
import { KITS, loadKit } from '../../helpers/kit.js';

const logitsOf = (length: number, seed: number): Float32Array => {
  const rng = seededRng(seed);
  return Float32Array.from({ length }, () => (rng() + rng() + rng() - 1.5) * 6);
};
const scores = fc
  .array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 80 })
  .map((values) => Float32Array.from(values));
const rules = fc.record({
  temperature: fc.double({ min: 0.05, max: 2, noNaN: true }),
  topK: fc.integer({ min: 1, max: 90 }),
  topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
});
const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe.each(KITS)('kit %s', (name) => {
  const kit = loadKit(name);
  test.each(kit.expected.sampling.map((row, index) => ({ ...row, index })))(
    'temperature $temperature, top-k $top_k, top-p $top_p leave the reference’s probabilities',
    ({ temperature, top_k: topK, top_p: topP, index }) => {
      const raw = kit.floats(`sampling.${index}.raw`);
      const probabilities = kit.floats(`sampling.${index}.probs`).values;
      const [numCodebooks, codebookSize] = raw.shape as [number, number];
      const rule = { temperature, topK: topK ?? codebookSize, topP: topP ?? 1 };
      for (let codebook = 0; codebook < numCodebooks; codebook++) {
        const logits = raw.values.subarray(codebook * codebookSize, (codebook + 1) * codebookSize);
        const dense = new Float64Array(codebookSize);
        const { codes, shares } = candidates(logits, rule);
        for (const [at, code] of codes.entries()) dense[code] = shares[at]!;
        for (const [code, share] of dense.entries()) {
          expect(Math.abs(share - probabilities[codebook * codebookSize + code]!)).toBeLessThan(1e-5);
        }
      }
    },
  );
});

test('40,000 draws fall as the probabilities say', () => {
  const logits = logitsOf(40, 3);
  const rule = { temperature: 0.8, topK: 12, topP: 0.97 };
  const rng = seededRng(7);
  const counts = new Float64Array(40);
  const draws = 40_000;
  for (let draw = 0; draw < draws; draw++) counts[sampleCode(logits, rule, rng())]!++;
  const { codes, shares } = candidates(logits, rule);
  expect(codes.length).toBeGreaterThan(5);
  let chiSquare = 0;
  for (const [at, code] of codes.entries()) {
    const expected = shares[at]! * draws;
    chiSquare += (counts[code]! - expected) ** 2 / expected;
    counts[code] = 0;
  }
  expect(counts.every((count) => count === 0)).toBe(true); // Nothing that was filtered out is ever drawn.
  expect(chiSquare).toBeLessThan(31.3); // 11 degrees of freedom, p = 0.001; the seed is fixed.
});

test('draws from raw scores fall as their softmax says', () => {
  const logits = Float32Array.from([1, 2, 0, -1, 2]);
  const weights = Array.from(logits, Math.exp);
  const total = weights.reduce((sum, weight) => sum + weight);
  const rng = seededRng(11);
  const counts = [0, 0, 0, 0, 0];
  for (let draw = 0; draw < 40_000; draw++) counts[sampleRawCode(logits, rng())]!++;
  for (const [code, weight] of weights.entries()) expect(counts[code]! / 40_000).toBeCloseTo(weight / total, 2);
});

test('what is drawn is a candidate, candidates hold the best code, and their shares sum to 1', () => {
  fc.assert(
    fc.property(scores, rules, randoms, (logits, rule, random) => {
      const before = Float32Array.from(logits);
      const { codes, shares } = candidates(logits, rule);
      expect(codes).toContain(sampleCode(logits, rule, random));
      expect(codes.some((code) => logits[code] === Math.max(...logits))).toBe(true);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(logits).toEqual(before);
      // Fewer than all but ties are kept only as the rule says.
      const kept = new Set(Array.from(codes, (code) => logits[code]));
      expect(kept.size).toBeLessThanOrEqual(rule.topK);
      for (const [code, score] of logits.entries()) expect(codes.includes(code)).toBe(kept.has(score));
    }),
  );
});

test('top-k keeps what sorting would, whatever the scores', () => {
  const strange = fc.oneof(
    fc.float({ min: -20, max: 20, noNaN: true }),
    fc.constantFrom(-Infinity, NaN, 0, 1, -3e38, 3e38),
  );
  fc.assert(
    fc.property(fc.array(strange, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 70 }), (values, topK) => {
      const logits = Float32Array.from([...values, 5]);
      const sorted = logits.filter((score) => score > -Infinity).sort();
      const floor = topK < logits.length ? (sorted.at(-topK) ?? -Infinity) : -Infinity;
      const expected = [...logits.keys()].filter((code) => logits[code]! >= floor);
      expect([...candidates(logits, { temperature: 1, topK, topP: 1 }).codes]).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

test('a smaller top-p or top-k never lets in a code that a larger one keeps out', () => {
  fc.assert(
    fc.property(scores, rules, rules, (logits, one, other) => {
      const tight = { ...one, topK: Math.min(one.topK, other.topK), topP: Math.min(one.topP, other.topP) };
      const wide = { ...one, topK: Math.max(one.topK, other.topK) };
      const inWide = new Set(candidates(logits, { ...wide, topP: 1 }).codes);
      for (const code of candidates(logits, { ...tight, topP: 1 }).codes) expect(inWide).toContain(code);
      const inLoose = new Set(candidates(logits, { ...tight, topP: Math.max(one.topP, other.topP) }).codes);
      for (const code of candidates(logits, tight).codes) expect(inLoose).toContain(code);
    }),
  );
});

test('temperature 0 takes the best code, whatever the rng', () => {
  const rule = { temperature: 0, topK: 50, topP: 0.95 };
  expect(sampleCode(Float32Array.of(1, 3, 3, 2), rule, 0.99)).toBe(1);
});

test('a top-p that the best code fills alone leaves that code', () => {
  expect(candidates(Float32Array.of(0, 5, 1), { temperature: 1, topK: 3, topP: 0.01 }).codes).toEqual(Int32Array.of(1));
});

test('scores of minus infinity are never drawn, not even by the last rng', () => {
  const logits = Float32Array.of(0, 1, -Infinity);
  expect(sampleCode(logits, { temperature: 1, topK: 3, topP: 1 }, 1 - 2 ** -53)).toBe(1);
});

test('the work of a draw grows with the number of codes, not with its square', () => {
  const rule = { temperature: 0.7, topK: 50, topP: 0.95 };
  const rng = seededRng(1);
  const [few, many] = [logitsOf(1024, 1), logitsOf(16 * 1024, 1)];
  const timeOf = (logits: Float32Array): number => {
    const begun = performance.now();
    for (let draw = 0; draw < 20; draw++) sampleCode(logits, rule, rng());
    return performance.now() - begun;
  };
  // Both sizes in turn, so that other work on this machine slows down both; the fastest of each is compared.
  const rounds = Array.from({ length: 30 }, () => ({ few: timeOf(few), many: timeOf(many) }));
  const fastest = (size: 'few' | 'many') => Math.min(...rounds.map((round) => round[size]));
  // 16 times the codes: 16 times the work, where comparing each code with each would be 256 times.
  expect(fastest('many') / fastest('few')).toBeLessThan(64);
});

const SFC32: Readonly<Record<number, readonly number[]>> = {
  1: [1047107358, 1857996408, 3863704218],
  0xffff_ffff: [2761911015, 4051123310, 1568285539],
};

describe('randoms', () => {
  test('are the numbers of sfc32 as its author defines it', () => {
    // Computed with 64-bit integers from PractRand's definition, seed 1 and 0xffffffff.
    const firstOf = (seed: number) => {
      const rng = seededRng(seed);
      return [rng(), rng(), rng()].map((value) => value * 2 ** 32);
    };
    expect(firstOf(1)).toEqual(SFC32[1]);
    expect(firstOf(0xffff_ffff)).toEqual(SFC32[0xffff_ffff]);
  });

  test('lie in [0, 1) and are spread evenly', () => {
    const rng = seededRng(99);
    const bins = new Float64Array(20);
    for (let draw = 0; draw < 40_000; draw++) {
      const value = rng();
      expect(value >= 0 && value < 1).toBe(true);
      bins[Math.floor(value * 20)]!++;
    }
    for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  test('of neighbouring seeds are unlike', () => {
    const [a, b] = [seededRng(1), seededRng(2)];
    expect(Math.abs(a() - b())).toBeGreaterThan(1e-3);
  });
});

describe('the repetition window', () => {
  const shape = { numCodebooks: 2, codebookSize: 12, bosCode: 10, eosCode: 11 };
  const rows = (...codes: number[]) => codeFrames(2, Int32Array.from(codes));

  test('counts a code within its own codebook only', () => {
    const window = new RepetitionWindow(shape, 7, 2);
    window.push(rows(5, 6, 5, 6, 1, 5));
    expect(window.isRepeated(0, 5)).toBe(true);
    expect(window.isRepeated(1, 6)).toBe(true);
    expect(window.isRepeated(1, 5)).toBe(false);
  });

  test('forgets what is older than its length', () => {
    const window = new RepetitionWindow(shape, 3, 2);
    window.push(rows(5, 0, 5, 0));
    expect(window.isRepeated(0, 5)).toBe(true);
    window.push(rows(1, 1));
    expect(window.isRepeated(0, 5)).toBe(true);
    window.push(rows(2, 2));
    expect(window.isRepeated(0, 5)).toBe(false);
  });

  test('takes a long reference at once as it takes it row by row', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        (column, length, limit) => {
          const codes = column.flatMap((code) => [code, 4 - code]);
          const [whole, single] = [
            new RepetitionWindow(shape, length, limit),
            new RepetitionWindow(shape, length, limit),
          ];
          whole.push(rows(...codes));
          for (let at = 0; at < codes.length; at += 2) single.push(rows(codes[at]!, codes[at + 1]!));
          for (let code = 0; code < 5; code++) {
            const found = column.slice(-length).filter((past) => past === code).length;
            expect(whole.isRepeated(0, code)).toBe(found >= limit);
            expect(single.isRepeated(0, code)).toBe(found >= limit);
            expect(whole.isRepeated(1, 4 - code)).toBe(found >= limit);
          }
        },
      ),
    );
  });

  test('never counts bos and eos, and a length of 0 counts nothing', () => {
    const window = new RepetitionWindow(shape, 7, 1);
    window.push(rows(10, 11, 10, 11));
    expect(window.isRepeated(0, 10)).toBe(false);
    expect(window.isRepeated(1, 11)).toBe(false);
    const off = new RepetitionWindow(shape, 0, 1);
    off.push(rows(5, 5, 5, 5));
    expect(off.isRepeated(0, 5)).toBe(false);
  });
});
