import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallState } from '../../../src/engine/client/call.js';
import { ABORT_ANSWER_MS, Scheduler, type Schedulable } from '../../../src/engine/client/scheduler.js';

interface TestCall extends Schedulable {
  state: CallState;
  readonly arrival: number;
}

const WORKER = { isFree: true, mostTogether: 1 };

function testCalls(wanted: readonly Partial<Schedulable>[]): TestCall[] {
  return wanted.map((one, arrival) => ({
    priority: 0,
    isReady: true,
    isSpeech: true,
    ...one,
    state: 'queued',
    arrival,
  }));
}

/** A scheduler with no place free yet, so that all wait. */
function scheduled(calls: readonly TestCall[], setUp: (scheduler: Scheduler<TestCall>) => void = () => undefined) {
  const scheduler = new Scheduler<TestCall>(1);
  const running = { priority: Infinity, isSpeech: false, isReady: true, state: 'running', arrival: -1 } as TestCall;
  scheduler.add(running);
  setUp(scheduler);
  for (const call of calls) scheduler.add(call);
  return { scheduler, running };
}

/** Starts and ends call after call; gives them in the order in which they started. */
function serveAll(scheduler: Scheduler<TestCall>): TestCall[] {
  const served: TestCall[] = [];
  for (;;) {
    const decision = scheduler.next(0, WORKER);
    if (decision === undefined) return served;
    expect(decision.kind).toBe('start');
    decision.call.state = 'settled';
    served.push(decision.call);
  }
}

describe('the order of calls', () => {
  test('is by priority, highest first, and by arrival among equal ones', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 })), (priorities) => {
        const calls = testCalls(priorities.map((priority) => ({ priority })));
        const { scheduler, running } = scheduled(calls);
        running.state = 'settled';
        const expected = [...calls].sort((a, b) => b.priority - a.priority || a.arrival - b.arrival);
        expect(serveAll(scheduler)).toEqual(expected);
      }),
    );
  });

  test('stays as it is for the others where a call in it settles', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1 }), fc.nat(), (priorities, pick) => {
        const calls = testCalls(priorities.map((priority) => ({ priority })));
        const { scheduler } = scheduled(calls);
        const before = scheduler.waiting();
        const leaver = calls[pick % calls.length]!;
        leaver.state = 'settled';
        expect(scheduler.waiting()).toEqual(before.filter((call) => call !== leaver));
      }),
    );
  });

  test('has calls that interrupt before others of their priority, in order of arrival, and none before a higher one', () => {
    const anyCall = fc.record({ priority: fc.integer({ min: 0, max: 2 }), interrupt: fc.boolean() });
    fc.assert(
      fc.property(fc.array(anyCall), (wanted) => {
        const calls = testCalls(wanted);
        const expected = [...calls].sort(
          (a, b) => b.priority - a.priority || Number(b.interrupt) - Number(a.interrupt) || a.arrival - b.arrival,
        );
        expect(scheduled(calls).scheduler.waiting()).toEqual(expected);
      }),
    );
  });

  test('leaves the calls of paused owners out, and gives them their places when they go on', () => {
    const owned = fc.record({
      priority: fc.integer({ min: 0, max: 1 }),
      owner: fc.constantFrom('me', 'you', undefined),
    });
    fc.assert(
      fc.property(fc.array(owned), (wanted) => {
        const calls = testCalls(wanted);
        const { scheduler, running } = scheduled(calls, (queue) => queue.pause('me'));
        const order = scheduled(calls).scheduler.waiting();
        const moving = order.filter(({ owner }) => owner !== 'me');
        expect(scheduler.waiting()).toEqual(order);
        for (const { call, ahead } of scheduler.standings()) {
          // The running one goes before all.
          expect(ahead - 1).toBe(call.owner === 'me' ? order.indexOf(call) : moving.indexOf(call));
        }
        running.state = 'settled';
        expect(serveAll(scheduler)).toEqual(moving);
        scheduler.resume('me');
        const held = order.filter(({ owner }) => owner === 'me');
        expect(serveAll(scheduler)).toEqual(held);
        expect(scheduler.waiting()).toEqual([]);
      }),
    );
  });

  test('knows owners of one name in two scopes apart', () => {
    const [mine, theirs] = testCalls([
      { owner: 'me', scope: 1 },
      { owner: 'me', scope: 2 },
    ]);
    const { scheduler, running } = scheduled([mine!, theirs!], (queue) => queue.pause('me', 1));
    running.state = 'settled';
    expect(serveAll(scheduler)).toEqual([theirs]);
    scheduler.resume('me', 2);
    expect(serveAll(scheduler)).toEqual([]);
    scheduler.resume('me', 1);
    expect(serveAll(scheduler)).toEqual([mine]);
  });
});

describe('a call', () => {
  test('keeps the place that it was given, though what it asks for is not known yet and a more urgent one comes', () => {
    const scheduler = new Scheduler<TestCall>(1);
    const [first, second, urgent] = testCalls([{ isReady: false }, {}, { priority: 1 }]);
    scheduler.add(first!);
    expect(scheduler.next(0, WORKER)).toEqual({ kind: 'start', call: first });
    first!.state = 'running';
    scheduler.add(second!);
    scheduler.add(urgent!);
    expect(scheduler.next(0, WORKER)).toBeUndefined();
    expect(scheduler.waiting()).toEqual([urgent, second]);
    Object.assign(first!, { isReady: true });
    expect(scheduler.next(0, WORKER)).toEqual({ kind: 'send', call: first });
    Object.assign(first!, { workerId: 1 });
    expect(scheduler.next(0, WORKER)).toBeUndefined();
  });

  test('is not sent while a former worker is on its way out', () => {
    const scheduler = new Scheduler<TestCall>(1);
    const [call] = testCalls([{}]);
    scheduler.add(call!);
    call!.state = 'running';
    expect(scheduler.next(0, { ...WORKER, isFree: false })).toBeUndefined();
    expect(scheduler.next(0, WORKER)).toEqual({ kind: 'send', call });
  });

  test('that does not stop in time has the worker killed, and not before', () => {
    const stopping = { priority: 0, state: 'stopping', workerId: 1, stoppedAtMs: 1000, arrival: 0 } as const;
    const scheduler = new Scheduler<TestCall>(1);
    scheduler.add(stopping);
    expect(scheduler.wakeAtMs()).toBe(1000 + ABORT_ANSWER_MS);
    expect(scheduler.next(999 + ABORT_ANSWER_MS, WORKER)).toBeUndefined();
    expect(scheduler.next(1000 + ABORT_ANSWER_MS, WORKER)).toEqual({ kind: 'kill', call: stopping });
  });

  test('that interrupts is for the running speech of the lowest priority, where it is not higher than its own', () => {
    const scheduler = new Scheduler<TestCall>(2);
    const [low, high] = testCalls([{ priority: 1 }, { priority: 2 }]);
    for (const call of [low!, high!]) scheduler.add(Object.assign(call, { state: 'running' }));
    const urgent = (priority: number) => testCalls([{ priority, interrupt: true }])[0]!;
    for (const [call, stopped] of [
      [urgent(0), undefined],
      [urgent(1), low],
      [urgent(5), low],
    ] as const) {
      scheduler.add(call);
      expect(scheduler.interruptedBy(call)).toBe(stopped);
    }
  });
});
