import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readWav } from '../../src/engine/sound/index.js';
import { EMBEDDED_VOICES, SMALL_MODEL, temporaryFolder } from '../engine-kit.js';
import { Bench, nodeRed, type FlowNode, type Message } from './node-red-kit.js';

nodeRed();
/** Short and the same each time: what is tested here is the node, not the voice. */
const synthesize = (more: object = {}): FlowNode => ({
  id: 'speak',
  type: 'higgs-synthesize',
  name: '',
  maxSeconds: '0.6',
  seed: '5',
  ...more,
});

test('a freshly dropped node speaks: a WAV file in payload, the rest of the message as it was', async () => {
  const bench = await Bench.deploy([{ id: 'speak', type: 'higgs-synthesize' }]);
  const msg = await bench.result('speak', { payload: 'Yes.', topic: 'hall', other: { kept: [1] }, maxSeconds: 1 });
  expect(msg).toMatchObject({ topic: 'hall', other: { kept: [1] } });
  expect(Buffer.isBuffer(msg.payload)).toBe(true);
  const { samples, sampleRateHz } = readWav(msg.payload as Buffer);
  expect(sampleRateHz).toBe(24_000);
  expect(samples.some((sample) => Math.abs(sample) > 0.01)).toBe(true);
  expect(msg.higgs).toMatchObject({
    seconds: samples.length / sampleRateHz,
    workSeconds: expect.any(Number) as number,
    seed: expect.any(Number) as number,
    marks: [expect.objectContaining({ text: expect.stringMatching(/yes/i) as string })],
  });
});

test('the status works in blue and ends in green; the message is complete once', async () => {
  const bench = await Bench.deploy([synthesize()]);
  await bench.result('speak', { payload: 'Yes.' });
  const fills = bench.statuses.get('speak')!.map((status) => status.fill);
  expect(fills).toContain('blue');
  expect(bench.lastStatus('speak')).toMatchObject({ fill: 'green', shape: 'dot' });
  expect([bench.sent.length, bench.completed.length, bench.caught.length]).toEqual([1, 1, 0]);
});

test('the same seed gives the same bytes, by field or message, as number or text', async () => {
  const bench = await Bench.deploy([synthesize()]);
  const first = await bench.result('speak', { payload: 'Good morning.' });
  const again = await bench.result('speak', { payload: 'Good morning.', seed: '5' });
  const other = await bench.result('speak', { payload: 'Good morning.', seed: 6 });
  expect(Buffer.compare(first.payload as Buffer, again.payload as Buffer)).toBe(0);
  expect(Buffer.compare(first.payload as Buffer, other.payload as Buffer)).not.toBe(0);
  expect(other.higgs).toMatchObject({ seed: 6 });
});

test('voices come by field, by name in the message, and as what a voice node gives', async () => {
  const bench = await Bench.deploy([synthesize({ voice: 'ella', voiceType: 'voice' })]);
  expect(await bench.result('speak', { payload: 'Yes.' })).toMatchObject({ higgs: { voice: 'ella' } });
  expect(await bench.result('speak', { payload: 'Yes.', voice: 'robert' })).toMatchObject({
    higgs: { voice: 'robert' },
  });
  const clip = { kind: 'clip', clip: path.join(EMBEDDED_VOICES, 'mia.wav'), transcript: 'There is fresh coffee.' };
  expect(await bench.result('speak', { payload: 'Yes.', voice: clip })).toMatchObject({ higgs: { voice: 'clip' } });
});

test('a file is whole when it is there, alone in its folder, and its path is told', async () => {
  const folder = temporaryFolder();
  const bench = await Bench.deploy([synthesize({ output: 'file' })]);
  const file = path.join(folder, 'yes.wav');
  const msg = await bench.result('speak', { payload: 'Yes.', filename: file });
  expect(msg).toMatchObject({ payload: file, filename: file, higgs: { filename: file } });
  expect(readWav(fs.readFileSync(file)).samples.length).toBeGreaterThan(0);
  expect(fs.readdirSync(folder)).toEqual(['yes.wav']);
});

test('a file name that was typed in wins over one that a message brings along', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'mine.wav');
  const bench = await Bench.deploy([synthesize({ output: 'file', filename: file, filenameType: 'str' })]);
  await bench.result('speak', { payload: 'Yes.', filename: path.join(folder, 'other.wav') });
  expect(fs.readdirSync(folder)).toEqual(['mine.wav']);
});

test('messages that arrive together are spoken one after the other, none lost', async () => {
  const bench = await Bench.deploy([synthesize()]);
  for (const index of [0, 1, 2]) bench.send('speak', { payload: 'Yes.', index });
  await bench.until(() => bench.completed.length === 3);
  expect(bench.sent.map((msg) => msg.index)).toEqual([0, 1, 2]);
  expect(bench.statuses.get('speak')!.some(({ text }) => text?.includes('status.behind'))).toBe(true);
});

test.each(['buffer', 'stream'])('a text with nothing to speak in it is a short silence as a %s', async (output) => {
  const bench = await Bench.deploy([synthesize({ output, format: 'wav16', loudness: '' })]);
  bench.send('speak', { payload: '😀' });
  await bench.until(() => bench.completed.length === 1);
  const sound = Buffer.concat(bench.sent.map(({ payload }) => payload as Buffer));
  expect(sound.toString('latin1', 0, 4)).toBe('RIFF');
  expect(sound.length).toBeGreaterThan(1000);
});

const missingFolder = path.join(temporaryFolder(), 'not-there', 'yes.wav');
const aFile = path.join(temporaryFolder(), 'file');
fs.writeFileSync(aFile, '');

test.each([
  ['an empty text', { payload: '  ' }, {}, 'HIGGS_TEXT_EMPTY'],
  ['no text at all', {}, {}, 'HIGGS_TEXT_EMPTY'],
  ['a text far over the limit', { payload: 'Yes. '.repeat(5000) }, {}, 'HIGGS_TEXT_TOO_LONG'],
  ['an unknown voice', { payload: 'Yes.', voice: 'nobody' }, {}, 'HIGGS_VOICE_UNKNOWN'],
  ['a voice that is none', { payload: 'Yes.', voice: { sex: 'f' } }, {}, 'HIGGS_OPTION_INVALID'],
  ['a number that is none', { payload: 'Yes.', topK: 'many' }, {}, 'HIGGS_OPTION_INVALID'],
  ['a number out of range', { payload: 'Yes.', temperature: 7 }, {}, 'HIGGS_OPTION_INVALID'],
  ['a field out of range', { payload: 'Yes.' }, { topP: '3', topPType: 'num' }, 'HIGGS_OPTION_INVALID'],
  ['a field that cannot be read', { payload: 'Yes.' }, { topP: '(', topPType: 'jsonata' }, 'HIGGS_OPTION_INVALID'],
  [
    'a clip that is not there',
    { payload: 'Yes.', voice: { kind: 'clip', clip: 'no.wav', transcript: 'No.' } },
    {},
    'HIGGS_CLIP_UNREADABLE',
  ],
  [
    'a folder that is missing',
    { payload: 'Yes.', filename: missingFolder },
    { output: 'file' },
    'HIGGS_OUTPUT_UNWRITABLE',
  ],
  [
    'a folder that is a file',
    { payload: 'Yes.', filename: path.join(aFile, 'yes.wav') },
    { output: 'file' },
    'HIGGS_OUTPUT_UNWRITABLE',
  ],
  ['a file without a name', { payload: 'Yes.' }, { output: 'file' }, 'HIGGS_OUTPUT_UNWRITABLE'],
])('%s reaches Catch with its code and what to do, and the flow goes on', async (_name, msg, config, code) => {
  const bench = await Bench.deploy([synthesize(config)]);
  const error = await bench.error('speak', msg);
  expect(error).toMatchObject({ code, source: { id: 'speak' } });
  expect(error.message).toMatch(/\.$/);
  expect(bench.lastStatus('speak')).toMatchObject({
    fill: 'red',
    shape: 'ring',
    text: expect.stringContaining(code) as string,
  });
  expect([bench.sent.length, bench.completed.length, bench.caught.length]).toEqual([0, 0, 1]);
});

test('after an error the next message is spoken', async () => {
  const bench = await Bench.deploy([synthesize()]);
  await bench.error('speak', { payload: '' });
  expect(Buffer.isBuffer((await bench.result('speak', { payload: 'Yes.' })).payload)).toBe(true);
  expect(bench.lastStatus('speak')).toMatchObject({ fill: 'green' });
});

test('a missing and a broken checkpoint are told by file and tensor', async () => {
  const folder = temporaryFolder();
  const broken = path.join(folder, 'broken');
  fs.cpSync(SMALL_MODEL, broken, { recursive: true });
  const weights = fs.readdirSync(path.join(broken, 'model')).find((name) => name.endsWith('.safetensors'))!;
  fs.truncateSync(path.join(broken, 'model', weights), 5000);
  const engine = (id: string, modelFolder: string) => ({ id, type: 'higgs-engine', model: 'folder', modelFolder });
  const bench = await Bench.deploy([
    engine('none', path.join(folder, 'nothing')),
    engine('half', broken),
    synthesize({ id: 'missing', engine: 'none' }),
    synthesize({ id: 'broken', engine: 'half' }),
  ]);
  expect(await bench.error('missing', { payload: 'Yes.' })).toMatchObject({ code: 'HIGGS_CHECKPOINT_MISSING' });
  const error = await bench.error('broken', { payload: 'Yes.' });
  expect(error).toMatchObject({ code: 'HIGGS_CHECKPOINT_BROKEN' });
  expect(error.message).toContain(weights);
});

test('a recording is mixed under the speech: it leads in and fades out', async () => {
  const bench = await Bench.deploy([synthesize()]);
  const plain = await bench.result('speak', { payload: 'Yes.' });
  const bed = {
    kind: 'bed',
    clip: fs.readFileSync(path.join(EMBEDDED_VOICES, 'ella.wav')),
    leadInSeconds: 0.5,
    tailSeconds: 0.25,
  };
  const mixed = await bench.result('speak', { payload: 'Yes.', music: bed });
  const seconds = (msg: Message) => (msg.higgs as { seconds: number }).seconds;
  expect(seconds(mixed) - seconds(plain)).toBeCloseTo(0.75, 2);
});

test('a German text on the embedded voice is warned of once, in the log and in the status', async () => {
  const bench = await Bench.deploy([synthesize()]);
  for (let time = 0; time < 2; time++) await bench.result('speak', { payload: 'Die Waschmaschine ist fertig.' });
  expect(bench.warnings).toEqual([expect.stringContaining('German')]);
  expect(bench.statuses.get('speak')?.some(({ text }) => text?.includes('German'))).toBe(true);
});

test('a lexicon of the node is used, and the message’s goes over it', async () => {
  const bench = await Bench.deploy([synthesize({ lexicon: 'Tuya = too ya', lexiconType: 'str' })]);
  const textOf = (msg: Message) => (msg.higgs as { marks: { text: string }[] }).marks[0]!.text;
  expect(textOf(await bench.result('speak', { payload: 'The Tuya.' }))).toBe('The too ya.');
  const higgs = { lexicon: { Tuya: 'to you' } };
  expect(textOf(await bench.result('speak', { payload: 'The Tuya.', higgs }))).toBe('The to you.');
});
