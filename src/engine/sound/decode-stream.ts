/** From frames to sound while frames still come. */
import { codeFrames, type CodeFrames } from '../codes.js';
import type { Codec } from './types.js';

export interface DecodeOptions {
  /** Frames of the first chunk: small, so that the first sound is early. Default 5 (0.2 s). */
  readonly firstFrames?: number;
  /** Chunks double until they have so many: each is decoded with its surroundings, so small ones cost more. Default 50. */
  readonly maxFrames?: number;
}

/**
 * Chunks of samples that follow each other without a seam: together they are what `codec.decode` gives for all frames at
 * once, for each is decoded with the frames within the codec's reach on both sides and only its own part is kept.
 * A chunk is there as soon as the frames within reach behind it are. Chunks are views on arrays of their own.
 * What `frames` returns at its end is returned; ended early, it ends `frames` too.
 */
export async function* decodeStream<Result>(
  frames: AsyncIterator<CodeFrames, Result>,
  codec: Codec,
  { firstFrames = 5, maxFrames = 50 }: DecodeOptions = {},
): AsyncGenerator<Float32Array, Result, void> {
  const { numCodebooks, reachFrames, hopSamples } = codec;
  const codes: number[] = [];
  const frameCount = () => codes.length / numCodebooks;
  let decoded = 0;
  let chunkFrames = firstFrames;

  const decodeUntil = async (end: number): Promise<Float32Array> => {
    const from = Math.max(0, decoded - reachFrames);
    const to = Math.min(frameCount(), end + reachFrames);
    const window = codeFrames(numCodebooks, Int32Array.from(codes.slice(from * numCodebooks, to * numCodebooks)));
    const samples = await codec.decode(window);
    const chunk = samples.subarray((decoded - from) * hopSamples, (end - from) * hopSamples);
    decoded = end;
    return chunk;
  };

  try {
    for (;;) {
      const step = await frames.next();
      if (step.done === true) {
        if (decoded < frameCount()) yield await decodeUntil(frameCount());
        return step.value;
      }
      for (const code of step.value.codes) codes.push(code);
      while (decoded + chunkFrames + reachFrames <= frameCount()) {
        yield await decodeUntil(decoded + chunkFrames);
        chunkFrames = Math.min(2 * chunkFrames, maxFrames);
      }
    }
  } finally {
    await frames.return?.();
  }
}
