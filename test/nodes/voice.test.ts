import { encodeWav } from '@higgs-tts/node-red/engine';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readWav } from '../../src/engine/sound/index.js';
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
