import { encodeWav } from '@higgs-tts/node-red/engine';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readWav } from '../../src/engine/sound/index.js';
import { readVoiceFile } from '../../src/engine/voices/index.js';
import { embeddedVoice } from '../helpers/embedded-voices.js';
import { adminGet, Bench, nodeRed, type FlowNode } from './node-red-kit.js';

const userDir = nodeRed();
const voice = (more: object = {}): FlowNode => ({ id: 'voice', type: 'higgs-voice', name: '', ...more });
const speak: FlowNode = { id: 'speak', type: 'higgs-synthesize', maxSeconds: '0.6' };
const { clip: clipFile, transcript } = embeddedVoice('robert');
const fromClip = (more: object = {}) =>
  voice({
    source: 'clip',
    voiceName: 'guest',
    transcript,
    ...more,
  });
const clip = fs.readFileSync(clipFile);

/** `seconds` of a tone, `level` of full scale. */
function tone(seconds: number, level: number): Buffer {
  const samples = Float32Array.from({ length: Math.round(seconds * 24_000) }, (_, n) => level * Math.sin(n / 20));
  return Buffer.from(encodeWav(samples));
}

test('a freshly dropped node gives an embedded voice and keeps the message', async () => {
  const bench = await Bench.deploy([voice()]);
  const msg = await bench.result('voice', { payload: 'Hello.', topic: 'hall' });
  expect(msg).toMatchObject({
    payload: 'Hello.',
    topic: 'hall',
    voice: { kind: 'named', name: 'ella' },
    higgs: { voice: { name: 'ella', origin: 'embedded' } },
  });
  expect(bench.lastStatus('voice')).toMatchObject({ fill: 'green' });
});

test('a clip in the message becomes a voice with a report, which speaks by its name in another node', async () => {
  const bench = await Bench.deploy([fromClip({ clip: 'payload', clipType: 'msg' }), speak]);
  const msg = await bench.result('voice', { payload: clip });
  const { samples, sampleRateHz } = readWav(clip);
  expect(msg).toMatchObject({
    voice: { kind: 'named', name: 'guest' },
    higgs: {
      voice: { name: 'guest', origin: 'registered' },
      report: { durationSeconds: samples.length / sampleRateHz, channels: 1 },
    },
  });
  expect(await bench.result('speak', { payload: 'Yes.', voice: 'guest' })).toMatchObject({ higgs: { voice: 'guest' } });
});

test('a clip is registered with the accent of the field, or of the message', async () => {
  const bench = await Bench.deploy([
    fromClip({ clip: clipFile, clipType: 'str', accent: 'british' }),
    voice({ id: 'shelf', voice: 'guest' }),
  ]);
  const exported = async () => {
    const msg = await bench.result('shelf', { higgs: { action: 'export' } });
    return readVoiceFile(msg.payload as Buffer);
  };
  await bench.result('voice', {});
  expect(await exported()).toMatchObject({ name: 'guest', accent: 'british' });
  await bench.result('voice', { accent: 'american' });
  expect(await exported()).toMatchObject({ name: 'guest', accent: 'american' });
});

test('a registered voice is there after a restart, in the user directory, and in the editor’s list', async () => {
  const registering = await Bench.deploy([fromClip({ clip: clipFile, clipType: 'str', voiceName: 'kept' })]);
  await registering.result('voice', { payload: 'Hello.' });
  await registering.stop();
  const later = await Bench.deploy([speak]);
  expect(await later.result('speak', { payload: 'Yes.', voice: 'kept' })).toMatchObject({ higgs: { voice: 'kept' } });
  expect(fs.existsSync(path.join(userDir, 'higgs-tts'))).toBe(true);
  const { status, body } = await adminGet('/higgs-tts/engines/default/voices');
  expect(status).toBe(200);
  expect(body).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'ella', origin: 'embedded' }),
      expect.objectContaining({ name: 'kept', origin: 'registered' }),
    ]),
  );
});

test('a description becomes a voice', async () => {
  const bench = await Bench.deploy([
    voice({ source: 'described', voiceName: 'deep', description: 'masculine' }),
    speak,
  ]);
  const msg = await bench.result('voice', { payload: 'Yes.' });
  expect(msg).toMatchObject({ voice: { kind: 'named', name: 'deep' } });
  expect(await bench.result('speak', msg)).toMatchObject({ higgs: { voice: 'deep' } });
});

test('the name, the transcript and the clip may come with the message', async () => {
  const bench = await Bench.deploy([voice({ source: 'clip' })]);
  const msg = await bench.result('voice', { clip: clipFile, transcript: 'The old house.', voiceName: 'message voice' });
  expect(msg.voice).toEqual({ kind: 'named', name: 'message voice' });
});

test.each([
  ['a silent clip', { payload: tone(2, 0) }, 'HIGGS_CLIP_SILENT'],
  ['a clip under a second', { payload: tone(0.5, 0.3) }, 'HIGGS_CLIP_TOO_SHORT'],
  ['a clip over a minute', { payload: tone(61, 0.3) }, 'HIGGS_CLIP_TOO_LONG'],
  [
    'bytes that are no audio',
    { payload: Buffer.from('Not audio at all, but long enough to look at.') },
    'HIGGS_CLIP_UNREADABLE',
  ],
  ['a clip that is not there', { payload: 'nowhere.wav' }, 'HIGGS_CLIP_UNREADABLE'],
  ['no clip', {}, 'HIGGS_CLIP_UNREADABLE'],
  ['a clip that is a number', { payload: 7 }, 'HIGGS_OPTION_INVALID'],
  ['a name with a slash', { payload: clip, voiceName: '../ella' }, 'HIGGS_VOICE_NAME_INVALID'],
  ['the name of an embedded voice', { payload: clip, voiceName: 'ella' }, 'HIGGS_VOICE_EXISTS'],
])('%s reaches Catch with its code, and no voice is kept', async (_name, msg, code) => {
  const bench = await Bench.deploy([fromClip({ clip: 'payload', clipType: 'msg', voiceName: 'never' }), speak]);
  const error = await bench.error('voice', msg);
  expect(error).toMatchObject({ code, source: { id: 'voice' } });
  expect(bench.lastStatus('voice')).toMatchObject({ fill: 'red', text: expect.stringContaining(code) as string });
  expect(await bench.error('speak', { payload: 'Yes.', voice: 'never' })).toMatchObject({
    code: 'HIGGS_VOICE_UNKNOWN',
  });
});

test('a clip without a transcript, a voice without a name and an unknown voice reach Catch', async () => {
  const bench = await Bench.deploy([
    fromClip({ clip: clipFile, clipType: 'str', transcript: '' }),
    fromClip({ id: 'nameless', clip: clipFile, clipType: 'str', voiceName: '' }),
    voice({ id: 'unknown', voice: 'nobody' }),
  ]);
  expect(await bench.error('voice', {})).toMatchObject({ code: 'HIGGS_VOICE_TRANSCRIPT_MISSING' });
  expect(await bench.error('nameless', {})).toMatchObject({ code: 'HIGGS_VOICE_NAME_INVALID' });
  expect(await bench.error('unknown', {})).toMatchObject({ code: 'HIGGS_VOICE_UNKNOWN' });
});

test('a voice is renamed, exported, removed and imported again, and speaks as before', async () => {
  const bench = await Bench.deploy([
    fromClip({ clip: clipFile, clipType: 'str', voiceName: 'first' }),
    voice({ id: 'shelf' }),
    speak,
  ]);
  const act = (action: string, more: object = {}) =>
    bench.result('shelf', { topic: 'hall', ...more, higgs: { action, voice: 'second', seed: 4 } });
  await bench.result('voice', { payload: 'Hello.' });
  const renamed = await bench.result('voice', { voiceName: 'second', higgs: { action: 'rename', voice: 'first' } });
  expect(renamed).toMatchObject({ voice: { kind: 'named', name: 'second' }, higgs: { voice: { name: 'second' } } });
  const said = { payload: 'Yes.', voice: 'second', seed: 4, higgs: { cache: false } };
  const before = await bench.result('speak', { ...said });
  const exported = await act('export');
  expect(exported).toMatchObject({ filename: expect.stringMatching(/^second\./) as string, topic: 'hall' });
  const removed = await act('remove');
  expect(removed).not.toHaveProperty('voice');
  // What is none of this node's is left for the one behind.
  expect(removed.higgs).toMatchObject({ seed: 4 });
  expect(await bench.error('speak', { ...said })).toMatchObject({ code: 'HIGGS_VOICE_UNKNOWN' });
  const imported = await act('import', { clip: exported.payload });
  expect(imported).toMatchObject({ voice: { name: 'second' }, higgs: { report: { channels: 1 } } });
  const after = await bench.result('speak', { ...said });
  expect((after.payload as Buffer).equals(before.payload as Buffer)).toBe(true);
  const third = await act('import', { clip: exported.payload, voiceName: 'third' });
  expect(third).toMatchObject({ voice: { name: 'third' } });
});

test('silence around a clip is left away where that is asked, and the report says what was found', async () => {
  const { samples, sampleRateHz } = readWav(clip);
  const padded = new Float32Array(samples.length + 2 * sampleRateHz);
  padded.set(samples, sampleRateHz);
  const bench = await Bench.deploy([fromClip({ clip: 'payload', clipType: 'msg', trim: true })]);
  const { higgs } = await bench.result('voice', { payload: Buffer.from(encodeWav(padded, { sampleRateHz })) });
  const { report } = higgs as { report: { durationSeconds: number; noiseDb: number; warnings: string[] } };
  expect(report.durationSeconds).toBeLessThan(samples.length / sampleRateHz + 1);
  expect(report).toMatchObject({ noiseDb: expect.any(Number) as number, warnings: expect.any(Array) as string[] });
});

test.each([
  ['a voice that is not there', { action: 'remove', voice: 'nobody' }, 'HIGGS_VOICE_UNKNOWN'],
  ['a file that is no voice', { action: 'import' }, 'HIGGS_VOICE_FILE_BROKEN'],
  ['an action that there is not', { action: 'shout' }, 'HIGGS_OPTION_INVALID'],
])('%s is an error with its code', async (_name, higgs, code) => {
  const bench = await Bench.deploy([voice({ clip: 'payload', clipType: 'msg' })]);
  expect(await bench.error('voice', { payload: Buffer.from('no voice'), higgs })).toMatchObject({ code });
});
