import { describe, expect, test } from 'vitest';
import { Call, type CallOrigin } from '../../../src/engine/client/call.js';
import { decidePrefetch } from '../../../src/engine/client/scheduler.js';
import type { CallMessage } from '../../../src/engine/protocol.js';
import type { SpeakOptions } from '../../../src/engine/requests.js';

function newCall(options: SpeakOptions = {}, origin: CallOrigin = { isSpeech: true }): Call {
  const call = new Call(options, origin);
  call.task = { kind: 'load' };
  return call;
}

function frames(segment: number, segments: number): CallMessage {
  return {
    kind: 'progress',
    call: 1,
    event: { phase: 'frames', framesDone: 1, framesPerSecond: 1, segment, segments },
  };
}

const END: CallMessage = { kind: 'end', call: 1, answer: { to: 'load' } };

/** A running call of so many segments, and what is decided beside it, in order: + for a call that is prefetched, - for a withdrawn one. */
function beside(options: SpeakOptions = {}, segments = 1) {
  const names = new Map<Call, number>();
  const running = newCall(options);
  running.start();
  const decideFor = (running: Call | undefined, waiting: readonly Call[], mostTogether = 8) => {
    for (const call of waiting) if (!names.has(call)) names.set(call, names.size + 1);
    // Whoever was named before and waits no more is held back.
    const paused = [...names.keys()].filter((call) => !waiting.includes(call));
    const decided: number[] = [];
    for (;;) {
      const decision = decidePrefetch({ running, waiting, paused, mostTogether });
      if (decision === undefined) return decided;
      const { kind, call } = decision;
      decided.push(kind === 'prefetch' ? names.get(call)! : -names.get(call)!);
      if (kind === 'prefetch') call.prefetch();
      else call.withdraw();
    }
  };
  const decide = (waiting: readonly Call[], mostTogether?: number) => decideFor(running, waiting, mostTogether);
  const begin = () => running.receive(frames(0, segments));
  return { running, decide, decideFor, begin };
}

describe('calls that wait are prefetched', () => {
  test('three of them, when the running one speaks, each once', () => {
    const { decide, begin } = beside();
    const waiting = [newCall(), newCall(), newCall(), newCall()];
    expect(decide(waiting)).toEqual([]);
    begin();
    expect(decide(waiting)).toEqual([1, 2, 3]);
    expect(decide(waiting)).toEqual([]);
  });

  test('not before the first sound of a call that someone listens to', () => {
    const { running, decide, begin } = beside({ onChunk: () => undefined });
    const waiting = [newCall()];
    begin();
    expect(decide(waiting)).toEqual([]);
    running.receive({ kind: 'chunk', call: 1, chunk: { index: 0, startSeconds: 0, samples: new Float32Array(1) } });
    expect(decide(waiting)).toEqual([1]);
  });

  test('not where the model gains nothing, nor where segments of the running one leave no room', () => {
    const { running, decide, begin } = beside({}, 7);
    const waiting = [newCall(), newCall()];
    begin();
    expect(decide(waiting, 1)).toEqual([]);
    expect(decide(waiting)).toEqual([1]);
    running.receive(frames(5, 7));
    expect(decide(waiting)).toEqual([2]);
    expect(waiting[0]!.state).toBe('prefetching');
  });

  test('not beside one that is more urgent, nor behind what is not speech', () => {
    const { decide, begin } = beside({ priority: 1 });
    begin();
    expect(decide([newCall(), newCall()])).toEqual([]);
    const [urgent, other, last] = [newCall({ priority: 1 }), newCall({}, { isSpeech: false }), newCall()];
    expect(decide([urgent, other, last])).toEqual([3]);
    expect(decide([newCall({}, { isSpeech: false }), urgent])).toEqual([-3]);
  });

  test('not before what they ask for is known', () => {
    const { decide, begin } = beside();
    begin();
    const [unready, behind] = [new Call({}, { isSpeech: true }), newCall()];
    expect(decide([unready, behind])).toEqual([]);
    unready.task = { kind: 'load' };
    expect(decide([unready, behind])).toEqual([1, 2]);
  });
});

describe('a prefetched call', () => {
  test('is withdrawn for a more urgent one, where its owner is paused, and where nothing runs; what is done stays', () => {
    const { decide, decideFor, begin } = beside();
    const [first, second, third] = [newCall(), newCall(), newCall()];
    begin();
    expect(decide([first, second, third])).toEqual([1, 2, 3]);
    first.receive(END);
    expect(decide([first, third])).toEqual([-2]);
    expect(decide([newCall({ priority: 1 }), first, second, third])).toEqual([-3, 4]);
    expect(decideFor(undefined, [first, second, third])).toEqual([-4]);
    expect(first.isPrefetched).toBe(true);
    expect([second, third].map(({ state }) => state)).toEqual(['queued', 'queued']);
  });

  test('tells what was said of it in its turn, of its progress the latest', async () => {
    const told: string[] = [];
    const call = newCall({
      onProgress: (event) => told.push(event.phase === 'frames' ? `segment ${event.segment}` : event.phase),
      onChunk: () => told.push('chunk'),
    });
    call.prefetch();
    const chunk = { index: 0, startSeconds: 0, samples: new Float32Array(1) };
    for (const message of [frames(0, 2), frames(1, 2), { kind: 'chunk', call: 1, chunk } as const, frames(1, 2)]) {
      call.receive(message);
    }
    expect(call.isPrefetched).toBe(false);
    expect(call.segmentsLeft).toBe(1);
    call.start();
    expect(told).toEqual([]);
    call.tellHeld();
    expect(told).toEqual(['chunk', 'segment 1']);
    call.receive(END);
    expect(await call.result).toEqual({ answer: { to: 'load' }, chunks: [chunk] });
  });

  test('that was withdrawn has all to itself in its turn', () => {
    const { decide, begin } = beside();
    const waiting = [newCall(), newCall()];
    begin();
    expect(decide(waiting)).toEqual([1, 2]);
    for (const call of waiting) call.withdraw();
    expect(decide(waiting)).toEqual([]);
  });
});

describe('a call', () => {
  test('of which nothing was told goes to a new worker once', async () => {
    const [untold, told] = [newCall(), newCall()];
    expect(untold.sendAgain()).toBe(false);
    for (const call of [untold, told]) {
      call.start();
      call.workerId = 1;
    }
    told.receive(frames(0, 1));
    expect(told.sendAgain()).toBe(false);
    expect(untold.sendAgain()).toBe(true);
    expect(untold.workerId).toBeUndefined();
    expect(untold.sendAgain()).toBe(false);
    untold.receive(END);
    expect(await untold.result).toMatchObject({ answer: { to: 'load' } });
  });

  test('that was prefetched goes again without what the old worker said, where its turn has come before its end', () => {
    const told: string[] = [];
    const call = newCall({ onProgress: ({ phase }) => told.push(phase) });
    call.prefetch();
    call.receive(frames(0, 1));
    call.start();
    expect(call.isPrefetched).toBe(false);
    expect(call.sendAgain()).toBe(true);
    call.tellHeld();
    expect(told).toEqual([]);
  });

  test('that was prefetched whole has its result, though its worker ends in the moment in which its turn comes', async () => {
    const call = newCall();
    call.prefetch();
    call.receive(END);
    call.start();
    expect(call.isPrefetched).toBe(true);
    call.tellHeld();
    expect(await call.result).toMatchObject({ answer: { to: 'load' } });
  });

  test('goes from state to state by the table alone', () => {
    const call = newCall();
    expect(() => call.withdraw()).toThrow('A call that is queued cannot become queued.');
    call.start();
    expect(() => call.prefetch()).toThrow('A call that is running cannot become prefetching.');
    expect(call.was('queued')).toBe(true);
  });

  test('settles once, a stopped one with the reason of the stop', async () => {
    const [ended, stopped] = [newCall(), newCall()];
    for (const call of [ended, stopped]) call.start();
    ended.receive(END);
    ended.fail(new Error('later') as never);
    expect(await ended.result).toMatchObject({ answer: { to: 'load' } });
    const reason = Object.assign(new Error('enough'), { code: 'HIGGS_ABORTED' });
    stopped.stop(reason as never, 0);
    stopped.receive(END);
    await expect(stopped.result).rejects.toBe(reason);
  });
});
