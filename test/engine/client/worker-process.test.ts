import { acquireEngine, type SpeakOptions, type SpeakResult, type SpeechEngine } from '@higgs-tts/node-red/engine';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { engineOpener, firstEvent, isAlive, ROOT, SMALL_MODEL, temporaryFolder, until } from '../../engine-kit.js';

const open = engineOpener({ model: SMALL_MODEL });

/** Hundreds of frames of noise: long enough to be interrupted. */
function speakLong(engine: SpeechEngine, options: SpeakOptions = {}): Promise<SpeakResult> {
  return engine.speak({ text: 'This goes on for a while.', maxSeconds: 60, seed: 1 }, options);
}

function speakShort(engine: SpeechEngine): Promise<SpeakResult> {
  return engine.speak({ text: 'Hello.', maxSeconds: 0.4, seed: 1 });
}

describe('a worker that is killed in the middle of a generation', () => {
  test('fails that request, and the next one is spoken by a new worker', async () => {
    const engine = open({ queueLimit: 11 });
    const { seen, onProgress } = firstEvent('frames');
    const killed = speakLong(engine, { onProgress });
    const next = speakShort(engine);
    await seen;
    const firstPid = engine.info().workerPid!;
    process.kill(firstPid, 'SIGKILL');
    await expect(killed).rejects.toMatchObject({
      code: 'HIGGS_WORKER_ENDED',
      message: expect.stringContaining('SIGKILL') as string,
    });
    expect((await next).durationSeconds).toBeGreaterThan(0);
    expect(engine.info().workerPid).not.toBe(firstPid);
    expect(engine.info().state).toBe('ready');
  });

  test('three times in a row is not started again until the engine is opened anew, and the error says why', async () => {
    const engine = open({ queueLimit: 12 });
    await engine.preload();
    for (let death = 1; death <= 3; death += 1) {
      const { seen, onProgress } = firstEvent('frames');
      const killed = speakLong(engine, { onProgress });
      const outcome = expect(killed).rejects.toMatchObject({ code: 'HIGGS_WORKER_ENDED' });
      await seen;
      process.kill(engine.info().workerPid!, 'SIGKILL');
      await outcome;
    }
    await expect(speakShort(engine)).rejects.toMatchObject({
      code: 'HIGGS_WORKER_GIVEN_UP',
      message: expect.stringMatching(/3 times .* SIGKILL/) as string,
    });
    expect(engine.info().state).toBe('given-up');
    const reopened = open({ queueLimit: 12 });
    expect(reopened.info().state).toBe('idle');
    expect((await speakShort(reopened)).durationSeconds).toBeGreaterThan(0);
  });

  test('is forgiven where requests in between were answered', async () => {
    const engine = open({ queueLimit: 13 });
    for (let death = 1; death <= 4; death += 1) {
      await speakShort(engine);
      const { seen, onProgress } = firstEvent('frames');
      const killed = expect(speakLong(engine, { onProgress })).rejects.toMatchObject({ code: 'HIGGS_WORKER_ENDED' });
      await seen;
      process.kill(engine.info().workerPid!, 'SIGKILL');
      await killed;
    }
    await speakShort(engine);
  });

  test('while it rests is replaced without anyone noticing', async () => {
    const engine = open({ queueLimit: 14 });
    await speakShort(engine);
    process.kill(engine.info().workerPid!, 'SIGKILL');
    await until(() => engine.info().workerPid === undefined);
    expect((await speakShort(engine)).durationSeconds).toBeGreaterThan(0);
  });
});

describe('a worker that does not answer', () => {
  test('an abort is killed after a few seconds; the place is free then, and not before', async () => {
    const engine = open({ queueLimit: 15 });
    const { seen, onProgress } = firstEvent('frames');
    const stop = new AbortController();
    const stuck = expect(speakLong(engine, { signal: stop.signal, onProgress })).rejects.toMatchObject({
      code: 'HIGGS_ABORTED',
    });
    const next = speakShort(engine);
    await seen;
    const stuckPid = engine.info().workerPid!;
    process.kill(stuckPid, 'SIGSTOP');
    stop.abort();
    await stuck;
    expect(isAlive(stuckPid)).toBe(false);
    await next;
  });

  test('a close is killed, and the close ends', async () => {
    const lease = acquireEngine({ model: SMALL_MODEL, cacheDir: temporaryFolder(), threads: 1 });
    await lease.engine.preload();
    const pid = lease.engine.info().workerPid!;
    process.kill(pid, 'SIGSTOP');
    await lease.release();
    expect(isAlive(pid)).toBe(false);
  });
});

describe('a worker without work', () => {
  test('is ended after the idle time, and a later request starts another', async () => {
    const engine = open({ idleSeconds: 0.2 });
    await speakShort(engine);
    const pid = engine.info().workerPid!;
    await until(() => !isAlive(pid));
    expect(engine.info().state).toBe('idle');
    expect((await speakShort(engine)).durationSeconds).toBeGreaterThan(0);
  });
});

describe('a worker and its parent', () => {
  const options = JSON.stringify({ model: SMALL_MODEL, cacheDir: temporaryFolder(), threads: 1 });
  const program = (rest: string) => `
    const { acquireEngine } = require('@higgs-tts/node-red/engine');
    const { engine } = acquireEngine(${options});
    ${rest}`;

  test('a parent that is killed takes its worker with it, even out of a generation', async () => {
    const parent = spawn(
      process.execPath,
      [
        '-e',
        program(`engine.speak({ text: 'On and on.', maxSeconds: 60 }, {
          onProgress: ({ phase }) => phase === 'frames' && console.log(engine.info().workerPid),
        });`),
      ],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const workerPid = Number(line.toString());
    expect(isAlive(workerPid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(workerPid), 5000);
  });

  test('a parent that has nothing left to do ends by itself, its engine not closed, and the worker ends too', async () => {
    const parent = spawn(
      process.execPath,
      ['-e', program(`engine.preload().then(() => console.log(engine.info().workerPid));`)],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const [status] = (await once(parent, 'exit')) as [number];
    expect(status).toBe(0);
    await until(() => !isAlive(Number(line.toString())), 5000);
  });

  test('Ctrl-C for both leaves it to the parent to stop the work', async () => {
    const engine = open({ queueLimit: 16 });
    const { seen, onProgress } = firstEvent('frames');
    const spoken = engine.speak({ text: 'Hello.', maxSeconds: 4, seed: 1 }, { onProgress });
    await seen;
    process.kill(engine.info().workerPid!, 'SIGINT');
    expect((await spoken).durationSeconds).toBeGreaterThan(0);
  });
});
