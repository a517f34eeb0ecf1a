import { acquireEngine, type EngineInfo } from '@higgs-tts/node-red/engine';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { CHECK_VERSION, rememberCheck } from '../../src/engine/device-settings.js';
import { isAlive, temporaryFolder, until } from '../engine-kit.js';
import { adminGet, Bench, nodeRed, type FlowNode } from './node-red-kit.js';

const userDir = nodeRed();
const home = path.join(userDir, 'higgs-tts');
const synthesize = (id: string, more: object = {}): FlowNode => ({
  id,
  type: 'higgs-synthesize',
  name: '',
  maxSeconds: '0.6',
  ...more,
});
const LONG = 'One, two, three, four, five, six, seven, eight, nine, ten. '.repeat(10);

/** The engine that nodes without a choice share, looked at from outside: equal options are the same engine. */
const looks: (() => Promise<void>)[] = [];
function look(options: object = {}): () => EngineInfo {
  const lease = acquireEngine({ dataDir: home, cacheDir: path.join(home, 'cache'), model: 'embedded', ...options });
  looks.push(() => lease.release());
  return () => lease.engine.info();
}
const lookAway = () => Promise.all(looks.splice(0).map((release) => release()));
afterEach(lookAway);

test('nodes without work start no process; two nodes with the same engine share one', async () => {
  const info = look();
  const bench = await Bench.deploy([synthesize('one'), synthesize('two')]);
  expect(info().workerPid).toBeUndefined();
  await bench.result('one', { payload: 'Yes.' });
  const { workerPid } = info();
  await bench.result('two', { payload: 'No.' });
  expect(workerPid).toBeGreaterThan(0);
  expect(info().workerPid).toBe(workerPid);
});

test('a configured engine is another engine, with its own settings', async () => {
  const engine = { id: 'own', type: 'higgs-engine', model: 'embedded', textLimitCharacters: '10', threads: '1' };
  const bench = await Bench.deploy([engine, synthesize('one', { engine: 'own' })]);
  expect(await bench.error('one', { payload: 'More than ten characters.' })).toMatchObject({
    code: 'HIGGS_TEXT_TOO_LONG',
  });
  await bench.result('one', { payload: 'Yes.' });
});

test('a queue that is full refuses a message with its code; those before it are spoken', async () => {
  const engine = { id: 'own', type: 'higgs-engine', queueLimit: '1' };
  const bench = await Bench.deploy([engine, synthesize('one', { engine: 'own' })]);
  for (const index of [0, 1, 2]) bench.send('one', { payload: 'Yes.', index });
  await bench.until(() => bench.completed.length === 2 && bench.caught.length === 1);
  expect(bench.caught[0]!.error).toMatchObject({ code: 'HIGGS_QUEUE_FULL' });
});

test.each([
  ['threads', { threads: '-3' }],
  ['device', { device: 'toaster' }],
  ['bits', { bits: '7' }],
])('a wrong setting of the engine (%s) fails the message and names the setting', async (name, settings) => {
  const bench = await Bench.deploy([
    { id: 'own', type: 'higgs-engine', ...settings },
    synthesize('one', { engine: 'own' }),
  ]);
  const error = await bench.error('one', { payload: 'Yes.' });
  expect(error).toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
  expect(error.message).toContain(name);
});

test.each([
  ['missing', []],
  ['disabled', [{ id: 'own', type: 'higgs-engine', d: true }]],
])('a node whose engine is %s says so, and nothing speaks in its place', async (_what, engines) => {
  const bench = await Bench.deploy([...engines, synthesize('one', { engine: 'own' })]);
  expect(await bench.error('one', { payload: 'Yes.' })).toMatchObject({ code: 'HIGGS_ENGINE_MISSING' });
  expect(bench.lastStatus('one')).toMatchObject({ fill: 'red' });
  expect(bench.sent).toEqual([]);
});

test('a deploy in the middle of speech does not wait for it, ends the process, and the new node speaks', async () => {
  const flow = [synthesize('one', { maxSeconds: '60' })];
  const info = look();
  const bench = await Bench.deploy(flow);
  bench.send('one', { payload: LONG });
  bench.send('one', { payload: LONG });
  await bench.until(() => bench.lastStatus('one')?.text?.includes('status.frames') === true);
  const pid = info().workerPid!;
  await lookAway();
  await bench.redeploy([synthesize('one')]);
  // Neither of the two was spoken to its end first, which is said, and the old status is gone.
  expect(bench.sent).toEqual([]);
  expect(bench.warnings).toEqual([expect.stringContaining('dropped')]);
  expect(bench.statuses.get('one')!.filter(({ text }) => text?.includes('status.frames')).length).toBeGreaterThan(0);
  expect(bench.lastStatus('one')).toEqual({});
  await until(() => !isAlive(pid));
  expect(await bench.result('one', { payload: 'Yes.' })).toHaveProperty('higgs');
});

test('a closing node stops only its own messages', async () => {
  const bench = await Bench.deploy([synthesize('one', { maxSeconds: '60' }), synthesize('two')]);
  bench.send('one', { payload: LONG });
  await bench.until(() => bench.lastStatus('one')?.text?.includes('status.frames') === true);
  bench.send('two', { payload: 'Yes.' });
  await bench.stopOne('one');
  await bench.until(() => bench.completed.length === 2);
  expect(bench.completed.filter(({ higgs }) => (higgs as { cancelled?: true }).cancelled)).toHaveLength(1);
  expect([bench.sent.length, bench.caught.length]).toEqual([1, 0]);
});

test('a process that is killed fails the message in hand, and the next one is spoken', async () => {
  const info = look();
  const bench = await Bench.deploy([synthesize('one', { maxSeconds: '60' })]);
  bench.send('one', { payload: LONG });
  await bench.until(() => bench.lastStatus('one')?.text?.includes('status.frames') === true);
  process.kill(info().workerPid!, 'SIGKILL');
  await bench.until(() => bench.caught.length === 1);
  expect(bench.caught[0]!.error).toMatchObject({ code: 'HIGGS_WORKER_ENDED' });
  expect(await bench.result('one', { payload: 'Yes.', maxSeconds: 0.6 })).toHaveProperty('higgs');
});

test('the editor is given the voices of a deployed engine and of one that is not deployed yet', async () => {
  await Bench.deploy([{ id: 'own', type: 'higgs-engine' }]);
  for (const id of ['own', 'default', 'not-yet']) {
    const { status, body } = await adminGet(`/higgs-tts/engines/${id}/voices`);
    expect(status).toBe(200);
    expect((body as { name: string }[]).map((voice) => voice.name)).toEqual(expect.arrayContaining(['ella', 'robert']));
  }
});

test('an engine with wrong settings answers the editor with the error', async () => {
  await Bench.deploy([{ id: 'own', type: 'higgs-engine', threads: 'some' }]);
  const { status, body } = await adminGet('/higgs-tts/engines/own/voices');
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
});

test('the editor is given what was found of the GPUs, and nothing where none was checked', async () => {
  const [checked, unchecked] = [temporaryFolder(), temporaryFolder()];
  const found = { device: 'webgpu', name: 'a card', timesRealTime: 3.5 } as const;
  const [checkedAt, auto] = ['2026-01-01T00:00:00.000Z', 'webgpu'] as const;
  await rememberCheck(checked, {
    ...{ version: CHECK_VERSION, onnxruntime: '1.30.0', checkedAt, model: 'published shapes', auto, devices: [found] },
  });
  vi.stubEnv('HIGGS_CACHE_DIR', unchecked);
  await Bench.deploy([
    { id: 'own', type: 'higgs-engine', cacheDir: checked },
    { id: 'other', type: 'higgs-engine', cacheDir: unchecked },
  ]);
  const { body } = await adminGet('/higgs-tts/engines');
  const [own, other] = ['own', 'other'].map((id) => (body as { id: string }[]).find((engine) => engine.id === id));
  expect(own).toMatchObject({ gpuCheck: { checkedAt, auto, devices: [found] } });
  expect(other).not.toHaveProperty('gpuCheck');
  vi.unstubAllEnvs();
});
