import { CHIMES, type SoundFormat } from '@higgs-tts/node-red/engine';
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
  maxSeconds: '2',
  seed: '5',
  cache: false,
  ...more,
});
interface Part {
  id: string;
  index: number;
  type: string;
  count?: number;
  last?: boolean;
}
const partOf = (msg: Message) => msg.parts as Part;
const TEXT = 'One, two, three.';

describe('a buffer', () => {
  test.each([
    ['wav16', 'RIFF'],
    ['wav24', 'RIFF'],
    ['wavFloat', 'RIFF'],
    ['flac', 'fLaC'],
  ] satisfies [SoundFormat, string][])('of the format %s begins as such files do', async (format, magic) => {
    const bench = await Bench.deploy([speak({ format })]);
    const { payload, higgs } = await bench.result('speak', { payload: 'Yes.' });
    expect((payload as Buffer).toString('latin1', 0, 4)).toBe(magic);
    expect(higgs).toMatchObject({ format });
  });

  test('of PCM is as long as it says, and MP3 is of frames', async () => {
    const bench = await Bench.deploy([speak({ format: 'pcm16' })]);
    const { payload, higgs } = await bench.result('speak', { payload: 'Yes.' });
    expect((payload as Buffer).length / 2 / 24_000).toBe((higgs as { seconds: number }).seconds);
    const mp3 = await bench.result('speak', { payload: 'Yes.', higgs: { format: 'mp3' } });
    expect((mp3.payload as Buffer).readUInt16BE(0) & 0xffe0).toBe(0xffe0);
    expect(mp3.higgs).toMatchObject({ mediaType: 'audio/mpeg' });
  });

  test('has the chimes of its fields before and after the speech', async () => {
    const bench = await Bench.deploy([speak()]);
    const seconds = async (higgs: object) => {
      const msg = await bench.result('speak', { payload: 'Yes.', higgs });
      return readWav(msg.payload as Buffer).samples.length / 24_000;
    };
    const plain = await seconds({});
    const [chimeBefore, chimeAfter] = CHIMES;
    const between = await seconds({ chimeBefore, chimeAfter });
    const after = await seconds({ chimeAfter });
    expect(after).toBeGreaterThan(plain + 0.5);
    expect(between).toBeGreaterThan(after + 0.5);
    await bench.stop();
    const ringing = await Bench.deploy([speak({ chimeBefore: CHIMES[0], chimeBeforeType: 'chime' })]);
    const none = await ringing.result('speak', { payload: 'Yes.', higgs: { chimeBefore: 'none' } });
    expect(readWav(none.payload as Buffer).samples.length / 24_000).toBe(plain);
  });
});

describe('a file', () => {
  test('is named by a pattern, in folders made for it, with the format’s extension', async () => {
    const folder = temporaryFolder();
    const filename = path.join(folder, '{voice}', '{text}-{hash}');
    const bench = await Bench.deploy([speak({ output: 'file', filename, filenameType: 'str', format: 'flac' })]);
    const msg = await bench.result('speak', { payload: '../Yes!' });
    expect(path.relative(folder, msg.payload as string)).toMatch(/^any[\\/]Yes-[0-9a-f]{16}\.flac$/);
    expect(fs.readFileSync(msg.payload as string, 'latin1').slice(0, 4)).toBe('fLaC');
    const again = await bench.result('speak', { payload: '../Yes!' });
    expect(again.filename).toBe(msg.filename);
    const other = await bench.result('speak', { payload: '../Yes!', higgs: { speed: 1.5 } });
    expect(other.filename).not.toBe(msg.filename);
  });

  test('that is to be kept is not spoken again', async () => {
    const file = path.join(temporaryFolder(), 'yes.wav');
    fs.writeFileSync(file, 'kept');
    const bench = await Bench.deploy([
      speak({ output: 'file', overwrite: 'keep', filename: file, filenameType: 'str' }),
    ]);
    const msg = await bench.result('speak', { payload: 'Yes.' });
    expect(msg).toMatchObject({ payload: file, filename: file, higgs: { kept: true, filename: file } });
    expect(fs.readFileSync(file, 'utf8')).toBe('kept');
  });

  test('of each of several messages at once has a number of its own', async () => {
    const folder = temporaryFolder();
    const filename = path.join(folder, 'yes.wav');
    const bench = await Bench.deploy([speak({ output: 'file', overwrite: 'number', filename, filenameType: 'str' })]);
    for (const payload of ['Yes.', 'No.', 'Yes.']) bench.send('speak', { payload });
    await bench.until(() => bench.completed.length === 3);
    expect(fs.readdirSync(folder).sort()).toEqual(['yes-2.wav', 'yes-3.wav', 'yes.wav']);
  });

  test('that is there already is an error where that is asked', async () => {
    const filename = path.join(temporaryFolder(), 'yes.wav');
    const bench = await Bench.deploy([speak({ output: 'file', overwrite: 'error', filename, filenameType: 'str' })]);
    await bench.result('speak', { payload: 'Yes.' });
    expect(await bench.error('speak', { payload: 'Yes.' })).toMatchObject({ code: 'HIGGS_OUTPUT_UNWRITABLE' });
  });
});

describe('subtitles', () => {
  const TWO = 'One. [pause 0.2] Two.';
  const textOf = (msg: Message) => (msg.higgs as { subtitleText?: string }).subtitleText;

  test('lie beside a file under the same stem, and a file that is kept keeps them', async () => {
    const filename = path.join(temporaryFolder(), 'told.wav');
    const subtitleFile = filename.replace('.wav', '.srt');
    const bench = await Bench.deploy([
      speak({ output: 'file', overwrite: 'keep', filename, filenameType: 'str', subtitles: 'srt' }),
    ]);
    const msg = await bench.result('speak', { payload: TWO });
    expect(msg.higgs).toMatchObject({ filename, subtitleFile });
    expect(textOf(msg)).toMatch(/^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\nOne\./);
    expect(fs.readFileSync(subtitleFile, 'utf8')).toBe(textOf(msg));
    const kept = await bench.result('speak', { payload: 'Something else.' });
    expect(kept.higgs).toMatchObject({ kept: true, subtitleFile, subtitleText: textOf(msg) });
  });

  test.each(['buffer', 'stream', 'url'])(
    'are told with a %s, in the form that the message asks for',
    async (output) => {
      const bench = await Bench.deploy([speak({ output })]);
      const last = async (higgs?: object) => {
        bench.send('speak', { payload: TWO, ...(higgs === undefined ? {} : { higgs }) });
        await bench.until(() => bench.completed.length === 1);
        bench.completed.length = 0;
        return bench.sent.at(-1)!;
      };
      expect(textOf(await last())).toBeUndefined();
      const told = await last({ subtitles: 'vtt', chimeBefore: CHIMES[0] });
      expect(textOf(told)).toMatch(/^WEBVTT\n\n00:00:0\d/);
      const { marks } = told.higgs as { marks: { startSeconds: number }[] };
      // As long as the chime is heard nothing is said.
      expect(marks[0]!.startSeconds).toBeGreaterThan(0.5);
      expect(textOf(told)).toContain(`00:00:0${marks[0]!.startSeconds.toFixed(3)} -->`);
    },
  );

  test('of a dialogue name the speakers, and an unknown form is refused', async () => {
    const speakers = [
      { speaker: 'Anna', voice: 'ella' },
      { speaker: 'Bert', voice: 'robert' },
    ];
    const spoken = { turns: 'by-line', maxSeconds: '0.8', seed: '5', subtitles: 'vtt' };
    const bench = await Bench.deploy([{ id: 'speak', type: 'higgs-dialogue', speakers, ...spoken }]);
    const msg = await bench.result('speak', { payload: 'Anna: One.\nBert: Two.' });
    expect(textOf(msg)).toMatch(/\n<v Anna>One\.\n[^]*\n<v Bert>Two\.\n$/);
    const refused = await bench.error('speak', { payload: 'Anna: One.', higgs: { subtitles: 'txt' } });
    expect(refused).toMatchObject({
      code: 'HIGGS_OPTION_INVALID',
      message: expect.stringContaining('none, vtt, srt') as string,
    });
  });
});

describe('a stream', () => {
  test('is the buffer in parts, the account in the last one, and complete once', async () => {
    const bench = await Bench.deploy([speak({ format: 'pcm16' })]);
    const whole = await bench.result('speak', { payload: TEXT });
    bench.sent.length = 0;
    bench.completed.length = 0;
    bench.send('speak', { payload: TEXT, topic: 'hall', higgs: { output: 'stream' } });
    await bench.until(() => bench.completed.length === 1);
    const parts = bench.sent.map(partOf);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map(({ index }) => index)).toEqual(parts.map((_, index) => index));
    expect(new Set(parts.map(({ id }) => id)).size).toBe(1);
    expect(parts.map(({ last }) => last === true)).toEqual(parts.map((_, index) => index === parts.length - 1));
    expect(parts.at(-1)).toMatchObject({ type: 'buffer', count: parts.length });
    expect(bench.sent.every(({ topic }) => topic === 'hall')).toBe(true);
    expect(bench.sent.map(({ higgs }) => higgs !== undefined)).toEqual(parts.map(({ last }) => last === true));
    expect(bench.sent.at(-1)!.higgs).toMatchObject({ ...(whole.higgs as object), ...anyTimes });
    const bytes = Buffer.concat(bench.sent.map(({ payload }) => payload as Buffer));
    expect(bytes.equals(whole.payload as Buffer)).toBe(true);
  });

  const anyTimes = { workSeconds: expect.any(Number) as number, firstSoundSeconds: expect.any(Number) as number };

  test('begins before the speech is over', async () => {
    const bench = await Bench.deploy([speak({ output: 'stream', maxSeconds: '30' })]);
    bench.send('speak', { payload: `${TEXT} `.repeat(4) });
    await bench.until(() => bench.sent.length > 0);
    expect(bench.lastStatus('speak')).toMatchObject({ fill: 'blue' });
    expect(bench.completed).toEqual([]);
    await bench.until(() => bench.completed.length === 1);
  });

  test('with chimes and another speed is what the buffer is, as a Join node puts it together', async () => {
    const higgs = { chimeBefore: CHIMES[0], chimeAfter: CHIMES[1], speed: 1.25, format: 'pcm16' };
    const join = { id: 'join', type: 'join', mode: 'auto', wires: [['out']] };
    const bench = await Bench.deploy([speak({ output: 'stream', wires: [['join']] }), join]);
    bench.send('speak', { payload: TEXT, higgs });
    await bench.until(() => bench.sent.length === 1);
    await bench.stop();
    const whole = await Bench.deploy([speak()]);
    const { payload, higgs: account } = await whole.result('speak', {
      payload: TEXT,
      higgs,
    });
    expect((bench.sent[0]!.payload as Buffer).equals(payload as Buffer)).toBe(true);
    const { marks, seconds } = account as { marks: unknown; seconds: number };
    expect(bench.sent[0]!.higgs).toMatchObject({ marks, seconds });
    expect(bench.sent[0]).not.toHaveProperty('parts');
  });

  test('follows the one before it, whole, when several messages wait', async () => {
    const bench = await Bench.deploy([speak({ output: 'stream' })]);
    for (const index of [0, 1, 2]) bench.send('speak', { payload: `${TEXT} ${index}.`, index });
    await bench.until(() => bench.completed.length === 3);
    const order = bench.sent.map((msg) => [msg.index, partOf(msg).last === true]);
    expect(order.filter(([, last]) => last)).toEqual([0, 1, 2].map((index) => [index, true]));
    expect(order.map(([index]) => index)).toEqual(order.map(([index]) => index as number).toSorted((a, b) => a - b));
  });

  test('that is stopped has one end, which says so', async () => {
    const bench = await Bench.deploy([speak({ output: 'stream', maxSeconds: '60' })]);
    bench.send('speak', { payload: `${TEXT} `.repeat(20) });
    await bench.until(() => bench.sent.length > 0);
    bench.send('speak', { cmd: 'stop' });
    await bench.until(() => bench.completed.length === 2);
    const ends = bench.sent.filter((msg) => partOf(msg).last === true);
    expect(ends).toHaveLength(1);
    expect(ends[0]).toMatchObject({ higgs: { cancelled: true }, parts: { count: bench.sent.length } });
    expect(bench.caught).toEqual([]);
  });
});
