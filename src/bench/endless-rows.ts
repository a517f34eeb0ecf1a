/** A sequence that never ends by itself, in the loop over frames as it is used: draw, embed, run, keep keys and values. */
import type { FrameShape } from '../engine/codes.js';
import { generateFrames, seededRng, type LanguageModelContext, type SamplingRule } from '../engine/frames/index.js';
import type { Prompt } from '../engine/prompt/index.js';

/** As the published model is used. */
const RULE: SamplingRule = { temperature: 1, topK: 50, topP: 0.95, rasWindowFrames: 7, rasLimit: 2 };
/** Steps that a sequence makes at most. */
export const MOST_STEPS = 512;

/** Rows behind `positions` of text; the first one comes with the prefill. */
export function endlessRows(
  shape: FrameShape,
  context: LanguageModelContext,
  positions: number,
): AsyncGenerator<Int32Array, unknown> {
  return generateFrames({
    context: endless(context, shape),
    prompt: textPrompt(positions),
    // All but the last position are the same for all sequences.
    prefixRuns: 1,
    shape,
    rule: RULE,
    rng: seededRng(1),
    maxFrames: MOST_STEPS,
  });
}

export function textPrompt(positions: number): Prompt {
  const ids = Int32Array.from({ length: positions }, (_, i) => i % 250);
  const runs = [ids.subarray(0, -1), ids.subarray(-1)].map((part) => ({ kind: 'text', ids: part }) as const);
  return { text: '', ids, runs, positionCount: positions };
}

function endless(context: LanguageModelContext, { codebookSize, eosCode }: FrameShape): LanguageModelContext {
  return {
    get positionCount() {
      return context.positionCount;
    },
    feed: async (run) => {
      const logits = await context.feed(run);
      for (let at = eosCode; at < logits.length; at += codebookSize) logits[at] = -Infinity;
      return logits;
    },
    feedPrefix: async (runs, beforeRun) => context.feedPrefix?.(runs, beforeRun),
    close: () => context.close(),
  };
}
