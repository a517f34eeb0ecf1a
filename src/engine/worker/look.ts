/** What a model looked at in a segment's text as it spoke: for the times of words, and for whether it kept to the text. */
import type { CodeFrames } from '../codes.js';
import type { LookScores } from '../frames/index.js';
import type { Prompt } from '../prompt/index.js';
import type { LocalModel } from './segment.js';

export interface TextLook {
  /** The text's tokens as they stand in the prompt. */
  readonly tokens: Int32Array;
  readonly scores: LookScores;
}

/**
 * `text` as it stands in the prompt: phones where the model reads them; `frames`: what was spoken, without the delay. Undefined where
 * the model cannot tell. Throws HIGGS_RUNTIME_FAILED.
 */
export async function lookAtText(
  { model, tokenizer }: Pick<LocalModel, 'model' | 'tokenizer'>,
  prompt: Prompt,
  frames: CodeFrames,
  text: string,
): Promise<TextLook | undefined> {
  const tokens = tokenizer.encode(text);
  const from = lastIndexOf(prompt.ids, tokens);
  if (from < 0 || frames.frameCount === 0) return undefined;
  const scores = await model.lookAt(prompt.runs, frames, { from, to: from + tokens.length });
  return scores && { tokens, scores };
}

/** Where `part` stands in `all` for the last time, or -1. */
function lastIndexOf(all: Int32Array, part: Int32Array): number {
  if (part.length === 0) return -1;
  for (let at = all.length - part.length; at >= 0; at--) {
    if (part.every((id, index) => all[at + index] === id)) return at;
  }
  return -1;
}
