import type { ProgressEvent, SpeakOptions, SpeechEngine } from '@higgs-tts/node-red/engine';
import { describe, expect, test } from 'vitest';
import { endsOf, engineOpener, firstEvent, SMALL_MODEL } from '../../engine-kit.js';

const open = engineOpener({ model: SMALL_MODEL });

function speak(engine: SpeechEngine, options: SpeakOptions = {}, maxSeconds = 0.4) {
  return engine.speak({ text: 'Hello.', maxSeconds, seed: 1 }, options);
}

/** Speech that has begun; `seconds` are more than a test waits for where someone is to stop it. */
async function running(engine: SpeechEngine, options: SpeakOptions = {}, seconds = 120) {
  const { seen, onProgress } = firstEvent('frames');
  const ends = endsOf([speak(engine, { ...options, onProgress }, seconds)]);
  await seen;
  return { end: ends.then(([end]) => end) };
}

/** Resolves once the call that these options are given to has been told its place `ahead`. */
function place(ahead: number, paused: boolean) {
  let tell: () => void = () => undefined;
  const seen = new Promise<void>((resolve) => (tell = resolve));
  const onProgress = (event: ProgressEvent) => {
    if (event.phase === 'queued' && event.ahead === ahead && event.paused === paused) tell();
  };
  return { seen, onProgress };
}

describe('stop', () => {
  test("stop('waiting') leaves the running call alone", async () => {
    const engine = open();
    const first = await running(engine, { owner: 'me' }, 1);
    const waiting = endsOf([speak(engine, { owner: 'me' }), speak(engine, { owner: 'me' })]);
    const other = speak(engine, { owner: 'you' });
    expect(engine.stop('me', 'waiting')).toBe(2);
    expect(await waiting).toEqual(['HIGGS_ABORTED', 'HIGGS_ABORTED']);
    expect(await first.end).toBe('done');
    expect((await other).durationSeconds).toBeGreaterThan(0);
  });

  test("stop('running') lets the waiting calls go on", async () => {
    const engine = open();
    const first = await running(engine, { owner: 'me' });
    const waiting = endsOf([speak(engine, { owner: 'me' }), speak(engine, { owner: 'you' })]);
    expect(engine.stop('you', 'running')).toBe(0);
    expect(engine.stop('me', 'running')).toBe(1);
    expect(await first.end).toBe('HIGGS_ABORTED');
    expect(await waiting).toEqual(['done', 'done']);
  });
});

describe('a paused owner', () => {
  test('has its running call finished and its waiting ones held back, while others are served', async () => {
    const engine = open();
    const order: string[] = [];
    const first = await running(engine, { owner: 'me' }, 1);
    const held = place(0, true);
    const mine = speak(engine, { owner: 'me', priority: 9, onProgress: held.onProgress }).then(() =>
      order.push('mine'),
    );
    engine.pause('me');
    await speak(engine, { owner: 'you' }).then(() => order.push('yours'));
    expect(await first.end).toBe('done');
    await held.seen;
    expect(engine.info()).toMatchObject({
      running: false,
      waiting: 1,
      queue: [{ owner: 'me', priority: 9, ahead: 0, paused: true }],
      pausedOwners: ['me'],
    });
    engine.resume('me');
    await mine;
    expect(order).toEqual(['yours', 'mine']);
    expect(engine.info()).toMatchObject({ waiting: 0, queue: [], pausedOwners: [] });
  });

  test('can stop what it has waiting', async () => {
    const engine = open();
    engine.pause('me');
    const mine = endsOf([speak(engine, { owner: 'me' })]);
    expect(engine.stop('me')).toBe(1);
    expect(await mine).toEqual(['HIGGS_ABORTED']);
  });

  test('interrupts nobody before it goes on', async () => {
    const engine = open();
    engine.pause('me');
    const held = place(1, true);
    const first = await running(engine, { owner: 'you' }, 2);
    const mine = speak(engine, { owner: 'me', interrupt: true, onProgress: held.onProgress });
    await held.seen;
    expect(await first.end).toBe('done');
    engine.resume('me');
    expect((await mine).durationSeconds).toBeGreaterThan(0);
  });
});

describe('a call that interrupts', () => {
  test.each([
    ['the same', 3],
    ['a lower', 2],
  ])('stops a running one of %s priority and is served next', async (_name, priority) => {
    const engine = open();
    const order: string[] = [];
    const first = await running(engine, { priority });
    const waiting = speak(engine, { priority: 3 }).then(() => order.push('waiting'));
    const urgent = speak(engine, { priority: 3, interrupt: true }).then(() => order.push('urgent'));
    expect(await first.end).toBe('HIGGS_ABORTED');
    await Promise.all([waiting, urgent]);
    expect(order).toEqual(['urgent', 'waiting']);
  });

  test('waits for a running one of a higher priority', async () => {
    const engine = open();
    const first = await running(engine, { priority: 1 }, 2);
    const urgent = speak(engine, { interrupt: true });
    expect(await first.end).toBe('done');
    expect((await urgent).durationSeconds).toBeGreaterThan(0);
  });

  test('stops nothing where it cannot be served', async () => {
    const engine = open();
    const first = await running(engine, {}, 2);
    const unknown = engine.speak({ text: 'Hello.', voice: { kind: 'named', name: 'nobody' } }, { interrupt: true });
    await expect(unknown).rejects.toMatchObject({ code: 'HIGGS_VOICE_UNKNOWN' });
    expect(await first.end).toBe('done');
  });

  test('stops no work that is not speech', async () => {
    const engine = open();
    const loading = engine.preload();
    const urgent = speak(engine, { priority: 1, interrupt: true });
    await loading;
    expect((await urgent).durationSeconds).toBeGreaterThan(0);
  });

  test('in number, with stops and pauses in between, ends each call once', async () => {
    const engine = open();
    const owners = ['a', 'b', 'c'];
    const calls = Array.from({ length: 60 }, (_, index) => {
      const owner = owners[index % 3]!;
      if (index % 13 === 5) engine.pause(owner);
      if (index % 13 === 9) engine.resume(owner);
      if (index % 17 === 8) engine.stop(owner, index % 2 === 0 ? 'running' : 'waiting');
      return speak(engine, { owner, priority: index % 4, interrupt: index % 7 === 3 });
    });
    for (const owner of owners) engine.resume(owner);
    const ends = await endsOf(calls);
    expect(ends).toHaveLength(60);
    expect(new Set(ends)).toEqual(new Set(['done', 'HIGGS_ABORTED']));
    expect(engine.info()).toMatchObject({ running: false, waiting: 0 });
  });
});
