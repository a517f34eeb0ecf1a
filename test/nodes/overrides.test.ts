import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readWav } from '../../src/engine/sound/index.js';
import { temporaryFolder } from '../engine-kit.js';
import { Bench, nodeRed, type FlowNode, type Message } from './node-red-kit.js';

nodeRed();
const speak = (more: object = {}): FlowNode => ({
  id: 'speak',
  type: 'higgs-synthesize',
  maxSeconds: '0.6',
  seed: '5',
  ...more,
});
const higgsOf = (msg: Message) => msg.higgs as Record<string, unknown>;
const bytesOf = (msg: Message) => (msg.payload as Buffer).toString('base64');

test('msg.higgs wins over an older message property, which wins over the field', async () => {
  const bench = await Bench.deploy([speak()]);
  const seeds = [{}, { seed: 6 }, { seed: 6, higgs: { seed: '7' } }];
  for (const [index, more] of seeds.entries()) {
    expect(higgsOf(await bench.result('speak', { payload: 'Yes.', ...more })).seed).toBe(5 + index);
  }
});

test('msg.speed changes the speed, and a wrong one is refused', async () => {
  const bench = await Bench.deploy([speak()]);
  const [plain, fast] = [
    await bench.result('speak', { payload: 'Yes.' }),
    await bench.result('speak', { payload: 'Yes.', speed: 2 }),
  ];
  expect(higgsOf(fast).seconds).toBeCloseTo((higgsOf(plain).seconds as number) / 2, 1);
  expect(await bench.error('speak', { payload: 'Yes.', speed: 'fast' })).toMatchObject({
    code: 'HIGGS_OPTION_INVALID',
  });
});

test('every field that says how to speak can be set, and the account tells what was made', async () => {
  const bench = await Bench.deploy([speak()]);
  const plain = await bench.result('speak', { payload: 'Yes.' });
  const higgs = {
    text: 'No.',
    temperature: 0.2,
    topP: 0.9,
    topK: 20,
    maxSeconds: 1,
    scene: 'A hall.',
    system: 'Say it slowly.',
    segmentBy: 'words',
    segmentWords: 10,
    segmentTurns: 2,
    contextSegments: 1,
    language: 'en',
    asWritten: true,
    lexicon: { No: 'nope' },
    wordTimes: true,
    format: 'wav24',
    speed: 2,
    loudness: -20,
    chimeBefore: 'ding',
    priority: 3,
    interrupt: true,
    cache: false,
  };
  const msg = await bench.result('speak', { payload: 'Yes.', higgs });
  const { samples, sampleRateHz } = readWav(msg.payload as Buffer);
  expect(higgsOf(msg)).toMatchObject({
    seconds: samples.length / sampleRateHz,
    sampleRateHz: 24_000,
    channels: 1,
    format: 'wav24',
    mediaType: 'audio/wav',
    frames: expect.any(Number) as number,
    seed: 5,
    workSeconds: expect.any(Number) as number,
    marks: [expect.objectContaining({ text: expect.stringMatching(/no/i) as string })],
  });
  const [mark] = higgsOf(msg).marks as { startSeconds: number; endSeconds: number }[];
  expect(mark!.startSeconds).toBeGreaterThan(0.5);
  expect(mark!.endSeconds).toBeLessThanOrEqual(samples.length / sampleRateHz + 0.001);
  expect(samples.length).toBeGreaterThan(readWav(plain.payload as Buffer).samples.length);
});

test('what a first speaking node tells is no override for a second one', async () => {
  const bench = await Bench.deploy([
    speak({ seed: '11', format: 'wav24', wires: [['again']] }),
    speak({ id: 'again', text: 'topic', textType: 'msg' }),
  ]);
  bench.send('speak', { payload: 'Yes.', topic: 'Yes.', higgs: { speed: 2 } });
  await bench.until(() => bench.completed.length === 2);
  const [behind] = bench.sent;
  const alone = await bench.result('again', { topic: 'Yes.' });
  expect(higgsOf(behind!)).toMatchObject({ seed: 5, format: 'wav16' });
  expect(bytesOf(behind!)).toBe(bytesOf(alone));
});

test('a field that was changed behind the first node is an override for the second', async () => {
  const bench = await Bench.deploy([speak(), speak({ id: 'again', text: 'topic', textType: 'msg', seed: '6' })]);
  const first = await bench.result('speak', { payload: 'Yes.', topic: 'Yes.' });
  const changed = { ...first, higgs: { ...higgsOf(first), seed: 9 } };
  expect(higgsOf(await bench.result('again', changed)).seed).toBe(9);
});

test.each([
  ['a field that there is not', { loudnes: -20 }, 'msg.higgs.loudness'],
  ['a number out of range', { speed: 5 }, 'msg.higgs.speed'],
  ['a format that there is not', { format: 'ogg' }, 'msg.higgs.format'],
  ['a truth that is none', { cache: 'maybe' }, 'msg.higgs.cache'],
  ['a priority that is none', { priority: 'high' }, 'msg.higgs.priority'],
  ['something that is no object', 'loud', 'msg.higgs'],
])('%s is an error that names it', async (_name, higgs, field) => {
  const bench = await Bench.deploy([speak()]);
  const error = await bench.error('speak', { payload: 'Yes.', higgs });
  expect(error).toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
  expect(error.message).toContain(`"${field}"`);
  expect(await bench.take('speak', { payload: 'Yes.' })).toHaveProperty('sent');
});

test('a chime that is no sound and a stream that is to be levelled are refused before anything is spoken', async () => {
  const bench = await Bench.deploy([speak()]);
  const noChime = await bench.error('speak', { payload: 'Yes.', higgs: { chimeBefore: 'nowhere.wav' } });
  expect(noChime).toMatchObject({ code: 'HIGGS_CLIP_UNREADABLE' });
  const levelled = await bench.error('speak', { payload: 'Yes.', higgs: { output: 'stream', loudness: -20 } });
  expect(levelled).toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
  expect(levelled.message).toContain('loudness');
});

describe('a message and files', () => {
  test.each(['buffer', 'stream'])('a node that gives a %s does not write files for a message', async (output) => {
    const filename = path.join(temporaryFolder(), 'door.wav');
    const bench = await Bench.deploy([speak({ output, filename, filenameType: 'str' })]);
    const error = await bench.error('speak', { payload: 'Yes.', higgs: { output: 'file', filename } });
    expect(error).toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
    expect(error.message).toContain('msg.higgs.output');
    expect(fs.existsSync(filename)).toBe(false);
  });

  test('a node that writes files may be asked for a Buffer', async () => {
    const filename = path.join(temporaryFolder(), 'door.wav');
    const bench = await Bench.deploy([speak({ output: 'file', filename, filenameType: 'str' })]);
    const msg = await bench.result('speak', { payload: 'Yes.', higgs: { output: 'buffer' } });
    expect(Buffer.isBuffer(msg.payload)).toBe(true);
  });

  test.each(['../door.wav', '/etc/door.wav', '.', 'halls/../../door.wav', '..'])(
    'the name %j does not lead out of the folder that the node names',
    async (filename) => {
      const folder = path.join(temporaryFolder(), 'sounds');
      fs.mkdirSync(folder);
      const node = { output: 'file', filename: path.join(folder, '{hash}.wav'), filenameType: 'str' };
      const bench = await Bench.deploy([speak(node)]);
      const error = await bench.error('speak', { payload: 'Yes.', higgs: { filename } });
      expect(error).toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
      expect(error.message).toContain('msg.higgs.filename');
      expect([fs.readdirSync(folder), fs.readdirSync(path.dirname(folder))]).toEqual([[], ['sounds']]);
    },
  );

  test('a name, or a whole path, within the folder that the node names is taken', async () => {
    const folder = temporaryFolder();
    const bench = await Bench.deploy([
      speak({ output: 'file', filename: path.join(folder, '{voice}', '{hash}.wav'), filenameType: 'str' }),
    ]);
    for (const filename of ['door.wav', path.join(folder, 'hall.wav')]) {
      const msg = await bench.result('speak', { payload: 'Yes.', higgs: { filename } });
      expect(msg.payload).toBe(path.join(folder, path.basename(filename)));
    }
  });

  test('a node whose field says msg.filename leaves the file to the message', async () => {
    const filename = path.join(temporaryFolder(), 'door.wav');
    const bench = await Bench.deploy([speak({ output: 'file' })]);
    expect((await bench.result('speak', { payload: 'Yes.', higgs: { filename } })).payload).toBe(filename);
  });

  test('a node that names no file takes none from msg.higgs', async () => {
    const bench = await Bench.deploy([speak({ output: 'file', filename: '', filenameType: 'str' })]);
    const error = await bench.error('speak', { payload: 'Yes.', higgs: { filename: 'door.wav' } });
    expect(error.message).toContain('names no folder');
  });
});
