import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeRange, parseContentRange, parseRetryAfter, plainEtag } from '../../../src/engine/hub/ranges.js';
import { DEFAULT_LIMITS, pauseAfter } from '../../../src/engine/hub/retry.js';

describe('an answer to the wish for the rest of a file', () => {
  const bytes = fc.integer({ min: 1, max: 2 ** 45 });

  test('is appended where it begins at the byte that was asked for, and at no other', () => {
    fc.assert(
      fc.property(bytes, bytes, bytes, (a, b, begin) => {
        const [offset, length] = [Math.min(a, b), Math.max(a, b) + 1];
        const verdict = (from: number, total: number | '*') =>
          judgeRange(206, `bytes ${from}-${length - 1}/${total}`, offset, length);
        expect(verdict(offset, length)).toBe('append');
        expect(verdict(offset, '*')).toBe('append');
        expect(verdict(offset, length + 1)).toBe('askAgain');
        expect(verdict(begin, length)).toBe(begin === offset ? 'append' : 'askAgain');
        expect(judgeRange(200, null, offset, length)).toBe('restart');
        expect(judgeRange(206, null, offset, length)).toBe('askAgain');
        expect(judgeRange(416, `bytes */${length}`, offset, length)).toBe('askAgain');
      }),
    );
  });

  test('to the wish for the whole file is the whole file', () => {
    expect(judgeRange(200, null, 0, 10)).toBe('append');
  });
});

test.each([
  ['bytes 0-9/10', { begin: 0, end: 9, total: 10 }],
  [' bytes 3-9/* ', { begin: 3, end: 9 }],
  ['bytes */10', undefined],
  ['bytes 3-', undefined],
  [null, undefined],
])('the Content-Range %j says %j', (header, range) => expect(parseContentRange(header)).toEqual(range));

test.each([
  ['3', 3000],
  ['0', 0],
  ['Thu, 01 Jan 1970 00:01:00 GMT', 50_000],
  ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
  ['soon', undefined],
  [null, undefined],
])('at ten seconds past the epoch, the Retry-After %j says %j ms', (header, ms) => {
  expect(parseRetryAfter(header, 10_000)).toBe(ms);
});

test.each([
  ['"abc"', 'abc'],
  ['W/"abc"', 'abc'],
  ['abc', 'abc'],
  [null, undefined],
])('the ETag %j names %j', (header, etag) => expect(plainEtag(header)).toBe(etag));

describe('the pause after failures in a row', () => {
  const limits = { ...DEFAULT_LIMITS, tries: 6, firstPauseMs: 1000, longestPauseMs: 10_000 };

  test('doubles up to the longest, less half of it at most, and ends with the tries', () => {
    const pauses = (coin: number) =>
      [1, 2, 3, 4, 5, 6, 7].map((failures) => pauseAfter(failures, undefined, limits, coin));
    expect(pauses(0)).toEqual([500, 1000, 2000, 4000, 5000, undefined, undefined]);
    expect(pauses(0.999999)).toEqual([1000, 2000, 4000, 8000, 10_000, undefined, undefined]);
  });

  test('is at least what the server asks for, unless that is longer than anyone waits', () => {
    expect(pauseAfter(1, 7000, limits, 0)).toBe(7000);
    expect(pauseAfter(1, 10, limits, 0)).toBe(500);
    expect(pauseAfter(1, 10_001, limits, 0)).toBeUndefined();
  });
});
