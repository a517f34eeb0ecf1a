import { afterEach, expect, test, vi } from 'vitest';
import { endOnce, withinMs } from '../../nodes/common/end-once.js';
import { HiggsError } from '../../src/engine/index.js';

afterEach(() => vi.useRealTimers());

function endings() {
  const calls: (Error | undefined)[] = [];
  return { calls, done: (error?: Error) => void calls.push(error) };
}

test('work that is done ends the message once, without an error', async () => {
  const { calls, done } = endings();
  await endOnce(done, Promise.resolve());
  expect(calls).toEqual([undefined]);
});

test('whatever is thrown ends the message once, as a HiggsError with a code', async () => {
  for (const thrown of [new TypeError('Oh.'), 'Oh.', new HiggsError('HIGGS_TEXT_EMPTY', 'Oh.')]) {
    const { calls, done } = endings();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- throwing anything is the point
    await endOnce(done, Promise.reject(thrown));
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      name: 'HiggsError',
      message: 'Oh.',
      code: expect.stringMatching(/^HIGGS_/) as string,
    });
  }
});

test('a done that throws is called once, and nothing is left to catch', async () => {
  let calls = 0;
  const done = () => {
    calls += 1;
    throw new Error('A hook of another package.');
  };
  await expect(endOnce(done, Promise.resolve())).resolves.toBeUndefined();
  expect(calls).toBe(1);
});

test('waiting is given up at its limit and no sooner, and a rejection is no reason to throw', async () => {
  vi.useFakeTimers();
  let given = false;
  const waiting = withinMs(50, new Promise(() => undefined)).then(() => (given = true));
  await vi.advanceTimersByTimeAsync(49);
  expect(given).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await waiting;
  await expect(withinMs(50, Promise.reject(new Error('late')))).resolves.toBe(true);
});
