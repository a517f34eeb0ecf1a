import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRange } from '../../../src/service/sound-host/byte-range.js';

describe('a range of bytes', () => {
  test.each<[string, number, number]>([
    ['bytes=0-0', 0, 0],
    ['bytes=0-1', 0, 1],
    ['bytes=10-', 10, 99],
    ['bytes=99-99', 99, 99],
    ['bytes=50-100000', 50, 99],
    ['bytes=-10', 90, 99],
    ['bytes=-100000', 0, 99],
    ['BYTES= 5-6 ', 5, 6],
  ])('"%s" of 100 is %d to %d', (header, first, last) => {
    expect(readRange(header, 100)).toEqual({ kind: 'part', first, last });
  });

  test.each(['bytes=100-', 'bytes=100-200', 'bytes=-0', 'bytes=999999999999999-'])(
    '"%s" of 100 is beyond',
    (header) => {
      expect(readRange(header, 100)).toEqual({ kind: 'beyond' });
    },
  );

  test.each([
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=5-2',
    'bytes=a-b',
    'bytes=1-2,5-6',
    'bytes=0-0,-1',
    'bytes=--5',
    'bytes=1.5-2',
    'items=0-5',
    'bytes=0x10-0x20',
    `bytes=${'9'.repeat(400)}-`,
  ])('%j is not followed: the whole is sent', (header) => {
    expect(readRange(header, 100)).toEqual({ kind: 'whole' });
  });

  test('never reaches beyond the sound, whatever is asked', () => {
    const bound = fc.oneof(fc.constant(''), fc.nat(1000).map(String));
    fc.assert(
      fc.property(bound, bound, fc.integer({ min: 1, max: 500 }), (from, to, byteCount) => {
        const range = readRange(`bytes=${from}-${to}`, byteCount);
        if (range.kind !== 'part') return;
        expect(range.first).toBeGreaterThanOrEqual(0);
        expect(range.first).toBeLessThanOrEqual(range.last);
        expect(range.last).toBeLessThan(byteCount);
      }),
    );
  });
});
