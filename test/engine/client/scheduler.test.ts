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
        expect(queue.has(leaver)).toBe(false);
        expect(queue.length).toBe(arrivals.length - 1);
      }),
    );
  });

  test('serves those that interrupt before others of their priority, in order of arrival, and no higher ones late', () => {
    const anyGuest = fc.record({ priority: fc.integer({ min: 0, max: 2 }), interrupt: fc.boolean() });
    fc.assert(
      fc.property(fc.array(anyGuest), (wanted) => {
        const queue = new CallQueue<Guest & { readonly interrupt: boolean }>();
        const arrivals = wanted.map((guest, arrival) => ({ ...guest, arrival }));
        for (const guest of arrivals) queue.add(guest);
        const expected = [...arrivals].sort(
          (a, b) => b.priority - a.priority || Number(b.interrupt) - Number(a.interrupt) || a.arrival - b.arrival,
        );
        expect(queue.list()).toEqual(expected);
      }),
    );
  });

  test('holds back the calls of paused owners and gives them their places when they go on', () => {
    const owned = fc.record({
      priority: fc.integer({ min: 0, max: 1 }),
      owner: fc.constantFrom('me', 'you', undefined),
    });
    fc.assert(
      fc.property(fc.array(owned), (wanted) => {
        const queue = new CallQueue<(typeof wanted)[number]>();
        const twin = new CallQueue<(typeof wanted)[number]>();
        queue.pause('me');
        for (const guest of wanted) {
          queue.add(guest);
          twin.add(guest);
        }
        const order = twin.list();
        const moving = order.filter(({ owner }) => owner !== 'me');
        expect(queue.list()).toEqual(order);
        for (const { call, ahead } of queue.places()) {
          expect(ahead).toBe(call.owner === 'me' ? order.indexOf(call) : moving.indexOf(call));
        }
        expect(moving.map(() => queue.take())).toEqual(moving);
        expect(queue.take()).toBeUndefined();
        queue.resume('me');
        const held = order.filter(({ owner }) => owner === 'me');
        expect(held.map(() => queue.take())).toEqual(held);
        expect(queue.length).toBe(0);
      }),
    );
  });
});
