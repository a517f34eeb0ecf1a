import { describe, expect, test } from 'vitest';
import { EarlyCalls, follow, type BegunCall, type FromCall } from '../../../src/engine/client/scheduler.js';
import { OpenCall, type CallManner } from '../../../src/engine/client/call.js';
import type { ToChild } from '../../../src/engine/protocol.js';
import type { SpeakOptions } from '../../../src/engine/requests.js';

function call(options: SpeakOptions = {}, manner: CallManner = { isSpeech: true }): OpenCall {
  return new OpenCall(Promise.resolve({ kind: 'load' }), options, manner);
}

function frames(of: number, piece: number, pieces: number): FromCall {
  return { kind: 'progress', call: of, event: { phase: 'frames', framesDone: 1, framesPerSecond: 1, piece, pieces } };
}

function end(of: number): FromCall {
  return { kind: 'end', call: of, answer: { to: 'load' } };
}

/** Early calls beside a running one of so many pieces, whose child hears what is `told`: +id for a begun call, -id for a stop. */
function beside(options: SpeakOptions = {}, pieces = 1) {
  let lastId = 0;
  const told: number[] = [];
  const tell = (message: ToChild) => {
    if ('call' in message) told.push(message.kind === 'abort' ? -message.call : message.call);
  };
  const early = new EarlyCalls(() => ++lastId, tell);
  const running: BegunCall = { call: call(options), id: 100, sent: true };
  const settle = async (waiting: readonly OpenCall[], mostTogether = 8) => {
    early.settle(running, waiting, mostTogether);
    await new Promise((resolve) => setImmediate(resolve));
    return told.splice(0);
  };
  const begin = () => follow(running, frames(100, 0, pieces));
  return { early, running, settle, begin };
}

describe('calls that wait are begun', () => {
  test('three of them, when the running one speaks, each once', async () => {
    const { settle, begin } = beside();
    const waiting = [call(), call(), call(), call()];
    expect(await settle(waiting)).toEqual([]);
    begin();
    expect(await settle(waiting)).toEqual([1, 2, 3]);
    expect(await settle(waiting)).toEqual([]);
  });

  test('not before the first sound of one that someone listens to', async () => {
    const { running, settle, begin } = beside({ onChunk: () => undefined });
    const waiting = [call()];
    begin();
    expect(await settle(waiting)).toEqual([]);
    running.call.chunk({ index: 0, startSeconds: 0, samples: new Float32Array(1) });
    expect(await settle(waiting)).toEqual([1]);
  });

  test('not where the model gains nothing, nor where pieces of the running one leave no room', async () => {
    const { early, running, settle, begin } = beside({}, 7);
    const waiting = [call(), call()];
    begin();
    expect(await settle(waiting, 1)).toEqual([]);
    expect(await settle(waiting)).toEqual([1]);
    follow(running, frames(100, 5, 7));
    expect(await settle(waiting)).toEqual([2]);
    expect(early.take(waiting[0]!)).toMatchObject({ id: 1, sent: true, heard: [] });
  });

  test('not beside one that is more urgent, nor behind what is not speech', async () => {
    const { settle, begin } = beside({ priority: 1 });
    begin();
    expect(await settle([call(), call()])).toEqual([]);
    expect(await settle([call({ priority: 1 }), call({}, { isSpeech: false }), call()])).toEqual([1]);
    expect(await settle([call({}, { isSpeech: false }), call({ priority: 1 })])).toEqual([-1]);
  });

  test('not where one that is the same is being made', async () => {
    const recall = (key: string) => ({ isSpeech: true, recall: { key, find: () => Promise.resolve(undefined) } });
    const { settle, begin } = beside();
    begin();
    expect(await settle([call({}, recall('a')), call({}, recall('a')), call({}, recall('b'))])).toEqual([1, 3]);
  });
});

describe('an early call', () => {
  test('is taken back for a more urgent one, where its owner is paused, and where nothing runs; what is done stays', async () => {
    const { early, settle, begin } = beside();
    const [first, second, third] = [call(), call(), call()];
    begin();
    await settle([first, second, third]);
    early.hear(end(1));
    expect(await settle([first, third])).toEqual([-2]);
    expect(await settle([call({ priority: 1 }), first, second, third])).toEqual([-3, 4]);
    early.settle(undefined, [], 8);
    expect(await settle([first])).toEqual([-4]);
    expect(early.take(first)?.heard).toEqual([end(1)]);
    expect(early.take(second)).toBeUndefined();
  });

  test('has what was said of it in its turn, of its progress the latest', async () => {
    const { early, settle, begin } = beside();
    const first = call();
    begin();
    await settle([first]);
    const chunk: FromCall = {
      kind: 'chunk',
      call: 1,
      chunk: { index: 0, startSeconds: 0, samples: new Float32Array(1) },
    };
    expect([frames(1, 0, 2), frames(1, 1, 2), chunk, frames(1, 1, 2)].map((said) => early.hear(said))).not.toContain(
      true,
    );
    expect(early.hear(end(7))).toBe(false);
    expect(early.take(first)).toMatchObject({ piecesLeft: 1, heard: [chunk, frames(1, 1, 2)] });
  });

  test('that fails, or whose child dies, has all to itself in its turn', async () => {
    const { early, settle, begin } = beside();
    const [failed, lost] = [call(), call()];
    begin();
    await settle([failed, lost]);
    expect(early.hear({ kind: 'failed', call: 1, error: { code: 'HIGGS_INTERNAL', message: '' } })).toBe(true);
    early.lose();
    expect([failed, lost].map((one) => early.take(one))).toEqual([undefined, undefined]);
    expect(await settle([failed, lost])).toEqual([]);
  });
});
