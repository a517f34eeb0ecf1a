/** Reading texts that nobody hears, before anyone is waited for. */
import type { CallTools } from './message-loop.js';
import type { Stage } from './backend.js';

/** All letters, some numbers, more than one sentence. Twice: engines compile patterns better when they meet them again. */
const TEXTS = [
  'The quick brown fox jumps over the lazy dog at 7:30 pm, on Friday, 21 March. Please close the kitchen window!',
  'Someone is at the front door. It is 20.5 °C outside, and the washing machine has finished: thank you very much.',
];

/**
 * Reads texts as a call would, up to the prompt. The patterns of normaliser and tokenizer are compiled at their first use: 40 ms
 * that the first announcement need not take.
 */
export async function rehearse<Voice, Turn>(stage: Stage<Voice, Turn>, tools: CallTools): Promise<void> {
  const voice = await stage.cast({ kind: 'any', label: '' }, tools);
  const narrator = stage.narrator({ seed: 0, withMusic: false }, tools);
  for (const text of TEXTS) narrator.cut(await stage.write(text, undefined, tools), voice, undefined);
}
