import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallQueue } from '../../../src/engine/client/call-queue.js';

interface Guest {
  readonly priority: number;
  readonly arrival: number;
}

function guests(priorities: readonly number[]): Guest[] {
  return priorities.map((priority, arrival) => ({ priority, arrival }));
}

describe('the queue', () => {
  test('serves higher priorities first and equal ones in order of arrival', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 })), (priorities) => {
        const queue = new CallQueue<Guest>();
        const arrivals = guests(priorities);
        for (const guest of arrivals) queue.add(guest);
        const served = arrivals.map(() => queue.take()!);
        const expected = [...arrivals].sort((a, b) => b.priority - a.priority || a.arrival - b.arrival);
        expect(served).toEqual(expected);
        expect(queue.take()).toBeUndefined();
      }),
    );
  });

  test('lets someone leave from any place, once, and keeps the others’ order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1 }), fc.nat(), (priorities, pick) => {
        const queue = new CallQueue<Guest>();
        const arrivals = guests(priorities);
        for (const guest of arrivals) queue.add(guest);
        const before = queue.list();
        const leaver = arrivals[pick % arrivals.length]!;
        expect(queue.remove(leaver)).toBe(true);
        expect(queue.remove(leaver)).toBe(false);
        expect(queue.list()).toEqual(before.filter((guest) => guest !== leaver));
        expect(queue.length).toBe(arrivals.length - 1);
      }),
    );
  });
});
