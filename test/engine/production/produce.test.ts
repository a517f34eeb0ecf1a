import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measureLoudness, panGains, produce, ringChime } from '../../../src/engine/production/index.js';
import { encodeWav } from '../../../src/engine/sound/index.js';
import { RATE, sine, voiceLike } from './signals.js';

const sound = { channels: [voiceLike(2)], sampleRateHz: RATE };
const words = [{ text: 'One.', startSeconds: 0.7, endSeconds: 1.3 }];
const marks = [{ index: 0, text: 'One.', startSeconds: 0.5, endSeconds: 1.5, certainty: 'exact' as const, words }];

test('production without options leaves sound and marks as they are', async () => {
  expect(await produce(sound, {}, marks)).toEqual({ sound, marks });
});

test('speed, loudness and chimes are applied in this order, and marks follow', async () => {
  const chimeBefore = { kind: 'builtin', name: 'ding' } as const;
  const chimeAfter = {
    kind: 'clip',
    clip: encodeWav(sine(0.5, { rateHz: 48_000 }), { sampleRateHz: 48_000 }),
  } as const;
  const produced = await produce(sound, { speed: 2, loudnessLufs: -20, chimeBefore, chimeAfter }, marks);
  const [samples] = produced.sound.channels;
  const start = ringChime('ding').length + 0.25 * RATE;
  expect(samples!.length).toBe(start + RATE + 0.25 * RATE + 0.5 * RATE);
  expect(samples!.subarray(0, ringChime('ding').length)).toEqual(ringChime('ding'));
  const speech = { channels: [samples!.subarray(start, start + RATE)], sampleRateHz: RATE };
  expect(measureLoudness(speech)).toBeCloseTo(-20, 1);
  expect(produced.marks[0]!.startSeconds).toBeCloseTo(start / RATE + 0.25, 6);
  expect(produced.marks[0]!.endSeconds).toBeCloseTo(start / RATE + 0.75, 6);
  expect(produced.marks[0]!.words![0]!.startSeconds).toBeCloseTo(start / RATE + 0.35, 6);
  expect(produced.marks[0]!.words![0]!.endSeconds).toBeCloseTo(start / RATE + 0.65, 6);
});

test('every channel gets the chime, and what is no chime is refused before any work', async () => {
  const stereo = { channels: [sine(0.5), sine(0.5)], sampleRateHz: RATE };
  const { channels } = (await produce(stereo, { chimeAfter: { kind: 'builtin', name: 'gong' } })).sound;
  expect(channels[0]).toEqual(channels[1]);
  await expect(produce(sound, { speed: 5 })).rejects.toThrow('"speed"');
  await expect(produce(sound, { chimeBefore: { kind: 'builtin', name: 'cuckoo' as never } })).rejects.toThrow(
    '"chime"',
  );
  await expect(produce(sound, { chimeBefore: { kind: 'clip', clip: new Uint8Array(3) } })).rejects.toMatchObject({
    code: 'HIGGS_CLIP_UNREADABLE',
  });
});

test('panning keeps the power, and its ends are one side alone', () => {
  fc.assert(
    fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (pan) => {
      const [left, right] = panGains(pan);
      expect(left ** 2 + right ** 2).toBeCloseTo(1, 9);
      expect(right ** 2 - left ** 2).toBeCloseTo(Math.sin((pan * Math.PI) / 2), 9);
    }),
  );
  expect(panGains(-1)[1]).toBeCloseTo(0);
  expect(panGains(1)[0]).toBeCloseTo(0);
});
