/** Workers that stop answering, in the two ways there are: the whole process stands still, or its main thread hangs. */
import { type SpeakOptions, type SpeakResult, type SpeechEngine } from '@higgs-tts/node-red/engine';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { engineOpener, firstEvent, isAlive, ROOT, SMALL_MODEL, temporaryFolder, until } from '../../engine-kit.js';

/** Long enough for a worker that is well on a busy machine. */
const STALL_SECONDS = 5;
const open = engineOpener({ model: SMALL_MODEL, stallSeconds: STALL_SECONDS });

/** The worker's main thread goes round for ever when it is to read this, as an endless template would make it. */
const HANGING_TEXT = 'Hang here.';
const hangingModule = path.join(temporaryFolder(), 'hang.cjs');
fs.writeFileSync(
  hangingModule,
  `process.on('message', ({ request }) => { while (request?.text === ${JSON.stringify(HANGING_TEXT)}); });`,
);
const withHanging = { ...process.env, NODE_OPTIONS: `--require ${hangingModule}` };

const options = process.env.NODE_OPTIONS;
afterEach(() => {
  if (options === undefined) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = options;
});

function speak(engine: SpeechEngine, options: SpeakOptions = {}, maxSeconds = 0.4): Promise<SpeakResult> {
  return engine.speak({ text: 'Hello.', maxSeconds, seed: 1 }, options);
}

describe('a worker that stands still', () => {
  test('in mid-speech is ended after the limit, fails that request, and the next one is spoken', async () => {
    const engine = open({ queueLimit: 21 });
    const { seen, onProgress } = firstEvent('frames');
    const stuck = speak(engine, { onProgress }, 60);
    const next = speak(engine);
    await seen;
    const pid = engine.info().workerPid!;
    process.kill(pid, 'SIGSTOP');
    await expect(stuck).rejects.toMatchObject({
      code: 'HIGGS_WORKER_STALLED',
      message: `The speech process did not answer for ${STALL_SECONDS} seconds and was ended.`,
    });
    expect(isAlive(pid)).toBe(false);
    expect((await next).durationSeconds).toBeGreaterThan(0);
  });

  test('while it rests is replaced, and the request that met it is spoken', async () => {
    const engine = open({ queueLimit: 22 });
    await speak(engine);
    const pid = engine.info().workerPid!;
    process.kill(pid, 'SIGSTOP');
    expect((await speak(engine)).durationSeconds).toBeGreaterThan(0);
    expect(isAlive(pid)).toBe(false);
  });
});

describe('a worker whose main thread hangs', () => {
  test('is ended after the limit; the request fails and is not tried again, and the next one is spoken', async () => {
    process.env.NODE_OPTIONS = withHanging.NODE_OPTIONS;
    const engine = open({ queueLimit: 23 });
    const spoken = engine.speak({ text: HANGING_TEXT });
    await expect(spoken).rejects.toMatchObject({
      code: 'HIGGS_WORKER_STALLED',
      message: expect.stringContaining('made no progress') as string,
    });
    expect((await speak(engine)).durationSeconds).toBeGreaterThan(0);
  });

  test('ends when its parent is gone', async () => {
    const engineOptions = JSON.stringify({ model: SMALL_MODEL, cacheDir: temporaryFolder(), threads: 1 });
    const program = `
      const { acquireEngine } = require('@higgs-tts/node-red/engine');
      const { engine } = acquireEngine(${engineOptions});
      void engine.preload().then(() => {
        void engine.speak({ text: ${JSON.stringify(HANGING_TEXT)} });
        setTimeout(() => console.log(engine.info().workerPid), 500);
      });`;
    const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
    const parent = spawn(process.execPath, ['-e', program], { cwd: ROOT, env: withHanging, stdio });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    parent.kill('SIGKILL');
    await until(() => !isAlive(Number(line.toString())));
  });
});

describe('a worker that is killed while it rests', () => {
  test('is not noticed by the request that comes at the same moment', async () => {
    const engine = open({ queueLimit: 24 });
    await speak(engine);
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      process.kill(engine.info().workerPid!, signal);
      expect((await speak(engine)).durationSeconds).toBeGreaterThan(0);
    }
  });

  test('takes the request with it where its successor dies of it too', async () => {
    process.env.NODE_OPTIONS = `--require ${hangingModule}`;
    const engine = open({ queueLimit: 25, stallSeconds: 600 });
    await engine.preload();
    const doomed = engine.speak({ text: HANGING_TEXT });
    const outcome = expect(doomed).rejects.toMatchObject({ code: 'HIGGS_WORKER_ENDED' });
    const first = engine.info().workerPid!;
    process.kill(first, 'SIGKILL');
    await until(() => ![undefined, first].includes(engine.info().workerPid));
    process.kill(engine.info().workerPid!, 'SIGKILL');
    await outcome;
  });
});
