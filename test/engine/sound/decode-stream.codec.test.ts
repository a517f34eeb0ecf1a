/** The stream over the codecs of the reference kits, as onnxruntime runs them. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeFrames, sliceFrames } from '../../../src/engine/codes.js';
import { seededRng } from '../../../src/engine/frames/index.js';
import { openCodec, type LoadedCodec } from '../../../src/engine/runtime/index.js';
import { decodeStream } from '../../../src/engine/sound/index.js';
import { largestDifference, peakOf } from '../../helpers/compare.js';
import { KITS, loadKit } from '../../helpers/kit.js';
import { drain, streamOf } from '../../helpers/streams.js';
import { joinFloats } from '../../../src/engine/values.js';

let cacheDir: string;
beforeAll(async () => {
  cacheDir = await fs.mkdtemp(path.join(os.tmpdir(), 'higgs-stream-'));
});
afterAll(() => fs.rm(cacheDir, { recursive: true, force: true }));

describe.each(KITS)('kit %s', (name) => {
  const kit = loadKit(name);
  let codec: LoadedCodec;
  beforeAll(async () => {
    codec = await openCodec({ codecDir: kit.codecDir, cacheDir, device: 'cpu', threads: 1 });
  });
  afterAll(() => codec.close());

  test.each([
    ['some', 45, {}],
    ['many', 130, { firstFrames: 3, maxFrames: 24 }],
    ['fewer than the reach', 4, {}],
  ])('%s frames in chunks are what they are at once', async (_name, frameCount, sizes) => {
    const rng = seededRng(frameCount);
    const { numCodebooks, codebookSize } = codec;
    const codes = Int32Array.from({ length: frameCount * numCodebooks }, () => Math.floor(rng() * codebookSize));
    const frames = codeFrames(numCodebooks, codes);
    const single = Array.from({ length: frameCount }, (_, frame) => sliceFrames(frames, frame, frame + 1));
    const whole = await codec.decode(frames);
    const streamed = joinFloats((await drain(decodeStream(streamOf(single, 0), codec, sizes))).values);
    expect(streamed.length).toBe(frameCount * codec.hopSamples);
    // Of the peak: these random weights give sounds far beyond full scale.
    expect(largestDifference(streamed, whole) / peakOf(whole)).toBeLessThan(1e-5);
  });
});
