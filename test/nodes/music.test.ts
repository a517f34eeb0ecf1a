import { encodeWav, TRACKS } from '@higgs-tts/node-red/engine';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readSound } from '../../src/engine/sound/index.js';
import { EMBEDDED_VOICES } from '../engine-kit.js';
import { adminPost, Bench, nodeRed, type FlowNode } from './node-red-kit.js';

nodeRed();
const music = (more: object = {}): FlowNode => ({ id: 'music', type: 'higgs-music', name: '', ...more });
const clip = path.join(EMBEDDED_VOICES, 'ella.wav');

test('a freshly dropped node adds the model’s own music and keeps the rest of the message', async () => {
  const bench = await Bench.deploy([music()]);
  expect(await bench.result('music', { payload: 'Good evening.', topic: 'hall' })).toMatchObject({
    payload: 'Good evening.',
    topic: 'hall',
    music: { kind: 'model' },
  });
});

test('a message that only moves the switch ends there; the next text goes without music', async () => {
  const bench = await Bench.deploy([music()]);
  expect(await bench.take('music', { music: 'off' })).toHaveProperty('completed');
  expect(bench.sent).toEqual([]);
  expect(bench.lastStatus('music')).toMatchObject({ fill: 'grey', shape: 'ring' });
  expect(await bench.result('music', { payload: 'Good evening.' })).toMatchObject({ music: { kind: 'none' } });
});

test('a message with a command and a text moves the switch and passes on', async () => {
  const bench = await Bench.deploy([music({ on: false })]);
  expect(await bench.result('music', { payload: 'One.', music: 'toggle' })).toMatchObject({ music: { kind: 'model' } });
  expect(bench.lastStatus('music')).toMatchObject({ fill: 'green', shape: 'dot' });
  expect(await bench.result('music', { payload: 'Two.', music: 'toggle' })).toMatchObject({ music: { kind: 'none' } });
  expect(await bench.result('music', { payload: 'Three.', music: true })).toMatchObject({ music: { kind: 'model' } });
});

test('the setting of a music node before is no command, and is replaced', async () => {
  const bench = await Bench.deploy([music()]);
  expect(await bench.result('music', { payload: 'One.', music: { kind: 'none' } })).toMatchObject({
    music: { kind: 'model' },
  });
});

test('a bed brings its recording and the numbers that are set, and leaves the others to the engine', async () => {
  const bench = await Bench.deploy([music({ music: 'bed', bed: clip, bedType: 'str', gain: '-12', duck: '' })]);
  const { music: setting } = await bench.result('music', { payload: 'Good evening.' });
  expect(setting).toEqual({ kind: 'bed', clip, gainDb: -12, loop: true });
});

test('msg.bed wins over the field, as bytes too', async () => {
  const bench = await Bench.deploy([music({ music: 'bed', bed: clip })]);
  const bytes = Buffer.from('RIFF');
  const { music: setting } = await bench.result('music', { payload: 'Good evening.', bed: bytes });
  expect(setting).toMatchObject({ clip: bytes });
});

test.each([
  ['a command that is none', { payload: 'One.', music: 'louder' }, {}, 'HIGGS_OPTION_INVALID', 'msg.music'],
  ['a bed without a recording', { payload: 'One.' }, { music: 'bed' }, 'HIGGS_CLIP_UNREADABLE', 'bed'],
  ['a gain out of range', { payload: 'One.' }, { music: 'bed', bed: clip, gain: '99' }, 'HIGGS_OPTION_INVALID', 'gain'],
])('%s is an error with a code, and the next message passes', async (_name, msg, config, code, word) => {
  const bench = await Bench.deploy([music(config)]);
  const error = await bench.error('music', msg);
  expect(error).toMatchObject({ code });
  expect(error.message).toContain(word);
  expect(bench.lastStatus('music')).toMatchObject({ fill: 'red', shape: 'ring' });
  expect(await bench.take('music', { music: 'off' })).toHaveProperty('completed');
  expect(await bench.result('music', { payload: 'Two.' })).toMatchObject({ music: { kind: 'none' } });
});

test('an embedded track goes with the text, with the numbers of msg.higgs, which end here', async () => {
  const [track] = TRACKS;
  const bench = await Bench.deploy([music({ music: 'track', track, duck: '-6', duckType: 'num' })]);
  const msg = await bench.result('music', { payload: 'One.', higgs: { gain: -12, speed: 1.2 } });
  expect(msg.music).toEqual({ kind: 'bed', track, gainDb: -12, duckDb: -6, loop: true });
  expect(msg.higgs).toEqual({ speed: 1.2 });
  const error = await bench.error('music', { payload: 'One.', higgs: { attack: 'slow' } });
  expect(error.message).toContain('msg.higgs.attack');
});

test('audio that arrives is mixed with music, in its own rate, and what was told about it follows', async () => {
  const seconds = 1.5;
  const wav = Buffer.from(encodeWav(new Float32Array(16_000 * seconds), { sampleRateHz: 16_000 }));
  const bench = await Bench.deploy([
    music({ music: 'track', track: TRACKS[0], mode: 'mix', leadIn: '0.5', tail: '1' }),
  ]);
  const higgs = { seconds, marks: [{ index: 0, startSeconds: 0.25, endSeconds: 1 }], seed: 3, result: { seed: 3 } };
  const msg = await bench.result('music', { payload: wav, higgs });
  const { channels, sampleRateHz } = readSound(msg.payload as Buffer);
  expect([channels.length, sampleRateHz, channels[0]!.length / sampleRateHz]).toEqual([1, 16_000, 3]);
  expect(channels[0]!.some((sample) => Math.abs(sample) > 0.01)).toBe(true);
  expect(msg.higgs).toMatchObject({ seconds: 3, marks: [{ startSeconds: 0.75, endSeconds: 1.5 }], seed: 3 });
  const quiet = await bench.result('music', { payload: wav, music: 'off' });
  expect((quiet.payload as Buffer).equals(wav)).toBe(true);
});

test.each([
  ['no audio', { payload: 'One.' }, { music: 'track', track: TRACKS[0] }, 'HIGGS_CLIP_UNREADABLE'],
  ['music of the model', { payload: Buffer.from('RIFF') }, {}, 'HIGGS_OPTION_INVALID'],
])('%s cannot be mixed', async (_name, msg, config, code) => {
  const bench = await Bench.deploy([music({ mode: 'mix', ...config })]);
  expect(await bench.error('music', msg)).toMatchObject({ code });
});

test('a switch that is remembered stands as it was after a restart, until the editor says otherwise', async () => {
  const remembered = (more: object = {}) => music({ remember: true, ...more });
  const first = await Bench.deploy([remembered()]);
  await first.take('music', { music: 'off' });
  await first.stop();
  const second = await Bench.deploy([remembered()]);
  expect(await second.result('music', { payload: 'One.' })).toMatchObject({ music: { kind: 'none' } });
  await second.redeploy([remembered({ on: false })]);
  expect(await second.result('music', { payload: 'One.', music: 'on' })).toMatchObject({ music: { kind: 'model' } });
  await second.stop();
  const third = await Bench.deploy([remembered({ on: false })]);
  expect(await third.result('music', { payload: 'One.' })).toMatchObject({ music: { kind: 'model' } });
  await third.stopOne('music');
  await third.stop();
  const anew = await Bench.deploy([remembered()]);
  expect(await anew.result('music', { payload: 'One.' })).toMatchObject({ music: { kind: 'model' } });
});

test('the editor’s button moves the switch of a deployed node', async () => {
  const bench = await Bench.deploy([music()]);
  expect(await adminPost('/higgs-tts/music/music/toggle')).toMatchObject({ status: 200, body: { on: false } });
  expect(bench.lastStatus('music')).toMatchObject({ fill: 'grey' });
  expect(await bench.result('music', { payload: 'One.' })).toMatchObject({ music: { kind: 'none' } });
  expect(await adminPost('/higgs-tts/music/music/on')).toMatchObject({ body: { on: true } });
  expect(await adminPost('/higgs-tts/music/music/louder')).toMatchObject({ status: 400 });
  expect(await adminPost('/higgs-tts/music/nobody/on')).toMatchObject({ status: 404 });
});
