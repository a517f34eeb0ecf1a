import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeFrames, sliceFrames, type CodeFrames } from '../../../src/engine/codes.js';
import { decodeStream, type Codec } from '../../../src/engine/sound/index.js';
import { drain, streamOf } from '../../helpers/streams.js';
import { joinFloats } from '../../../src/engine/values.js';

/** A codec of arithmetic, whose frames hear exactly `reachFrames` to each side and know where the codes end. */
function arithmeticCodec(reachFrames: number): Codec & { readonly decodedFrames: number[] } {
  const [numCodebooks, hopSamples] = [2, 4];
  const decodedFrames: number[] = [];
  return {
    numCodebooks,
    hopSamples,
    reachFrames,
    codebookSize: 100,
    decodedFrames,
    encode: () => Promise.reject(new Error('not asked for')),
    decode({ frameCount, codes }, from = 0, to = frameCount) {
      decodedFrames.push(frameCount);
      const samples = new Float32Array(frameCount * hopSamples);
      for (let frame = 0; frame < frameCount; frame++) {
        for (let near = -reachFrames; near <= reachFrames; near++) {
          const other = frame + near;
          if (other < 0 || other >= frameCount) continue;
          for (let within = 0; within < hopSamples; within++) {
            const value = codes[other * 2]! * Math.cos(near + within) + codes[other * 2 + 1]! * Math.sin(near * within);
            samples[frame * hopSamples + within]! += value;
          }
        }
      }
      return Promise.resolve(samples.slice(from * hopSamples, to * hopSamples));
    },
  };
}

const oneByOne = (frames: CodeFrames) =>
  Array.from({ length: frames.frameCount }, (_, frame) => sliceFrames(frames, frame, frame + 1));

test('chunks put together are the whole, for any reach, length and size of chunks', async () => {
  const codes = fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 120 });
  const small = fc.integer({ min: 1, max: 12 });
  await fc.assert(
    fc.asyncProperty(codes, fc.nat(10), small, small, async (values, reach, firstFrames, maxFrames) => {
      const frames = codeFrames(2, Int32Array.from(values.slice(0, values.length - (values.length % 2))));
      const codec = arithmeticCodec(reach);
      const whole = await codec.decode(frames);
      const stream = decodeStream(streamOf(oneByOne(frames), 'done'), codec, { firstFrames, maxFrames });
      const { values: chunks, result } = await drain(stream);
      expect(result).toBe('done');
      expect(chunks.every((chunk) => chunk.length > 0)).toBe(true);
      const joined = joinFloats(chunks);
      expect(joined.length).toBe(whole.length);
      for (const [at, sample] of joined.entries()) expect(Math.abs(sample - whole[at]!)).toBeLessThan(1e-3);
    }),
    { numRuns: 200 },
  );
});

test('the first chunk is early and small, later ones grow up to the most', async () => {
  const codec = arithmeticCodec(10);
  const frames = codeFrames(2, new Int32Array(2 * 300));
  let read = 0;
  async function* counted() {
    for (const frame of oneByOne(frames)) {
      read++;
      yield await Promise.resolve(frame);
    }
  }
  const stream = decodeStream(counted(), codec);
  const first = await stream.next();
  expect((first.value as unknown as Float32Array).length / codec.hopSamples).toBe(5);
  // Frames go on coming while the chunk is decoded.
  expect(read).toBeGreaterThanOrEqual(15);
  expect(read).toBeLessThan(20);
  const rest = (await drain(stream)).values.map((chunk) => chunk.length / codec.hopSamples);
  expect(rest).toEqual([10, ...Array<number>(13).fill(20), 25]);
  expect(Math.max(...codec.decodedFrames)).toBeLessThanOrEqual(40);
});

test('frames that come several at a time give the same sound', async () => {
  const frames = codeFrames(
    2,
    Int32Array.from({ length: 80 }, (_, at) => at),
  );
  const codec = arithmeticCodec(3);
  const stream = decodeStream(streamOf([sliceFrames(frames, 0, 25), sliceFrames(frames, 25, 40)], 0), codec);
  expect(joinFloats((await drain(stream)).values)).toEqual(await codec.decode(frames));
});

test('no frames give no chunks, and a listener who leaves ends the frames', async () => {
  const codec = arithmeticCodec(1);
  expect((await drain(decodeStream(streamOf([], 'nothing'), codec))).values).toEqual([]);
  let ended = false;
  async function* endless() {
    try {
      for (;;) yield await Promise.resolve(codeFrames(2, Int32Array.of(1, 2)));
    } finally {
      ended = true;
    }
  }
  for await (const chunk of decodeStream(endless(), codec)) {
    expect(chunk.length).toBe(20);
    break;
  }
  expect(ended).toBe(true);
});
