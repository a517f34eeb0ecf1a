/** The codec as the sound room sees it; `runtime/` gives a real one. */
import type { CodeFrames } from '../codes.js';

export interface Codec {
  readonly numCodebooks: number;
  /** Codes a codebook, bos and eos not counted (1024 in the published codec). */
  readonly codebookSize: number;
  /** Samples a frame (960). */
  readonly hopSamples: number;
  /** A frame's sound depends on this many frames each side, no more. */
  readonly reachFrames: number;
  /** Mono 24 kHz samples, at least one hop, to codes. Source: reference `HiggsAudioV2TokenizerModel.encode`. */
  encode(samples: Float32Array): Promise<CodeFrames>;
  /** The sound of frames [from, to) (all where left out) among the others, hopSamples mono 24 kHz samples each. */
  decode(frames: CodeFrames, from?: number, to?: number): Promise<Float32Array>;
}
