import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeFrames, sliceFrames, type CodeFrames } from '../../../src/engine/codes.js';
import { seededRng } from '../../../src/engine/frames/index.js';
import type { LoadedCodec } from '../../../src/engine/runtime/codec.js';
import { largestDifference, peakOf } from '../../helpers/compare.js';
import { KITS, loadKit } from '../../helpers/kit.js';
import { codecOpener, EMBEDDED } from './codec-kit.js';

const { open } = codecOpener();

/** Codes at random, always the same ones. */
function drawnFrames({ numCodebooks, codebookSize }: LoadedCodec, frameCount: number): CodeFrames {
  const rng = seededRng(frameCount);
  return codeFrames(
    numCodebooks,
    Int32Array.from({ length: frameCount * numCodebooks }, () => Math.floor(rng() * codebookSize)),
  );
}

const DECODERS = [...KITS.map((name) => [name, 10] as const), ['embedded', 26] as const] as const;

// The embedded decoder widens its rate at the end: its first dilated convolutions see few samples a frame, and reach further.
describe.each(DECODERS)('the decoder of %s reaches %i frames', (name, reachFrames) => {
  let codec: LoadedCodec;
  beforeAll(async () => {
    codec = await open(name === 'embedded' ? EMBEDDED : loadKit(name).codecDir);
  });
  afterAll(() => codec.close());

  /** How far frames [from, to), decoded with `reach` frames each side, are from themselves in the whole, at most. */
  const windowError = async (reach: number, windowFrames: number): Promise<number> => {
    const frames = drawnFrames(codec, 60);
    const whole = await codec.decode(frames);
    let largest = 0;
    for (let from = 0; from < frames.frameCount; from += windowFrames) {
      const to = Math.min(frames.frameCount, from + windowFrames);
      const first = Math.max(0, from - reach);
      const window = await codec.decode(sliceFrames(frames, first, Math.min(frames.frameCount, to + reach)));
      const [begin, end] = [from * codec.hopSamples, to * codec.hopSamples];
      const kept = window.subarray(begin - first * codec.hopSamples, end - first * codec.hopSamples);
      largest = Math.max(largest, largestDifference(kept, whole.subarray(begin, end)));
    }
    return largest;
  };

  test('frames that are asked for among others are what they are in the whole', async () => {
    const frames = drawnFrames(codec, 40);
    const whole = await codec.decode(frames);
    for (const [from, to] of [
      [0, 40],
      [0, 1],
      [3, 4],
      [9, 12],
      [12, 28],
      [39, 40],
      [5, 5],
    ] as const) {
      const kept = await codec.decode(frames, from, to);
      const expected = whole.subarray(from * codec.hopSamples, to * codec.hopSamples);
      expect(kept.length).toBe(expected.length);
      if (kept.length > 0) expect(largestDifference(kept, expected) / peakOf(whole)).toBeLessThan(1e-6);
    }
  });

  test.each([1, 7, 25])(
    '%i frames decoded with that many more each side are what they are in the whole',
    async (frames) => {
      expect(codec.reachFrames).toBe(reachFrames);
      expect(await windowError(codec.reachFrames, frames)).toBeLessThan(1e-5);
    },
  );

  // The trained voice's sound is too quiet at the far end of its reach for this to show.
  if (name !== 'embedded') {
    test('with one less each side they are not', async () => {
      expect(await windowError(codec.reachFrames - 1, 7)).toBeGreaterThan(1);
    });
  }
});
