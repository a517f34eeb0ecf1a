import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultOf, longestRepetition, type Attempt } from '../../../src/engine/worker/segment-check.js';
import { codeFrames } from '../../../src/engine/codes.js';
import { noise } from '../production/signals.js';

const TEXT = 'Nobody says this in less than a second.';
const BOOKS = 8;

/** Frames whose first codes are `first`; the others never repeat. */
function framesOf(first: readonly number[]) {
  const codes = Int32Array.from({ length: first.length * BOOKS }, (_, at) =>
    at % BOOKS === 0 ? first[at / BOOKS]! : at % 1024,
  );
  return codeFrames(BOOKS, codes);
}

const lively = (count: number) => framesOf(Array.from({ length: count }, (_, at) => (at * at * 7 + at) % 1021));
const good: Attempt = { frames: lively(100), stop: 'ended', samples: noise(1, { peak: 0.3 }) };

describe('an attempt', () => {
  test.each([
    ['that is as speech should be', good, undefined],
    ['with fewer frames than anybody needs', { ...good, frames: lively(20) }, 'cut short'],
    ['in which nothing is heard', { ...good, samples: new Float32Array(24_000) }, 'silent'],
    ['that holds one sound for seconds', { ...good, frames: framesOf(new Array<number>(80).fill(5)) }, 'stuck'],
    ['that fell silent', { ...good, stop: 'silence' }, 'fell silent'],
    ['that never ended', { ...good, stop: 'limit' }, 'too long'],
  ] as const)('%s: %o', (_what, attempt, fault) => {
    expect(faultOf(attempt, TEXT, false)).toBe(fault);
  });

  test('that reached the limit which the caller set is right', () => {
    expect(faultOf({ ...good, frames: lively(10), stop: 'limit' }, TEXT, true)).toBeUndefined();
  });

  test('that was heard while it was made is judged by its frames alone', () => {
    expect(faultOf({ frames: lively(100), stop: 'ended' }, TEXT, false)).toBeUndefined();
  });
});

test('a repeated pattern is found wherever it lies, and nothing else counts as one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 30, max: 60 }),
      fc.nat(40),
      (pattern, length, before) => {
        const lead = Array.from({ length: before }, (_, at) => 500 + at);
        const repeated = Array.from({ length: pattern + length }, (_, at) => at % pattern);
        const longest = longestRepetition(framesOf([...lead, ...repeated, 900, 901, 902]));
        expect(longest).toBe(length);
      },
    ),
  );
  expect(longestRepetition(lively(200))).toBeLessThan(5);
  expect(longestRepetition(framesOf([]))).toBe(0);
});
