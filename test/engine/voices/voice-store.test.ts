import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeWav } from '../../../src/engine/sound/index.js';
import { checkVoiceName, readClip, VoiceStore } from '../../../src/engine/voices/index.js';
import { embeddedVoice, embeddedVoiceNames } from '../../helpers/embedded-voices.js';

const embeddedDir = path.join(__dirname, '../../../models/embedded/voices');
const wav = (seconds: number) =>
  encodeWav(Float32Array.from({ length: seconds * 24_000 }, (_, at) => 0.3 * Math.sin(at / 20)));
const described = (description: string) => ({ kind: 'described', description }) as const;
const clip = (bytes: Uint8Array | string, transcript = 'Hello.') =>
  ({ kind: 'clip', clip: bytes, transcript }) as const;

let dataDir: string;
const open = () => new VoiceStore({ dataDir, embeddedDir });
beforeEach(async () => {
  dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'higgs-voices-'));
});
afterEach(async () => {
  await fs.chmod(dataDir, 0o700);
  await fs.rm(dataDir, { recursive: true });
});
const filesInStore = () => fs.readdir(path.join(dataDir, 'voices'));

test('the embedded voices are there without anything being registered, and nothing is written for that', async () => {
  const voices = await open().list();
  expect(voices.map(({ name }) => name)).toEqual(embeddedVoiceNames());
  expect(voices.every(({ origin, transcript }) => origin === 'embedded' && transcript !== '')).toBe(true);
  const { source } = await open().get('Ella');
  expect(source).toMatchObject({ kind: 'clip', transcript: embeddedVoice('ella').transcript });
  if (source.kind === 'clip') expect((await readClip(source.clip)).length).toBeGreaterThan(10_000);
  expect(await fs.readdir(dataDir)).toEqual([]);
});

test('a voice outlives a restart, its clip byte for byte', async () => {
  const bytes = wav(2);
  const info = await open().save({ name: 'Grandma 2', source: clip(bytes) });
  expect(info).toEqual({ name: 'Grandma 2', origin: 'registered', transcript: 'Hello.' });
  const again = open();
  expect((await again.list()).at(-1)).toEqual(info);
  const { source } = await again.get('grandma 2');
  if (source.kind !== 'clip') throw new Error('A clip was kept.');
  expect(Buffer.from(await readClip(source.clip)).equals(bytes)).toBe(true);
});

test('a clip keeps the accent that it was given, under another name too, and has none where it was given none', async () => {
  const store = open();
  await store.save({ name: 'Angus II', source: { ...clip(wav(2)), accent: 'british' } });
  await store.save({ name: 'Anyone', source: clip(wav(2)) });
  expect((await open().get('Angus II')).source).toMatchObject({ accent: 'british' });
  await store.rename('Angus II', 'Angus III');
  expect((await open().get('Angus III')).source).toMatchObject({ accent: 'british' });
  expect((await open().get('Anyone')).source).not.toHaveProperty('accent');
});

test('a described voice keeps its description, a report gives a voice its length', async () => {
  const store = open();
  await store.save({ name: 'Deep', source: described('masculine; low pitch') });
  expect(await store.get('DEEP')).toEqual({
    info: { name: 'Deep', origin: 'registered', description: 'masculine; low pitch' },
    source: described('masculine; low pitch'),
  });
  const report = {
    durationSeconds: 2,
    sampleRateHz: 24_000,
    channels: 1,
    peakDb: -10,
    loudnessDb: -13,
    clippedShare: 0,
    warnings: [],
  };
  const info = await store.save({ name: 'Clear', source: clip(wav(2)) }, report);
  expect(info.durationSeconds).toBe(2);
  expect((await open().list()).slice(-2).map(({ name }) => name)).toEqual(['Clear', 'Deep']);
});

test('names that differ in case or spaces are one name; it is replaced only where that is asked for', async () => {
  const store = open();
  await store.save({ name: 'Uncle Bob', source: clip(wav(2)) });
  await expect(store.save({ name: ' uncle  BOB ', source: described('x') })).rejects.toMatchObject({
    code: 'HIGGS_VOICE_EXISTS',
  });
  await store.save({ name: 'UNCLE BOB', source: clip(wav(3), 'Good evening.'), replace: true });
  const { info } = await store.get('uncle bob');
  expect(info).toMatchObject({ name: 'UNCLE BOB', transcript: 'Good evening.' });
  expect(await filesInStore()).toHaveLength(2); // The old clip is gone.
  await store.save({ name: 'Uncle Bob', source: described('deep'), replace: true });
  expect(await filesInStore()).toHaveLength(1);
});

test('embedded voices are neither replaced nor removed', async () => {
  const store = open();
  const taken = { name: 'ELLA', source: described('x'), replace: true };
  await expect(store.save(taken)).rejects.toMatchObject({ code: 'HIGGS_VOICE_EXISTS' });
  await expect(store.remove('ella')).rejects.toMatchObject({ code: 'HIGGS_VOICE_UNKNOWN' });
  expect((await store.get('ella')).info.origin).toBe('embedded');
});

test('a removed voice is gone with its files, and an unknown one is told with those that there are', async () => {
  const store = open();
  await store.save({ name: 'Gone', source: clip(wav(2)) });
  await store.save({ name: 'Goner', source: clip(wav(2)) });
  await store.remove('gone');
  expect(await filesInStore()).toHaveLength(2);
  await expect(store.get('Gone')).rejects.toMatchObject({ code: 'HIGGS_VOICE_UNKNOWN' });
  await expect(store.get('Gone')).rejects.toThrow(/"Gone".*ella, mia, robert, frank, alice, angus, Goner/);
  await expect(store.remove('gone')).rejects.toMatchObject({ code: 'HIGGS_VOICE_UNKNOWN' });
});

describe('names', () => {
  test.each(['Erna', 'ella-2', 'Großmutter', 'ルーク', 'नानी', 'con', 'a', 'x'.repeat(64), '_', '7'])(
    '"%s" is kept',
    async (name) => {
      const store = open();
      await store.save({ name, source: described('x') });
      expect(checkVoiceName(name)).toBe(name.normalize('NFC'));
      for (const file of await filesInStore()) expect(file).toMatch(/^voice-[a-z0-9-]*-[0-9a-f]{12}\.json$/);
    },
  );

  test.each(['', '   ', '../../etc/passwd', 'a/b', 'a\\b', 'a.b', 'nul\0', 'x'.repeat(65), '<b>', 'a\nb', '👩'])(
    '%j is refused',
    async (name) => {
      await expect(open().save({ name, source: described('x') })).rejects.toMatchObject({
        code: 'HIGGS_VOICE_NAME_INVALID',
      });
      await expect(open().get(name)).rejects.toMatchObject({ code: 'HIGGS_VOICE_UNKNOWN' });
    },
  );

  test('of any kind never lead out of the folder', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 70 }), async (name) => {
        const store = open();
        try {
          await store.save({ name, source: described('x'), replace: true });
          expect((await store.get(name)).info.name).toBe(checkVoiceName(name));
        } catch (thrown) {
          expect((thrown as { code: string }).code).toMatch(/^HIGGS_VOICE_(NAME_INVALID|EXISTS)$/);
        }
        expect((await fs.readdir(dataDir)).every((entry) => entry === 'voices')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what cannot be kept is refused and leaves nothing behind', () => {
  test('a clip without a transcript, an empty description', async () => {
    await expect(open().save({ name: 'A', source: clip(wav(2), ' ') })).rejects.toMatchObject({
      code: 'HIGGS_VOICE_TRANSCRIPT_MISSING',
    });
    await expect(open().save({ name: 'A', source: described(' ') })).rejects.toMatchObject({
      code: 'HIGGS_OPTION_INVALID',
    });
    expect(await fs.readdir(dataDir)).toEqual([]);
  });

  test('a clip whose file is missing, named in the error', async () => {
    const missing = path.join(dataDir, 'nowhere.wav');
    const refused = open().save({ name: 'A', source: clip(missing) });
    await expect(refused).rejects.toMatchObject({ code: 'HIGGS_CLIP_UNREADABLE' });
    await expect(refused).rejects.toThrow(missing);
    await expect(readClip(dataDir)).rejects.toThrow(/is a folder/);
    expect(await fs.readdir(dataDir)).toEqual([]);
  });

  test('a voice for which there is no folder to write to', async () => {
    await fs.writeFile(path.join(dataDir, 'voices'), 'a file where the folder should be');
    const refused = open().save({ name: 'A', source: clip(wav(2)) });
    await expect(refused).rejects.toMatchObject({ code: 'HIGGS_OUTPUT_UNWRITABLE' });
    await expect(refused).rejects.toThrow(path.join(dataDir, 'voices'));
    expect(await fs.readFile(path.join(dataDir, 'voices'), 'utf8')).toBe('a file where the folder should be');
    expect((await open().list()).map(({ name }) => name)).toContain('ella');
  });
});

test('files that are no voices are passed over', async () => {
  const store = open();
  await store.save({ name: 'Good', source: described('x') });
  const folder = path.join(dataDir, 'voices');
  await fs.writeFile(path.join(folder, 'broken.json'), '{"version": 1, "na');
  await fs.writeFile(path.join(folder, 'other.json'), '[]');
  await fs.writeFile(path.join(folder, 'half.json'), '{"version":1,"name":"x","source":{"kind":"clip"}}');
  expect((await store.list()).filter(({ origin }) => origin === 'registered').map(({ name }) => name)).toEqual([
    'Good',
  ]);
});

test('voices registered at the same time are all kept', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `Voice ${index}`);
  await Promise.all(names.map((name) => open().save({ name, source: clip(wav(1)) })));
  expect((await open().list()).filter(({ origin }) => origin === 'registered')).toHaveLength(12);
  expect((await filesInStore()).every((file) => /\.(json|wav)$/.test(file))).toBe(true);
});

test('a name that several give away at once is one voice, and the others are told', async () => {
  const outcomes = await Promise.allSettled(
    [1, 2, 3, 4, 5, 6].map((seconds) => open().save({ name: 'Twin', source: clip(wav(seconds)) })),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'HIGGS_VOICE_EXISTS' });
  }
});

test('a voice that is replaced, renamed and removed at the same time is whole or not there', async () => {
  for (let round = 0; round < 10; round += 1) {
    await open().save({ name: 'Busy', source: clip(wav(1)), replace: true });
    await Promise.allSettled([
      ...[2, 3, 4].map((seconds) => open().save({ name: 'Busy', source: clip(wav(seconds)), replace: true })),
      open().rename('Busy', 'BUSY'),
      open().remove('Busy'),
      open().save({ name: 'Busy', source: clip(wav(5)), replace: true }),
    ]);
    const { source } = await open().get('Busy');
    if (source.kind !== 'clip') throw new Error('A clip was kept.');
    expect((await readClip(source.clip)).length).toBeGreaterThan(24_000);
    expect((await filesInStore()).length).toBe(2);
  }
});
