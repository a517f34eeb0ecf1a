import { encodeWav, type AudioChunk, type SpeakRequest } from '@higgs-tts/node-red/engine';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { endsOf, engineOpener, SMALL_MODEL, temporaryFolder, until } from '../../engine-kit.js';

const CACHED = { model: SMALL_MODEL, speechCacheMegabytes: 10 };
const cacheDir = temporaryFolder();
const open = engineOpener({ ...CACHED, cacheDir });
const folder = path.join(cacheDir, 'speech');
const files = () => (fs.existsSync(folder) ? fs.readdirSync(folder) : []).filter((name) => name.endsWith('.take'));
const request: SpeakRequest = { text: 'The doors open now.', maxSeconds: 0.4 };

test('an equal request gets the cached result, without the model', async () => {
  const first = await open().speak(request);
  expect(first.cached).toBe(false);
  await until(() => files().length > 0);
  const fresh = open({ idleSeconds: 17 });
  const chunks: AudioChunk[] = [];
  const again = await fresh.speak(
    { ...request, text: ' The  doors open now. ' },
    { onChunk: (chunk) => chunks.push(chunk) },
  );
  expect(fresh.info()).toMatchObject({ state: 'idle' });
  expect(fresh.info().residentBytes).toBeUndefined();
  expect(again).toEqual({ ...first, cached: true, workSeconds: 0, firstSoundSeconds: 0 });
  expect(chunks.map(({ samples }) => samples)).toEqual([first.samples]);
});

test('another text, seed, option, voice or scene has a result of its own', async () => {
  const engine = open();
  const { seed } = await engine.speak(request);
  const clip = encodeWav(Float32Array.from({ length: 48_000 }, (_, at) => 0.3 * Math.sin(at / 20)));
  const voice = { kind: 'clip', clip, transcript: 'Hello there.' } as const;
  for (const other of [
    { ...request, text: 'The doors close now.' },
    { ...request, seed: seed! },
    { ...request, temperature: 0.9 },
    { ...request, scene: 'A church.' },
    { ...request, voice },
  ]) {
    expect((await engine.speak(other)).cached).toBe(false);
    expect((await engine.speak(other)).cached).toBe(true);
  }
  const louder = {
    ...voice,
    clip: encodeWav(Float32Array.from({ length: 48_000 }, (_, at) => 0.4 * Math.sin(at / 20))),
  };
  expect((await engine.speak({ ...request, voice: louder })).cached).toBe(false);
});

test('who asks for a new result gets one, and so does everyone where nothing is kept', async () => {
  const engine = open();
  await engine.speak(request);
  expect((await engine.speak(request, { cache: false })).cached).toBe(false);
  expect((await open({ speechCacheMegabytes: 0 }).speak(request)).cached).toBe(false);
});

test('a dialogue is kept with its places and tracks', async () => {
  const engine = open();
  const lines = ['Anna', 'Bob'].map((speaker) => ({ speaker, text: 'Good morning to you.' }));
  const voices = { Anna: { kind: 'any' }, Bob: { kind: 'any' } } as const;
  const dialogue = { lines, voices, maxSeconds: 0.4, pans: { Anna: -0.5, Bob: 0.5 }, stems: true };
  const first = await engine.dialogue(dialogue);
  const again = await engine.dialogue(dialogue);
  expect(again.cached).toBe(true);
  expect({ ...again, workSeconds: 0 }).toEqual({ ...first, cached: true, workSeconds: 0, firstSoundSeconds: 0 });
});

test('another model in the same folder is another voice', async () => {
  const model = path.join(temporaryFolder(), 'model');
  fs.cpSync(SMALL_MODEL, model, { recursive: true });
  const kept = files().length;
  expect((await open({ model }).speak(request)).cached).toBe(false);
  await until(() => files().length > kept);
  expect((await open({ model }).speak(request)).cached).toBe(true);
  fs.utimesSync(path.join(model, 'model', 'model.safetensors'), 1000, 1000);
  expect((await open({ model }).speak(request)).cached).toBe(false);
});

test('a cached result keeps its place in the queue, and equal requests that wait are spoken once', async () => {
  const engine = open();
  await engine.speak(request);
  const order: string[] = [];
  const text = 'Nobody has asked for this one before.';
  const calls = [
    engine.speak({ ...request, text }).then(({ cached }) => order.push(`new ${String(cached)}`)),
    engine.speak(request).then(({ cached }) => order.push(`known ${String(cached)}`)),
    engine.speak({ ...request, text }).then(({ cached }) => order.push(`again ${String(cached)}`)),
  ];
  expect(await endsOf(calls)).toEqual(['done', 'done', 'done']);
  expect(order).toEqual(['new false', 'known true', 'again true']);
});
