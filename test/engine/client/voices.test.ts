import { encodeWav, inspectVoiceClip, VOICE_FILE_EXTENSION } from '@higgs-tts/node-red/engine';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readWav, wavSeconds } from '../../../src/engine/sound/index.js';
import { readVoiceFile } from '../../../src/engine/voices/index.js';
import { engineOpener, SMALL_MODEL, temporaryFolder, until } from '../../engine-kit.js';
import { embeddedVoice } from '../../helpers/embedded-voices.js';

const open = engineOpener({ model: SMALL_MODEL });
const { clip, transcript } = embeddedVoice('robert');
const source = { kind: 'clip', clip, transcript } as const;

test('a voice is renamed, and keeps its clip and its length', async () => {
  const engine = open({ dataDir: temporaryFolder() });
  const { voice } = await engine.registerVoice({ name: 'Bob', source });
  expect(await engine.renameVoice('bob', 'Uncle Bob')).toEqual({ ...voice, name: 'Uncle Bob' });
  expect((await engine.voices()).filter(({ origin }) => origin === 'registered').map(({ name }) => name)).toEqual([
    'Uncle Bob',
  ]);
  expect((await engine.renameVoice('Uncle Bob', 'UNCLE BOB')).name).toBe('UNCLE BOB');
  expect(readVoiceFile(await engine.exportVoice('uncle bob'))).toMatchObject({ name: 'UNCLE BOB', transcript });
  await expect(engine.renameVoice('Nobody', 'Anybody')).rejects.toMatchObject({ code: 'HIGGS_VOICE_UNKNOWN' });
  await engine.registerVoice({ name: 'Deep', source: { kind: 'described', description: 'low pitch' } });
  await expect(engine.renameVoice('Deep', 'uncle bob')).rejects.toMatchObject({ code: 'HIGGS_VOICE_EXISTS' });
});

test('a voice that was exported is imported elsewhere, clip byte for byte, under its name or another', async () => {
  const [here, there] = [open({ dataDir: temporaryFolder() }), open({ dataDir: temporaryFolder() })];
  await here.registerVoice({ name: 'Bob', source });
  const file = await here.exportVoice('Bob');
  const { voice, report } = await there.importVoice(file);
  expect(voice).toMatchObject({ name: 'Bob', origin: 'registered', transcript });
  expect(report?.durationSeconds).toBeGreaterThan(1);
  expect((await there.importVoice(file, { name: 'Robert II' })).voice.name).toBe('Robert II');
  expect(await there.exportVoice('Bob')).toEqual(file);
  await expect(there.importVoice(file)).rejects.toMatchObject({ code: 'HIGGS_VOICE_EXISTS' });
  await there.importVoice(file, { replace: true });
  await expect(there.importVoice(file.slice(0, 300))).rejects.toMatchObject({ code: 'HIGGS_VOICE_FILE_BROKEN' });
  expect(VOICE_FILE_EXTENSION).toMatch(/^\.[a-z-]+$/);
});

test('a British voice that is exported and imported stays British', async () => {
  const engine = open({ dataDir: temporaryFolder() });
  const file = readVoiceFile(await engine.exportVoice('alice'));
  expect(file).toMatchObject({ accent: 'british' });
  await engine.importVoice(await engine.exportVoice('alice'), { name: 'Alice II' });
  expect(readVoiceFile(await engine.exportVoice('Alice II'))).toMatchObject({ accent: 'british' });
});

test('silence at both ends is trimmed where that is asked for', async () => {
  const { samples, sampleRateHz } = readWav(fs.readFileSync(clip));
  const padded = new Float32Array(samples.length + 4 * sampleRateHz);
  padded.set(samples, 2 * sampleRateHz);
  const long = { ...source, clip: encodeWav(padded, { sampleRateHz }) };
  const engine = open({ dataDir: temporaryFolder() });
  const { report } = await engine.registerVoice({ name: 'Trimmed', source: long, trim: true });
  expect(report!.durationSeconds).toBeLessThan(samples.length / sampleRateHz + 0.4);
  const exported = readVoiceFile(await engine.exportVoice('Trimmed'));
  expect(exported.kind === 'clip' && wavSeconds(exported.clip)).toBeCloseTo(report!.durationSeconds, 3);
  const whole = await engine.registerVoice({ name: 'Whole', source: long });
  expect(whole.report!.durationSeconds).toBeCloseTo(padded.length / sampleRateHz, 3);
});

test('a clip is looked at without becoming a voice', async () => {
  expect(await inspectVoiceClip(clip)).toMatchObject({ clippedShare: 0 });
  await expect(inspectVoiceClip(new Uint8Array(5))).rejects.toMatchObject({ code: 'HIGGS_CLIP_UNREADABLE' });
});

test('a voice that is removed or replaced while a text waits is looked up once more', async () => {
  const engine = open({ dataDir: temporaryFolder() });
  const other = { ...source, clip: embeddedVoice('mia').clip, transcript: embeddedVoice('mia').transcript };
  await engine.registerVoice({ name: 'Gone', source });
  await engine.registerVoice({ name: 'Changed', source });
  engine.pause('waiting');
  const speak = (voice: string) => engine.speak({ text: 'Hello.', voice, seed: 1 }, { owner: 'waiting' });
  const [gone, changed] = [speak('Gone'), speak('Changed')];
  const refused = expect(gone).rejects.toMatchObject({
    code: 'HIGGS_VOICE_UNKNOWN',
    message: expect.not.stringContaining(path.sep) as unknown,
  });
  await until(() => engine.info().waiting === 2);
  await engine.removeVoice('Gone');
  await engine.registerVoice({ name: 'Changed', source: other, replace: true });
  engine.resume('waiting');
  await refused;
  expect((await changed).samples).toEqual((await engine.speak({ text: 'Hello.', voice: 'Changed', seed: 1 })).samples);
});

test('a registered voice whose clip is lost is broken, as one whose clip was changed', async () => {
  const dataDir = temporaryFolder();
  const engine = open({ dataDir });
  await engine.registerVoice({ name: 'Lost', source });
  const folder = path.join(dataDir, 'voices');
  for (const file of fs.readdirSync(folder)) if (file.endsWith('.wav')) fs.rmSync(path.join(folder, file));
  await expect(engine.speak({ text: 'Hello.', voice: 'Lost' })).rejects.toMatchObject({
    code: 'HIGGS_VOICE_FILE_BROKEN',
  });
});
