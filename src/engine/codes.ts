/** The vocabulary of frames, shared by every room: what a code is, what a frame is, how they lie in memory. */

/** How one step of the language model is laid out. Source: reference `HiggsAudioV2Config`. */
export interface FrameShape {
  /** Codebooks in a frame (8 in the published model). */
  readonly numCodebooks: number;
  /** Codes in a codebook, bos and eos included (1026 in the published model). */
  readonly codebookSize: number;
  /** The code that opens a codebook's stream (1024 in the published model). */
  readonly bosCode: number;
  /** The code that closes a codebook's stream (1025 in the published model). */
  readonly eosCode: number;
}

/** Frames in order of time: frame f's code of codebook c is `codes[f * numCodebooks + c]`. */
export interface CodeFrames {
  readonly numCodebooks: number;
  readonly frameCount: number;
  readonly codes: Int32Array;
}

/** `codes` as frames; its length must be a multiple of `numCodebooks`. */
export function codeFrames(numCodebooks: number, codes: Int32Array): CodeFrames {
  return { numCodebooks, frameCount: codes.length / numCodebooks, codes };
}

/** Frames [from, to) of `frames`, as a view on the same memory. */
export function sliceFrames(frames: CodeFrames, from: number, to: number): CodeFrames {
  const { numCodebooks } = frames;
  return codeFrames(numCodebooks, frames.codes.subarray(from * numCodebooks, to * numCodebooks));
}

export const SAMPLE_RATE_HZ = 24_000;
/** Samples that one frame becomes. */
export const HOP_SAMPLES = 960;
export const FRAMES_PER_SECOND = SAMPLE_RATE_HZ / HOP_SAMPLES;
