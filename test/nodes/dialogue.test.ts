import { expect, test } from 'vitest';
import { readWav } from '../../src/engine/sound/index.js';
import { Bench, nodeRed, type FlowNode, type Message } from './node-red-kit.js';

nodeRed();
const dialogue = (more: object = {}): FlowNode => ({
  id: 'talk',
  type: 'higgs-dialogue',
  name: '',
  speakers: [
    { speaker: 'Anna', voice: 'ella' },
    { speaker: 'Ben', voice: 'robert' },
  ],
  maxSeconds: '0.8',
  seed: '3',
  ...more,
});

interface Mark {
  speaker: string;
  startSeconds: number;
  endSeconds: number;
  certainty: string;
}
const marksOf = (msg: Message) => (msg.higgs as { marks: Mark[] }).marks;

test('lines spoken one by one are one sound, with exact marks and the pause between them', async () => {
  const bench = await Bench.deploy([dialogue({ turns: 'by-line', gap: '0.4' })]);
  const msg = await bench.result('talk', { payload: 'Anna: Hello.\nBen: Good day.', topic: 'door' });
  const [first, second] = marksOf(msg);
  expect([first!.speaker, second!.speaker]).toEqual(['Anna', 'Ben']);
  expect(first!.certainty).toBe('exact');
  expect(second!.startSeconds - first!.endSeconds).toBeCloseTo(0.4, 3);
  const { samples } = readWav(msg.payload as Buffer);
  expect(samples.length / 24_000).toBeGreaterThanOrEqual(second!.endSeconds - 0.001);
  expect(msg.topic).toBe('door');
});

test('a list of lines and tags of the model mean the same as names', async () => {
  const bench = await Bench.deploy([
    dialogue({
      speakers: [
        { speaker: 'SPEAKER0', voice: 'ella' },
        { speaker: 'SPEAKER1', voice: 'robert' },
      ],
    }),
  ]);
  const tagged = await bench.result('talk', { payload: '[SPEAKER0] Hello.\n[SPEAKER1] Good day.' });
  const listed = await bench.result('talk', {
    payload: [
      { speaker: 'SPEAKER0', text: 'Hello.' },
      { speaker: 'SPEAKER1', text: 'Good day.' },
    ],
  });
  expect(marksOf(tagged)).toHaveLength(2);
  expect(Buffer.compare(tagged.payload as Buffer, listed.payload as Buffer)).toBe(0);
});

test('voices in the message win over the list, speaker by speaker', async () => {
  const bench = await Bench.deploy([dialogue({ turns: 'by-line' })]);
  const msg = await bench.result('talk', { payload: 'Anna: Hello.\nBen: Good day.', voices: { Ben: 'frank' } });
  expect((msg.higgs as { voice: string }).voice).toBe('ella, frank');
});

test.each([
  ['a speaker without a voice', { payload: 'Anna: Hello.\nCarl: Good day.' }, 'HIGGS_DIALOGUE_INVALID', 'Carl'],
  ['a line without a text', { payload: [{ speaker: 'Anna' }] }, 'HIGGS_DIALOGUE_INVALID', 'text'],
  ['an empty list', { payload: [] }, 'HIGGS_DIALOGUE_INVALID', 'lines'],
  ['a payload that is no script', { payload: 7 }, 'HIGGS_DIALOGUE_INVALID', 'number'],
  ['voices that are none', { payload: 'Anna: Hello.', voices: 'ella' }, 'HIGGS_OPTION_INVALID', 'msg.voices'],
  ['an unknown voice', { payload: 'Anna: Hello.', voices: { Anna: 'nobody' } }, 'HIGGS_VOICE_UNKNOWN', 'nobody'],
  ['turns that are none', { payload: 'Anna: Hello.', turns: 'at once' }, 'HIGGS_OPTION_INVALID', 'turns'],
])('%s reaches Catch with its code', async (_name, msg, code, word) => {
  const bench = await Bench.deploy([dialogue()]);
  const error = await bench.error('talk', msg);
  expect(error).toMatchObject({ code });
  expect(error.message).toContain(word);
  expect(bench.lastStatus('talk')).toMatchObject({ fill: 'red' });
});

test('speakers who stand apart are heard in stereo, in a buffer and in a stream', async () => {
  const speakers = [
    { speaker: 'Anna', voice: '', voiceType: 'voice', pan: -1 },
    { speaker: 'Ben', voice: 'topic', voiceType: 'msg', pan: '1' },
  ];
  const bench = await Bench.deploy([dialogue({ speakers, turns: 'by-line', format: 'pcm16', seed: '3' })]);
  const said = { payload: 'Anna: Hello.\nBen: Good day.', topic: { kind: 'any' } };
  const whole = await bench.result('talk', { ...said });
  expect(whole.higgs).toMatchObject({ channels: 2, voice: 'any, any' });
  expect((whole.payload as Buffer).length).toBeCloseTo(4 * 24_000 * (whole.higgs as { seconds: number }).seconds, 3);
  bench.sent.length = 0;
  bench.completed.length = 0;
  bench.send('talk', { ...said, higgs: { output: 'stream' } });
  await bench.until(() => bench.completed.length + bench.caught.length === 1);
  expect(bench.caught.map(({ error }) => error.message)).toEqual([]);
  const streamed = Buffer.concat(bench.sent.map(({ payload }) => payload as Buffer));
  expect(streamed.equals(whole.payload as Buffer)).toBe(true);
});

test('each speaker alone comes out of the second output, as long as the whole', async () => {
  const stems = { ...dialogue({ turns: 'by-line', stems: true }), wires: [['out'], ['out']] };
  const bench = await Bench.deploy([stems]);
  bench.send('talk', { payload: 'Anna: Hello.\nBen: Good day.', topic: 'door' });
  await bench.until(() => bench.sent.length === 2);
  const whole = bench.sent.find(({ payload }) => Buffer.isBuffer(payload))!;
  const apart = bench.sent.find(({ payload }) => !Buffer.isBuffer(payload))!;
  expect(apart).toMatchObject({ topic: 'door', higgs: { channels: 1, format: 'wav16' } });
  const { Anna, Ben } = apart.payload as Record<string, Buffer>;
  for (const stem of [Anna!, Ben!]) expect(stem.length).toBe((whole.payload as Buffer).length);
  expect(Anna!.equals(Ben!)).toBe(false);
});

test('pauses, overlaps and settings of single lines reach the engine', async () => {
  const bench = await Bench.deploy([dialogue({ turns: 'by-line', seed: '3' })]);
  const marks = async (payload: string, higgs = {}) => marksOf(await bench.result('talk', { payload, higgs }));
  const [plainFirst, plainSecond] = await marks('Anna: Hello.\nBen: Good day.');
  const [first, second] = await marks('Anna: Hello.\nBen: Good day.', { gap: -0.1 });
  expect(second!.startSeconds - first!.endSeconds).toBeCloseTo(-0.1, 2);
  const [, later] = await marks('Anna: Hello.\nBen (gap 1.5): Good day.');
  expect(later!.startSeconds - plainSecond!.startSeconds).toBeCloseTo(1.5 - 0.3, 2);
  expect(plainFirst!.startSeconds).toBe(0);
});
