/** The network as the loop over frames sees it; `runtime/` gives a real one, tests may give an arithmetic one. */
import type { FrameShape } from '../codes.js';
import type { PromptRun } from '../prompt/types.js';

export interface LanguageModel {
  readonly shape: FrameShape;
  /** Positions one context can hold at most. */
  readonly maxPositions: number;
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
  close(): void;
}
