import {
  acquireEngine,
  createEngine,
  type ProgressEvent,
  type SpeakOptions,
  type SpeechEngine,
} from '@higgs-tts/node-red/engine';
import { describe, expect, test } from 'vitest';
import { endsOf, engineOpener, firstEvent, isAlive, SMALL_MODEL, temporaryFolder } from '../../engine-kit.js';

const open = engineOpener({ model: SMALL_MODEL });

function speak(engine: SpeechEngine, options: SpeakOptions = {}, maxSeconds = 0.4) {
  return engine.speak({ text: 'Hello.', maxSeconds, seed: 1 }, options);
}

describe('calls that wait', () => {
  test('a message stopped while it waits ends with HIGGS_ABORTED at once, and the one behind it is spoken', async () => {
    const engine = open();
    const stop = new AbortController();
    const { seen, onProgress } = firstEvent('frames');
    const first = speak(engine, { onProgress }, 4);
    const waiting = speak(engine, { signal: stop.signal });
    const behind = speak(engine);
    await seen;
    stop.abort('changed my mind');
    await expect(waiting).rejects.toMatchObject({ code: 'HIGGS_ABORTED', cause: 'changed my mind' });
    expect(engine.info()).toMatchObject({ running: true, waiting: 1 });
    expect((await first).durationSeconds).toBeGreaterThan(0);
    expect((await behind).durationSeconds).toBeGreaterThan(0);
  });

  test('a signal that was aborted before the call refuses it', async () => {
    const refused = speak(open(), { signal: AbortSignal.abort() });
    await expect(refused).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
  });

  test('go by priority, then by arrival', async () => {
    const engine = open();
    const order: string[] = [];
    const call = (name: string, priority: number) => speak(engine, { priority }).then(() => order.push(name));
    await Promise.all([call('in hand', 0), call('a', 0), call('b', 5), call('c', 0), call('d', 5), call('e', -1)]);
    expect(order).toEqual(['in hand', 'b', 'd', 'a', 'c', 'e']);
  });

  test('are told how many are before them, as that changes', async () => {
    const engine = open();
    const ahead: number[] = [];
    await Promise.all([
      speak(engine),
      speak(engine),
      speak(engine, { onProgress: (event) => event.phase === 'queued' && ahead.push(event.ahead) }),
    ]);
    expect(ahead).toEqual([2, 1]);
  });

  test('over the limit are refused with HIGGS_QUEUE_FULL, and the others are spoken', async () => {
    const engine = open({ queueLimit: 2 });
    const calls = [speak(engine), speak(engine), speak(engine), speak(engine)];
    await expect(calls[3]).rejects.toMatchObject({ code: 'HIGGS_QUEUE_FULL' });
    await Promise.all(calls.slice(0, 3));
    await speak(engine);
  });

  test('an unknown voice is refused before its turn', async () => {
    const engine = open();
    const order: string[] = [];
    const first = speak(engine).then(() => order.push('spoken'));
    const unknown = engine
      .speak({ text: 'Hello.', voice: { kind: 'named', name: 'nobody' } })
      .catch((error: unknown) => order.push((error as { code: string }).code));
    await Promise.all([first, unknown]);
    expect(order).toEqual(['HIGGS_VOICE_UNKNOWN', 'spoken']);
  });
});

describe('a running call', () => {
  test('that is stopped ends with HIGGS_ABORTED, and the same worker speaks the next one', async () => {
    const engine = open();
    const stop = new AbortController();
    const { seen, onProgress } = firstEvent('frames');
    let frames = 0;
    const follow = (event: ProgressEvent) => {
      onProgress(event);
      if (event.phase === 'frames') frames = event.framesDone;
    };
    const stopped = speak(engine, { signal: stop.signal, onProgress: follow }, 60);
    await seen;
    const pid = engine.info().workerPid;
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
    // A minute has 1500 frames.
    expect(frames).toBeLessThan(750);
    await speak(engine);
    expect(engine.info().workerPid).toBe(pid);
  });

  test('is stopped by its owner with all that the owner has waiting, and nobody else’s is', async () => {
    const engine = open();
    const { seen, onProgress } = firstEvent('frames');
    const mine = endsOf([speak(engine, { owner: 'me', onProgress }, 60), speak(engine, { owner: 'me' })]);
    const other = speak(engine, { owner: 'you' });
    await seen;
    expect(engine.stop('me')).toBe(2);
    expect(engine.stop('nobody')).toBe(0);
    expect(await mine).toEqual(['HIGGS_ABORTED', 'HIGGS_ABORTED']);
    expect((await other).durationSeconds).toBeGreaterThan(0);
  });

  test('is stopped by stopAll, and so is everything that waits', async () => {
    const engine = open();
    const ends = endsOf([speak(engine, {}, 60), speak(engine), speak(engine)]);
    expect(engine.stopAll()).toBe(3);
    expect(await ends).toEqual(['HIGGS_ABORTED', 'HIGGS_ABORTED', 'HIGGS_ABORTED']);
    expect(engine.info()).toMatchObject({ running: false, waiting: 0 });
  });

  test('whose callbacks throw and reject is spoken all the same', async () => {
    const engine = open();
    const warnings: string[] = [];
    const warn = (warning: Error) => warnings.push(warning.message);
    process.on('warning', warn);
    const takeOff = engine.onChange(() => {
      throw new Error('a listener’s');
    });
    const result = await speak(engine, {
      onProgress: () => {
        throw new Error('a watcher’s');
      },
      // An async function passes for one that gives nothing.
      onChunk: () => Promise.reject(new Error('a player’s')) as unknown as undefined,
    });
    takeOff();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warn);
    expect(result.durationSeconds).toBeGreaterThan(0);
    expect(warnings).toEqual(expect.arrayContaining(['a listener’s', 'a watcher’s', 'a player’s']));
  });
});

describe('closing', () => {
  test('ends every call with HIGGS_CLOSED and the worker, and refuses later calls', async () => {
    const engine = createEngine({ model: SMALL_MODEL, cacheDir: temporaryFolder(), threads: 1 });
    const { seen, onProgress } = firstEvent('frames');
    const ends = endsOf([speak(engine, { onProgress }, 60), speak(engine), engine.preload()]);
    await seen;
    const pid = engine.info().workerPid!;
    await Promise.all([engine.close(), engine.close()]);
    expect(await ends).toEqual(['HIGGS_CLOSED', 'HIGGS_CLOSED', 'HIGGS_CLOSED']);
    expect(isAlive(pid)).toBe(false);
    expect(engine.info()).toMatchObject({ state: 'closed', running: false, waiting: 0 });
    await expect(speak(engine)).rejects.toMatchObject({ code: 'HIGGS_CLOSED' });
    await expect(engine.preload()).rejects.toMatchObject({ code: 'HIGGS_CLOSED' });
  });

  test('an engine before anything was asked starts no worker', async () => {
    const { engine, release } = acquireEngine({ cacheDir: temporaryFolder() });
    expect(engine.info()).toMatchObject({ state: 'idle' });
    await release();
    expect(engine.info().workerPid).toBeUndefined();
  });
});

describe('leases', () => {
  const options = { model: SMALL_MODEL, cacheDir: temporaryFolder(), threads: 1 } as const;

  test('of equal options share a worker, which lives until the last one is released', async () => {
    const [one, other] = [acquireEngine(options), acquireEngine({ ...options, codec: '', device: 'auto' })];
    await Promise.all([one.engine.preload(), other.engine.preload()]);
    expect(other.engine.info().workerPid).toBe(one.engine.info().workerPid);
    await one.release();
    await one.release();
    expect((await speak(other.engine)).durationSeconds).toBeGreaterThan(0);
    await other.release();
    await expect(speak(other.engine)).rejects.toMatchObject({ code: 'HIGGS_CLOSED' });
  });

  test('acquired at the moment when the last one is released get an engine that works', async () => {
    const last = acquireEngine(options);
    await last.engine.preload();
    const released = last.release();
    const next = acquireEngine(options);
    const lastPid = last.engine.info().workerPid;
    const [result] = await Promise.all([speak(next.engine), released]);
    expect(next.engine.info().workerPid).not.toBe(lastPid);
    expect(result.durationSeconds).toBeGreaterThan(0);
    await next.release();
  });

  test('of different options have workers of their own', async () => {
    const [one, other] = [acquireEngine(options), acquireEngine({ ...options, threads: 2 })];
    await Promise.all([one.engine.preload(), other.engine.preload()]);
    expect(other.engine.info().workerPid).not.toBe(one.engine.info().workerPid);
    await Promise.all([one.release(), other.release()]);
  });
});
