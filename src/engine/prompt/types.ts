/** A prompt as the language model takes it: runs of one kind, in order. */
import type { CodeFrames } from '../codes.js';

export type PromptRun =
  | { readonly kind: 'text'; readonly ids: Int32Array }
  /** Reference frames with the delay pattern applied, their bos and eos columns included. */
  | { readonly kind: 'audio'; readonly frames: CodeFrames };

export interface Prompt {
  /** The conversation as text, before tokens; for reading and tests. */
  readonly text: string;
  /** Token ids of all positions, audio placeholders expanded; what the reference calls `input_ids`. */
  readonly ids: Int32Array;
  readonly runs: readonly PromptRun[];
  readonly positionCount: number;
}
