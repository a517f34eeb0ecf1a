import { describe, expect, test } from 'vitest';
import { Bench, nodeRed, type FlowNode, type Message } from './node-red-kit.js';

nodeRed();
/** Speaks anew each time: what is known already would be there at once. */
const speak = (more: object = {}): FlowNode => ({
  id: 'one',
  type: 'higgs-synthesize',
  maxSeconds: '0.6',
  cache: false,
  ...more,
});
const LONG = { payload: 'One, two, three, four, five. '.repeat(20), maxSeconds: 60, long: true };
const isCancelled = (msg: Message) => (msg.higgs as { cancelled?: true } | undefined)?.cancelled === true;

/** A long message in the middle of its speech. */
async function speaking(bench: Bench, id = 'one'): Promise<void> {
  bench.send(id, { ...LONG });
  await bench.until(() => bench.lastStatus(id)?.text?.includes('status.frames') === true);
}

function ends(bench: Bench) {
  const cancelled = bench.completed.filter(isCancelled);
  return { sent: bench.sent.length, cancelled: cancelled.length, caught: bench.caught.length };
}

describe('a command', () => {
  test('to stop calls off what is spoken and what waits, and the next message is spoken', async () => {
    const bench = await Bench.deploy([speak()]);
    await speaking(bench);
    bench.send('one', { payload: 'Yes.' });
    bench.send('one', { cmd: 'stop', payload: 'is not spoken' });
    await bench.until(() => bench.completed.length === 3);
    expect(ends(bench)).toEqual({ sent: 0, cancelled: 2, caught: 0 });
    expect(bench.lastStatus('one')).toMatchObject({ fill: 'yellow', shape: 'ring' });
    expect(await bench.result('one', { payload: 'Yes.' })).toHaveProperty('higgs.seconds');
  });

  test('to skip calls off what is spoken, and the one behind it is next', async () => {
    const bench = await Bench.deploy([speak()]);
    await speaking(bench);
    bench.send('one', { payload: 'Yes.', topic: 'behind' });
    bench.send('one', { cmd: 'skip' });
    await bench.until(() => bench.completed.length === 3);
    expect(ends(bench)).toEqual({ sent: 1, cancelled: 1, caught: 0 });
    expect(bench.sent[0]).toMatchObject({ topic: 'behind' });
  });

  test('to clear calls off what waits, and what is spoken is finished', async () => {
    const bench = await Bench.deploy([speak()]);
    bench.send('one', { payload: 'One, two, three.', maxSeconds: 3, topic: 'spoken' });
    await bench.until(() => bench.lastStatus('one')?.text?.includes('status.frames') === true);
    for (const payload of ['Yes.', 'No.']) bench.send('one', { payload });
    bench.send('one', { cmd: 'clear' });
    await bench.until(() => bench.completed.length === 4);
    expect(ends(bench)).toEqual({ sent: 1, cancelled: 2, caught: 0 });
    expect(bench.sent[0]).toMatchObject({ topic: 'spoken' });
  });

  test('to pause holds messages back, until they are to go on; other nodes speak meanwhile', async () => {
    const bench = await Bench.deploy([speak(), speak({ id: 'two' })]);
    bench.send('one', { cmd: 'pause' });
    await bench.until(() => bench.lastStatus('one')?.text?.includes('status.paused') === true);
    for (const payload of ['Yes.', 'No.']) bench.send('one', { payload });
    await bench.until(() => bench.lastStatus('one')?.text?.includes('status.behind') === true);
    bench.send('two', { payload: 'Yes.', topic: 'other' });
    await bench.until(() => bench.sent.length === 1);
    expect(bench.sent[0]).toMatchObject({ topic: 'other' });
    bench.send('one', { cmd: 'resume' });
    await bench.until(() => bench.sent.length === 3);
    expect(bench.sent.slice(1).map(({ payload }) => Buffer.isBuffer(payload))).toEqual([true, true]);
    expect(bench.lastStatus('one')).toMatchObject({ fill: 'green' });
  });

  test('to stop a paused node leaves it paused', async () => {
    const bench = await Bench.deploy([speak()]);
    bench.send('one', { cmd: 'pause' });
    bench.send('one', { payload: 'Yes.' });
    bench.send('one', { cmd: 'stop' });
    await bench.until(() => bench.completed.length === 3);
    expect(ends(bench)).toEqual({ sent: 0, cancelled: 1, caught: 0 });
    expect(bench.lastStatus('one')?.text).toContain('status.paused');
    await bench.redeploy([speak()]);
    expect(await bench.result('one', { payload: 'Yes.' })).toHaveProperty('higgs.seconds');
  });

  test('is carried out by a dialogue too, and touches no other node', async () => {
    const talk = { id: 'talk', type: 'higgs-dialogue', turns: 'by-line' };
    const bench = await Bench.deploy([talk, speak()]);
    bench.send('talk', { payload: 'SPEAKER0: Hello.', voices: { SPEAKER0: { kind: 'any' } }, cmd: 'pause' });
    bench.send('one', { payload: 'Yes.' });
    bench.send('talk', { cmd: 'stop' });
    await bench.until(() => bench.completed.length === 3);
    expect(ends(bench)).toEqual({ sent: 1, cancelled: 0, caught: 0 });
  });

  test('that there is not is an error that names it', async () => {
    const bench = await Bench.deploy([speak()]);
    const error = await bench.error('one', { cmd: 'halt' });
    expect(error).toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
    expect(error.message).toContain('msg.cmd');
  });
});

describe('a message', () => {
  test('of a higher priority overtakes those that wait, at other nodes too', async () => {
    const bench = await Bench.deploy([speak(), speak({ id: 'two', priority: '5', priorityType: 'num' })]);
    bench.send('one', { payload: 'One, two, three.', maxSeconds: 3, topic: 'spoken' });
    await bench.until(() => bench.lastStatus('one')?.text?.includes('status.frames') === true);
    bench.send('one', { payload: 'Yes.', topic: 'normal' });
    bench.send('one', { payload: 'Yes.', topic: 'urgent', higgs: { priority: 9 } });
    bench.send('two', { payload: 'Yes.', topic: 'high' });
    await bench.until(() => bench.completed.length === 4);
    expect(bench.sent.map(({ topic }) => topic)).toEqual(['spoken', 'urgent', 'high', 'normal']);
  });

  test('that interrupts calls off what another node speaks, which is no error there', async () => {
    const bench = await Bench.deploy([speak(), speak({ id: 'two', interrupt: true, priority: '1' })]);
    await speaking(bench);
    bench.send('two', { payload: 'Yes.' });
    await bench.until(() => bench.completed.length === 2);
    expect(ends(bench)).toEqual({ sent: 1, cancelled: 1, caught: 0 });
    expect(bench.lastStatus('one')).toMatchObject({ fill: 'yellow' });
  });

  test('that was called off may be sent again', async () => {
    const bench = await Bench.deploy([speak()]);
    await speaking(bench);
    bench.send('one', { cmd: 'stop' });
    await bench.until(() => bench.completed.length === 2);
    const again = bench.completed.find(isCancelled)!;
    expect(await bench.result('one', { ...again, payload: 'Yes.' })).toHaveProperty('higgs.seconds');
  });
});
