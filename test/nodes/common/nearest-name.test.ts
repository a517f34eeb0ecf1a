import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestName, slipsBetween } from '../../../nodes/common/nearest-name.js';

test.each([
  ['', '', 0],
  ['speed', 'speed', 0],
  ['sped', 'speed', 1],
  ['speed', 'speeds', 1],
  ['spead', 'speed', 1],
  ['psede', 'speed', 2],
  ['', 'abc', 3],
])('from "%s" to "%s" it is %i slips', (a, b, count) => {
  expect(slipsBetween(a, b)).toBe(count);
});

test('the way back is as long, and a word is never further from another than its letters', () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(slipsBetween(a, b)).toBe(slipsBetween(b, a));
      expect(slipsBetween(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(slipsBetween(a, b) === 0).toBe(a === b);
    }),
  );
});

test('a name that nothing resembles has no nearest', () => {
  expect(nearestName('colour', ['speed', 'voice'])).toBeUndefined();
  expect(nearestName('x', [])).toBeUndefined();
});
