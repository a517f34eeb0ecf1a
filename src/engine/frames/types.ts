/** The network as the loop over frames sees it; `runtime/` gives a real one, tests may give an arithmetic one. */
import type { FrameShape } from '../codes.js';
import type { PromptRun } from '../prompt/types.js';

export interface LanguageModel {
  readonly shape: FrameShape;
  /** Positions one context can hold at most. */
  readonly maxPositions: number;
  /**
   * The same model for so many sequences that are generated at the same time: steps that their contexts are asked for
   * together are computed together, with the values that they have alone.
   */
  together?(sequences: number): LanguageModel;
  /** Whether one more context would be computed apart from the others; left out: they all are. */
  isFull?(): boolean;
  /** An empty context. `expectedPositions` sizes its first KV buffers; it grows when needed. */
  open(expectedPositions: number): LanguageModelContext;
}

/** One sequence's KV cache. Calls on a context must not overlap. */
export interface LanguageModelContext {
  /** Positions fed so far. */
  readonly positionCount: number;
  /**
   * Appends a run and gives the audio head's raw scores at its last position, [numCodebooks * codebookSize],
   * codebook-major. The array is the caller's until the next feed.
   * Throws HIGGS_CONTEXT_FULL past `maxPositions`, HIGGS_RUNTIME_FAILED where the runtime fails.
   */
  feed(run: PromptRun): Promise<Float32Array>;
  /**
   * Appends runs that other contexts begin with too, to an empty context: they may be taken from where they are kept, with
   * the same values. `beforeRun` is called before each run that has to be computed, and may throw. Throws as {@link feed}
   * does. Left out: nothing is kept.
   */
  feedPrefix?(runs: readonly PromptRun[], beforeRun: () => void): Promise<void>;
  close(): void;
}

/** How much attention heads look at a text's tokens as each frame is about to sound, before the softmax: [headCount, frameCount, tokenCount]. */
export interface LookScores {
  readonly scores: Float32Array;
  readonly headCount: number;
  readonly frameCount: number;
  readonly tokenCount: number;
}
