/** Requests that wait are prefetched beside the running one, and nobody can tell but by the clock. */
import type { SpeakOptions, SpeakResult, SpeechEngine } from '@higgs-tts/node-red/engine';
import { describe, expect, test } from 'vitest';
import { endsOf, engineOpener, SMALL_MODEL, temporaryFolder, until } from '../../engine-kit.js';

const open = engineOpener({ model: SMALL_MODEL });

function speak(engine: SpeechEngine, seed: number, options: SpeakOptions = {}, maxSeconds = 1.5): Promise<SpeakResult> {
  return engine.speak({ text: `This is number ${seed}.`, maxSeconds, seed }, options);
}

/** Each result as it is when nothing else is asked. */
async function alone(engine: SpeechEngine, seeds: readonly number[], maxSeconds?: number): Promise<SpeakResult[]> {
  const results: SpeakResult[] = [];
  for (const seed of seeds) results.push(await speak(engine, seed, {}, maxSeconds));
  return results;
}

/** Frames of a running call after which what waits behind it has been begun, if it is begun early at all. */
const EARLY_FRAMES = 8;

/** Speech that has begun. `goesOn` settles when it has made some more frames. */
async function running(engine: SpeechEngine, seed: number, options: SpeakOptions = {}, maxSeconds = 4) {
  let framesDone = 0;
  const onProgress: SpeakOptions['onProgress'] = (event) => {
    if (event.phase === 'frames') framesDone = event.framesDone;
  };
  const result = speak(engine, seed, { ...options, onProgress }, maxSeconds);
  result.catch(() => undefined);
  await until(() => framesDone > 0);
  const goesOn = () => {
    const goal = framesDone + EARLY_FRAMES;
    return until(() => framesDone >= goal);
  };
  return { result, goesOn };
}

const samplesOf = (results: readonly SpeakResult[]) => results.map(({ samples }) => samples);

describe('requests that wait', () => {
  test('are generated at the same time, with the samples that each has alone, and end in their order', async () => {
    const engine = open();
    const seeds = [1, 2, 3, 4, 5];
    const expected = await alone(engine, seeds);
    const order: number[] = [];
    const begun = performance.now();
    const results = await Promise.all(
      seeds.map(async (seed) => {
        const result = await speak(engine, seed);
        order.push(seed);
        return result;
      }),
    );
    const seconds = (performance.now() - begun) / 1000;
    expect(samplesOf(results)).toEqual(samplesOf(expected));
    expect(order).toEqual(seeds);
    // One after the other, the work of all would take no longer than the clock says.
    expect(results.reduce((sum, { workSeconds }) => sum + workSeconds, 0)).toBeGreaterThan(seconds);
  });

  test('send nothing and tell of nothing but their place before their turn', async () => {
    const engine = open();
    const told: string[] = [];
    const watched = (seed: number): SpeakOptions => ({
      onChunk: () => told.push(`${seed}`),
      onProgress: ({ phase }) => phase !== 'queued' && told.push(`${seed}`),
    });
    const ends = [1, 2, 3].map((seed) => speak(engine, seed, watched(seed)).then(() => told.push(`${seed} ends`)));
    await Promise.all(ends);
    expect(told.filter((entry, at) => entry !== told[at - 1])).toEqual(['1', '1 ends', '2', '2 ends', '3', '3 ends']);
  });

  test('are untouched by one among them that is stopped, and by the running one’s stop', async () => {
    const engine = open();
    const expected = await alone(engine, [2, 4]);
    const [running1, stopped] = [new AbortController(), new AbortController()];
    const first = await running(engine, 1, { signal: running1.signal }, 60);
    const results = [speak(engine, 2), speak(engine, 4)];
    const ends = endsOf([first.result, speak(engine, 3, { signal: stopped.signal })]);
    await first.goesOn();
    expect(engine.info()).toMatchObject({ running: true, waiting: 3 });
    stopped.abort();
    running1.abort();
    expect(await ends).toEqual(['HIGGS_ABORTED', 'HIGGS_ABORTED']);
    expect(samplesOf(await Promise.all(results))).toEqual(samplesOf(expected));
  });

  test('are spoken by a new worker where the one dies that had prefetched them', async () => {
    const engine = open();
    const expected = await alone(engine, [2, 3]);
    const first = await running(engine, 1, {}, 60);
    const results = [speak(engine, 2), speak(engine, 3)];
    await first.goesOn();
    process.kill(engine.info().workerPid!, 'SIGKILL');
    await expect(first.result).rejects.toMatchObject({ code: 'HIGGS_WORKER_ENDED' });
    expect(samplesOf(await Promise.all(results))).toEqual(samplesOf(expected));
  });

  test('give way to a more urgent one and to what is not speech, and lose nothing by it', async () => {
    const engine = open();
    const expected = await alone(engine, [2, 3, 9]);
    const order: number[] = [];
    const stop = new AbortController();
    const first = await running(engine, 1, { signal: stop.signal }, 60);
    const call = async (seed: number, options: SpeakOptions = {}) => {
      const result = await speak(engine, seed, options);
      order.push(seed);
      return result;
    };
    const results = [call(2), call(3)];
    await first.goesOn();
    results.push(call(9, { priority: 1 }));
    const preloaded = engine.preload({ priority: 1 });
    stop.abort();
    await expect(first.result).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
    await preloaded;
    expect(samplesOf(await Promise.all(results))).toEqual(samplesOf(expected));
    expect(order).toEqual([9, 2, 3]);
  });

  test('of an owner who is paused do not end, those behind them do', async () => {
    const engine = open();
    const expected = await alone(engine, [2, 3]);
    const stop = new AbortController();
    const first = await running(engine, 1, { signal: stop.signal }, 60);
    const order: number[] = [];
    const held = speak(engine, 2, { owner: 'me' }).finally(() => order.push(2));
    await first.goesOn();
    engine.pause('me');
    stop.abort();
    await expect(first.result).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
    const behind = await speak(engine, 3).finally(() => order.push(3));
    engine.resume('me');
    expect(samplesOf([await held, behind])).toEqual(samplesOf(expected));
    expect(order).toEqual([3, 2]);
  });

  test('that cannot be spoken fail in their turn', async () => {
    const engine = open();
    const order: string[] = [];
    const first = await running(engine, 1);
    const ends = [
      first.result.finally(() => order.push('first')),
      engine
        .speak({ text: 'Hello.', voice: { kind: 'clip', clip: new Uint8Array(99), transcript: 'Hello.' } })
        .catch((error: unknown) => order.push((error as { code: string }).code)),
      speak(engine, 3).finally(() => order.push('last')),
    ];
    await Promise.all(ends);
    expect(order).toEqual(['first', 'HIGGS_CLIP_UNREADABLE', 'last']);
  });

  test('and are the same as one before them are made once', async () => {
    const engine = open({ speechCacheMegabytes: 10, cacheDir: temporaryFolder() });
    const results = await Promise.all([1, 1, 2, 1, 2].map((seed) => speak(engine, seed)));
    expect(results.map(({ cached }) => cached)).toEqual([false, true, false, true, true]);
  });
});

test('many, of several lengths, with stops and pauses and urgent ones in between, are what each is alone', async () => {
  const engine = open({ queueLimit: 100 });
  const lengths = [0.4, 1, 2];
  const expected: SpeakResult[] = [];
  for (const [seed, length] of lengths.entries()) expected.push(await speak(engine, seed, {}, length));
  const owners = ['a', 'b', 'c'];
  let [events, asked] = [0, 0];
  const calls = Array.from({ length: 60 }, async (_, index) => {
    // One after the other, while those before it speak.
    await until(() => asked === index && (events >= 3 * index || !engine.info().running), 50_000);
    asked += 1;
    const owner = owners[index % 3]!;
    if (index % 13 === 5) engine.pause(owner);
    if (index % 13 === 9) engine.resume(owner);
    if (index % 17 === 8) engine.stop(owner, index % 2 === 0 ? 'running' : 'waiting');
    const options = { owner, priority: index % 11 === 2 ? 1 : 0, interrupt: index % 19 === 3 };
    const seed = index % lengths.length;
    const onProgress = () => {
      events += 1;
    };
    try {
      const result = await speak(engine, seed, { ...options, onProgress }, lengths[seed]);
      expect(result.samples).toEqual(expected[seed]!.samples);
      return 'done';
    } catch (error) {
      return (error as { code?: string }).code ?? error;
    }
  });
  await until(() => asked === calls.length, 50_000);
  for (const owner of owners) engine.resume(owner);
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['done', 'HIGGS_ABORTED']));
  expect(engine.info()).toMatchObject({ running: false, waiting: 0 });
});
