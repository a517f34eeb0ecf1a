/** Text that is there but has nothing to say in it, such as an emoji: a short silence that every player takes. */
import { encodeSound, openSoundEncoder, SOUND_FORMATS } from '@higgs-tts/node-red/engine';
import { expect, test } from 'vitest';
import { LEAST_SECONDS } from '../../../src/engine/worker/assembler.js';
import { engineOpener, SMALL_MODEL } from '../../engine-kit.js';

const engine = engineOpener({ model: SMALL_MODEL })();

test.each([
  ['an emoji', '😀'],
  ['marks alone', '… !!! —'],
  ['the model’s own commands', '<|eot_id|><|audio_eos|>'],
  ['a laugh alone', '[laugh]'],
  ['a pause of no length', '[pause 0]'],
  ['marks around a pause of no length', '… [pause 0] 🎉'],
  ['a joiner that nobody sees', '\u200d'],
])('a text of %s is a short silence', async (_what, text) => {
  const chunks: number[] = [];
  const result = await engine.speak({ text }, { onChunk: ({ samples }) => chunks.push(samples.length) });
  expect(result).toMatchObject({ durationSeconds: LEAST_SECONDS, frameCount: 0, stop: 'ended', marks: [] });
  expect(result.samples.every((sample) => sample === 0)).toBe(true);
  expect(chunks).toEqual([result.samples.length]);
});

test('a text of pauses alone is as long as they say', async () => {
  expect((await engine.speak({ text: '[pause 0.8] 😀 [pause 0.2]' })).durationSeconds).toBeCloseTo(1, 6);
});

test('a line of a dialogue without words is passed over, and the others are spoken', async () => {
  const lines = [
    { speaker: 'Anna', text: 'Yes.' },
    { speaker: 'Ben', text: '😀' },
    { speaker: 'Anna', text: 'No.' },
  ];
  const voices = { Anna: { kind: 'any' }, Ben: { kind: 'any' } } as const;
  const result = await engine.dialogue({ lines, voices, maxSeconds: 0.4, seed: 1 });
  expect(result.marks.map(({ text }) => text)).toEqual(['Yes.', '😀', 'No.']);
  expect(result.marks[1]!.endSeconds).toBe(result.marks[1]!.startSeconds);
  const silent = await engine.dialogue({ lines: lines.slice(1, 2), voices });
  expect(silent.durationSeconds).toBe(LEAST_SECONDS);
});

test.each(SOUND_FORMATS)('the short silence is a file and a stream of %s with samples in it', async (format) => {
  const { samples, sampleRateHz } = await engine.speak({ text: '😀' });
  const nothing = await encodeSound({ channels: [new Float32Array(0)], sampleRateHz }, format);
  expect((await encodeSound({ channels: [samples], sampleRateHz }, format)).length).toBeGreaterThan(nothing.length);
  const encoder = await openSoundEncoder(format, { sampleRateHz, channelCount: 1 });
  const parts = [encoder.push([samples]), await encoder.end()];
  expect(Buffer.concat(parts).length).toBeGreaterThan(nothing.length);
});
