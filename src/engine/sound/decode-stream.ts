/** From frames to sound while frames still come. */
import { codeFrames, type CodeFrames } from '../codes.js';
import type { Codec } from './types.js';

export interface DecodeOptions {
  /** Frames of the first chunk: small, so that the first sound is early. Default 5 (0.2 s). */
  readonly firstFrames?: number;
  /** Chunks double until they have so many: each is decoded with its surroundings, so small ones cost more. Default 20. */
  readonly maxFrames?: number;
  /**
   * Called when a chunk is about to be decoded. All chunks before it have been taken by then, so what was learnt of them
   * may decide about the frames to come: which frames there are at this call does not depend on how fast anything is.
   */
  readonly onDecode?: (() => void) | undefined;
}

/**
 * Chunks of samples that follow each other without a seam: together they are what `codec.decode` gives for all frames at
 * once, for each is decoded with the frames within the codec's reach on both sides and only its own part is kept.
 * A chunk is there as soon as the frames within reach behind it are, and it is decoded: one chunk at a time, while frames
 * go on coming.
 * What `frames` returns at its end is returned; ended early, it ends `frames` too.
 */
export async function* decodeStream<Result>(
  frames: AsyncIterator<CodeFrames, Result>,
  codec: Codec,
  { firstFrames = 5, maxFrames = 20, onDecode }: DecodeOptions = {},
): AsyncGenerator<Float32Array, Result, void> {
  const { numCodebooks, reachFrames } = codec;
  const codes: number[] = [];
  const frameCount = () => codes.length / numCodebooks;
  /** Frames whose sound has been asked for. */
  let decoded = 0;
  let chunkFrames = firstFrames;
  /** The chunk that is being decoded. */
  let inWork: Promise<Float32Array> | undefined;

  const decodeUntil = (end: number): Promise<Float32Array> => {
    onDecode?.();
    const begin = decoded;
    decoded = end;
    const from = Math.max(0, begin - reachFrames);
    const to = Math.min(frameCount(), end + reachFrames);
    const window = codeFrames(numCodebooks, Int32Array.from(codes.slice(from * numCodebooks, to * numCodebooks)));
    return codec.decode(window, begin - from, end - from);
  };

  try {
    let coming = frames.next();
    for (;;) {
      const ready = await earlier(coming, inWork);
      if (ready.chunk) {
        inWork = undefined;
        yield ready.chunk;
        continue;
      }
      const { step } = ready;
      if (step.done !== true) for (const code of step.value.codes) codes.push(code);
      while (decoded + chunkFrames + reachFrames <= frameCount()) {
        if (inWork) yield await inWork;
        inWork = decodeUntil(decoded + chunkFrames);
        chunkFrames = Math.min(2 * chunkFrames, maxFrames);
      }
      if (step.done !== true) {
        coming = frames.next();
        continue;
      }
      if (inWork) yield await inWork;
      inWork = undefined;
      if (decoded < frameCount()) yield await decodeUntil(frameCount());
      return step.value;
    }
  } finally {
    await frames.return?.();
    // The codec is still at work; whoever ended this may close it next.
    await inWork?.catch(() => undefined);
  }
}

type Ready<Result> =
  | { readonly chunk: Float32Array; readonly step?: undefined }
  | { readonly step: IteratorResult<CodeFrames, Result>; readonly chunk?: undefined };

/** Whichever is there first, the frame or the chunk. */
function earlier<Result>(
  coming: Promise<IteratorResult<CodeFrames, Result>>,
  inWork: Promise<Float32Array> | undefined,
): Promise<Ready<Result>> {
  const frame = coming.then((step): Ready<Result> => ({ step }));
  return inWork ? Promise.race([inWork.then((chunk): Ready<Result> => ({ chunk })), frame]) : frame;
}
