import {
  acquireEngine,
  createEngine,
  encodeSound,
  readSound,
  type AudioChunk,
  type Speech,
  type SpeechEngine,
} from '@higgs-tts/node-red/engine';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { endsOf, engineOpener, firstEvent, SMALL_MODEL, temporaryFolder, until } from '../../engine-kit.js';

const open = engineOpener({ model: SMALL_MODEL });
const REQUEST = { text: 'Hello.', maxSeconds: 0.4, seed: 1 } as const;
const LONG = { text: 'This goes on for a while.', maxSeconds: 120, seed: 1 } as const;

/** Speech that has begun and goes on until it is stopped. */
async function running(engine: SpeechEngine, owner?: string) {
  const { seen, onProgress } = firstEvent('frames');
  const end = endsOf([engine.speak(LONG, { onProgress, ...(owner === undefined ? {} : { owner }) })]);
  await seen;
  return { end: end.then(([code]) => code) };
}

describe('a voice', () => {
  test('is given by its name, in a request and in a dialogue', async () => {
    const engine = open();
    const named = await engine.speak({ ...REQUEST, voice: { kind: 'named', name: 'ella' } });
    const byName = await engine.speak({ ...REQUEST, voice: 'ella' });
    expect(byName.voice).toBe('ella');
    expect(byName.samples).toEqual(named.samples);
    const lines = [{ speaker: 'Anna', text: 'Hello.' }];
    expect((await engine.dialogue({ lines, voices: { Anna: 'mia' }, maxSeconds: 0.4 })).voice).toBe('mia');
    await expect(engine.speak({ ...REQUEST, voice: 'nobody' })).rejects.toMatchObject({ code: 'HIGGS_VOICE_UNKNOWN' });
  });
});

describe('what is misspelt or of a wrong type', () => {
  test.each<[string, object]>([
    ['temprature', { temprature: 0.5 }],
    ['temperature', { temperature: null }],
    ['music', { music: 'on' }],
    ['music.volume', { music: { kind: 'bed', track: 'calm', volume: 3 } }],
    ['music.loop', { music: { kind: 'bed', track: 'calm', loop: 'yes' } }],
    ['voice', { voice: null }],
    ['voice', { voice: 7 }],
    ['voice.nmae', { voice: { kind: 'named', nmae: 'ella' } }],
    ['voice.name', { voice: { kind: 'named' } }],
    ['scene', { scene: 4 }],
    ['language', { language: ['en'] }],
  ])('in a request is refused with its name, %s: %j', async (name, fields) => {
    await expect(open().speak({ ...REQUEST, ...fields })).rejects.toMatchObject({
      code: 'HIGGS_OPTION_INVALID',
      message: expect.stringContaining(`"${name}"`) as string,
    });
  });

  test.each<[string, object]>([
    ['pan', { pan: 2 }],
    ['lines[0].mood', { lines: [{ speaker: 'Anna', text: 'Hello.', mood: 'good' }] }],
    ['stems', { stems: 1 }],
    ['pans', { pans: 'left' }],
    ['voices.Anna', { voices: { Anna: 3 } }],
  ])('in a dialogue is refused with its name, %s: %j', async (name, fields) => {
    const dialogue = { lines: [{ speaker: 'Anna', text: 'Hello.' }], voices: { Anna: 'mia' } };
    await expect(open().dialogue({ ...dialogue, ...fields })).rejects.toMatchObject({
      code: 'HIGGS_OPTION_INVALID',
      message: expect.stringContaining(`"${name}"`) as string,
    });
  });

  test.each<[string, object]>([
    ['prioritty', { prioritty: 1 }],
    ['priority', { priority: '1' }],
    ['interrupt', { interrupt: 'yes' }],
    ['onChunk', { onChunk: true }],
    ['signal', { signal: {} }],
    ['owner', { owner: 3 }],
    ['cache', { cache: 0 }],
  ])('in a call’s options is refused with its name, %s: %j', async (name, options) => {
    await expect(open().speak(REQUEST, options)).rejects.toMatchObject({
      code: 'HIGGS_OPTION_INVALID',
      message: expect.stringContaining(`"${name}"`) as string,
    });
  });

  test('in a voice to register, and in an engine’s options, is refused with its name', async () => {
    const source = { kind: 'described', description: 'low pitch' } as const;
    const refused = open().registerVoice({ name: 'Deep', source, trimm: true } as never);
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('"trimm"') as string });
    expect(() => createEngine({ modle: 'embedded' } as never)).toThrow('"modle"');
  });
});

describe('a stream', () => {
  test('gives the chunks of the speech, and the speech where its end is asked for', async () => {
    const engine = open();
    const whole = await engine.speak({ ...REQUEST, maxSeconds: 2 });
    const stream = engine.stream({ ...REQUEST, maxSeconds: 2 });
    const chunks: AudioChunk[] = [];
    let speech: Speech | undefined;
    for (;;) {
      const step = await stream.next();
      if (step.done === true) {
        speech = step.value;
        break;
      }
      chunks.push(step.value);
    }
    expect(chunks.length).toBeGreaterThan(1);
    expect(Float32Array.from(chunks.flatMap(({ samples }) => [...samples]))).toEqual(whole.samples);
    expect(speech.samples).toEqual(whole.samples);
  });

  test('stops its call when the loop is left, and the next one is spoken', async () => {
    const engine = open();
    for await (const chunk of engine.stream(LONG)) {
      expect(chunk.samples.length).toBeGreaterThan(0);
      break;
    }
    expect(engine.info()).toMatchObject({ running: false, waiting: 0 });
    expect((await engine.speak(REQUEST)).durationSeconds).toBeGreaterThan(0);
  });

  test('throws in the loop what the call ends with, and makes no call before the loop begins', async () => {
    const engine = open();
    engine.stream(LONG);
    expect(engine.info()).toMatchObject({ running: false, waiting: 0 });
    const stop = new AbortController();
    const heard = async () => {
      for await (const chunk of engine.stream(LONG, { signal: stop.signal })) if (chunk.index === 1) stop.abort();
    };
    await expect(heard()).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
    const dialogue = { lines: [], voices: {} };
    await expect(engine.stream(dialogue).next()).rejects.toMatchObject({ code: 'HIGGS_DIALOGUE_INVALID' });
  });
});

describe('speech', () => {
  test('is encoded and saved, in the format of the file’s ending', async () => {
    const speech = await open().speak(REQUEST);
    const folder = temporaryFolder();
    const file = path.join(folder, 'hello');
    for (const [ending, format] of [
      ['', 'wav16'],
      ['.WAV', 'wav16'],
      ['.flac', 'flac'],
      ['.pcm', 'pcm16'],
      ['.mp3', 'mp3'],
    ] as const) {
      await speech.save(`${file}${ending}`);
      expect(new Uint8Array(fs.readFileSync(`${file}${ending}`))).toEqual(new Uint8Array(await speech.encode(format)));
    }
    expect(new Uint8Array(await encodeSound(speech, 'wav16'))).toEqual(new Uint8Array(await speech.encode()));
    await expect(speech.save(path.join(folder, 'nowhere', 'a.wav'))).rejects.toMatchObject({
      code: 'HIGGS_OUTPUT_UNWRITABLE',
    });
  });

  test('in stereo is encoded with both its sides', async () => {
    const lines = [{ speaker: 'Anna', text: 'Hello.', pan: -1 }];
    const speech = await open().dialogue({ lines, voices: { Anna: { kind: 'any' } }, maxSeconds: 0.4 });
    expect(readSound(await encodeSound(speech, 'wavFloat')).channels).toEqual(speech.channels);
  });

  test('is plain data where it is copied', async () => {
    const speech = await open().speak(REQUEST);
    const { samples, seed } = structuredClone(speech);
    expect({ samples, seed }).toEqual({ samples: speech.samples, seed: 1 });
    expect(Object.keys(speech)).not.toContain('save');
  });
});

describe('an engine of one’s own', () => {
  test('has a worker of its own, and ends with close', async () => {
    const options = { model: SMALL_MODEL, cacheDir: temporaryFolder(), threads: 1 };
    const [one, other] = [createEngine(options), createEngine(options)];
    await Promise.all([one.preload(), other.preload()]);
    expect(one.info().workerPid).not.toBe(other.info().workerPid);
    await one.close();
    await expect(one.speak(REQUEST)).rejects.toMatchObject({ code: 'HIGGS_CLOSED' });
    expect((await other.speak(REQUEST)).durationSeconds).toBeGreaterThan(0);
    await other.close();
  });
});

describe('a lease', () => {
  const options = { model: SMALL_MODEL, cacheDir: temporaryFolder(), threads: 1, queueLimit: 31 };

  test('cannot stop, pause or close what others asked for, though owners have the same names', async () => {
    const [mine, theirs] = [acquireEngine(options), acquireEngine(options)];
    const theirSpeech = await running(theirs.engine, 'kitchen');
    const waiting = endsOf([theirs.engine.speak(REQUEST, { owner: 'kitchen' })]);
    expect(mine.engine.stop('kitchen')).toBe(0);
    expect(mine.engine.stopAll()).toBe(0);
    expect(mine.engine).not.toHaveProperty('close');
    mine.engine.pause('kitchen');
    await until(() => theirs.engine.info().waiting === 1);
    expect(theirs.engine.info().queue).toMatchObject([{ owner: 'kitchen', paused: false }]);
    expect(theirs.engine.stop('kitchen', 'running')).toBe(1);
    expect(await theirSpeech.end).toBe('HIGGS_ABORTED');
    expect(await waiting).toEqual(['done']);
    await Promise.all([mine.release(), theirs.release()]);
  });

  test('that was released makes no more calls; others go on', async () => {
    const [mine, theirs] = [acquireEngine(options), acquireEngine(options)];
    await mine.release();
    await expect(mine.engine.speak(REQUEST)).rejects.toMatchObject({ code: 'HIGGS_CLOSED' });
    expect((await theirs.engine.speak(REQUEST)).durationSeconds).toBeGreaterThan(0);
    await theirs.release();
  });
});
