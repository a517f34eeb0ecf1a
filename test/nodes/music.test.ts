import path from 'node:path';
import { expect, test } from 'vitest';
import { EMBEDDED_VOICES } from '../engine-kit.js';
import { Bench, nodeRed, type FlowNode } from './node-red-kit.js';

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
  const bench = await Bench.deploy([music({ music: 'bed', bed: clip, bedType: 'str', gainDb: '-12', duckDb: '' })]);
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
  [
    'a gain out of range',
    { payload: 'One.' },
    { music: 'bed', bed: clip, gainDb: '99' },
    'HIGGS_OPTION_INVALID',
    'gainDb',
  ],
])('%s is an error with a code, and the next message passes', async (_name, msg, config, code, word) => {
  const bench = await Bench.deploy([music(config)]);
  const error = await bench.error('music', msg);
  expect(error).toMatchObject({ code });
  expect(error.message).toContain(word);
  expect(bench.lastStatus('music')).toMatchObject({ fill: 'red', shape: 'ring' });
  expect(await bench.take('music', { music: 'off' })).toHaveProperty('completed');
  expect(await bench.result('music', { payload: 'Two.' })).toMatchObject({ music: { kind: 'none' } });
});
