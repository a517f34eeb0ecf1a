import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timesOf, withoutSilence } from '../../../src/engine/worker/word-times.js';
import { engineOpener } from '../../engine-kit.js';
import { embeddedVoiceNames } from '../../helpers/embedded-voices.js';
import { blockLevels } from '../../../src/engine/sound/index.js';
import type { WordTime } from '../../../src/engine/requests.js';

const open = engineOpener();

describe('words by the token that sounds in each frame', () => {
  test('begin and end a frame behind the looks at their first and last token, and within the frames', () => {
    const words = [
      { text: 'One', from: 0, to: 2 },
      { text: 'two.', from: 3, to: 5 },
    ];
    expect(timesOf(words, Int32Array.of(0, 1, 1, 2, 2, 3, 4, 5))).toEqual([
      { text: 'One', startSeconds: 0, endSeconds: 0.16 },
      { text: 'two.', startSeconds: 0.24, endSeconds: 0.32 },
    ]);
  });

  test('never overlap nor leave the frames, whatever the path passes over', () => {
    const rising = fc.array(fc.nat(30), { maxLength: 30 }).map((path) => Int32Array.from(path).sort());
    const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 8 });
    fc.assert(
      fc.property(rising, lengths, (path, tokens) => {
        let to = 0;
        const words = tokens.map((count, index) => ({ text: String(index), from: to, to: (to += count) }));
        let last = 0;
        for (const { startSeconds, endSeconds } of timesOf(words, path)) {
          expect(startSeconds).toBeGreaterThanOrEqual(last);
          expect(endSeconds).toBeGreaterThanOrEqual(startSeconds);
          last = endSeconds;
        }
        expect(last).toBeLessThanOrEqual(path.length / 25);
      }),
    );
  });

  test('lose the silence at their ends; a word that is silent stays where it is', () => {
    const levels = new Float32Array(100).fill(-90);
    levels.fill(-20, 20, 40);
    const words = [
      { text: 'heard', startSeconds: 0, endSeconds: 0.6 },
      { text: 'silent', startSeconds: 0.6, endSeconds: 1 },
    ];
    const [heard, silent] = withoutSilence(words, levels);
    expect(heard!.startSeconds).toBeCloseTo(0.2);
    expect(heard!.endSeconds).toBeCloseTo(0.4);
    expect(silent).toEqual(words[1]);
  });
});

/** Words rise, have a length, and lie within. */
function expectToRise(words: readonly WordTime[], startSeconds: number, endSeconds: number): void {
  let last = startSeconds - 1e-6;
  for (const word of words) {
    expect(word.startSeconds).toBeGreaterThanOrEqual(last);
    expect(word.endSeconds).toBeGreaterThan(word.startSeconds);
    last = word.endSeconds - 1e-6;
  }
  expect(last).toBeLessThanOrEqual(endSeconds + 1e-6);
}

/** dB while a word is said, on the whole. */
function loudness(samples: Float32Array, { startSeconds, endSeconds }: WordTime): number {
  return Math.max(...blockLevels(samples.subarray(Math.round(startSeconds * 24_000), Math.round(endSeconds * 24_000))));
}

describe('the embedded model tells of words', () => {
  test('that stand in the sound one behind the other, as long as they are, where it is asked to', async () => {
    const text = 'The extraordinary investigation is a success. Close the kitchen window!';
    const { marks, samples } = await open().speak({ text, seed: 5, wordTimes: true });
    expect(marks).toHaveLength(2);
    for (const { text: said, words = [], startSeconds, endSeconds } of marks) {
      expect(words.map((word) => word.text).join(' ')).toBe(said);
      expectToRise(words, startSeconds, endSeconds);
      for (const word of words) expect(loudness(samples, word)).toBeGreaterThan(-40);
    }
    const secondsOf = Object.fromEntries(
      marks.flatMap(({ words = [] }) => words).map((word) => [word.text, word.endSeconds - word.startSeconds]),
    );
    for (const long of ['extraordinary', 'investigation']) {
      for (const short of ['The', 'is', 'a']) expect(secondsOf[long]).toBeGreaterThan(2 * secondsOf[short]!);
    }
  });

  test('of a clip’s voice, with a bed, in lines at their own speed, where they lie in the result', async () => {
    const lines = [
      { speaker: 'A', text: 'Dinner is ready now. [pause 1] Come down.', speed: 2 },
      { speaker: 'B', text: 'We are coming.' },
    ];
    const [A, B] = embeddedVoiceNames() as [string, string];
    const request = { lines, voices: { A, B }, seed: 3, wordTimes: true };
    const music = { kind: 'bed', track: 'calm', leadInSeconds: 1 } as const;
    const engine = open();
    const plain = await engine.dialogue(request);
    for (const { words = [], startSeconds, endSeconds } of plain.marks) {
      expect(words.length).toBeGreaterThan(2);
      expectToRise(words, startSeconds, endSeconds);
      for (const word of words) expect(loudness(plain.samples, word)).toBeGreaterThan(-40);
    }
    const [now, come] = plain.marks[0]!.words!.slice(3, 5);
    expect(come!.startSeconds - now!.endSeconds).toBeGreaterThan(0.9);
    const mixed = await engine.dialogue({ ...request, music });
    const later = (mark: WordTime): number[] => [mark.startSeconds + 1, mark.endSeconds + 1];
    const times = plain.marks.flatMap(({ words = [] }) => words.flatMap(later));
    const found = mixed.marks.flatMap(({ words = [] }) =>
      words.flatMap((word) => [word.startSeconds, word.endSeconds]),
    );
    expect(found).toHaveLength(times.length);
    for (const [index, seconds] of found.entries()) expect(seconds).toBeCloseTo(times[index]!, 6);
  });

  test('the same while others speak, and nothing of them where nobody asks; the sound is the same either way', async () => {
    const request = { text: 'Someone is at the front door. Please open it.', seed: 8 };
    const engine = open();
    const [asked, again, plain] = await Promise.all([
      engine.speak({ ...request, wordTimes: true }),
      engine.speak({ ...request, wordTimes: true }),
      engine.speak(request),
    ]);
    expect(again.marks).toEqual(asked.marks);
    expect(plain.samples).toEqual(asked.samples);
    expect(plain.marks.some((mark) => 'words' in mark)).toBe(false);
  });
});
