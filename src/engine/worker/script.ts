/** What people wrote, as the model should read it, between the pauses that they asked for. */
import { isSpeakable, splitAtPauses, type Phrase } from '../text/index.js';
import type { Backend, CallTools } from './backend.js';

/**
 * Phrases with normalised words; a phrase that has nothing to speak keeps its pause alone, its text is empty. Where no
 * phrase has a word, none is spoken: a laugh alone is more than the model can do.
 */
export async function normalizePhrases<Voice, Turn>(
  backend: Pick<Backend<Voice, Turn>, 'normalize'>,
  text: string,
  language: string | undefined,
  tools: CallTools,
): Promise<Phrase[]> {
  const phrases: Phrase[] = [];
  for (const { text: phrase, pauseSeconds } of splitAtPauses(text)) {
    const words = await backend.normalize(phrase, language, tools);
    phrases.push({ text: isSpeakable(words) || /<SE/.test(words) ? words : '', pauseSeconds });
  }
  if (phrases.some(({ text: words }) => isSpeakable(words))) return phrases;
  return phrases.map(({ pauseSeconds }) => ({ text: '', pauseSeconds }));
}

/** All letters, some numbers, more than one sentence. Twice: engines compile patterns better when they meet them again. */
const WARM_UP_TEXTS = [
  'The quick brown fox jumps over the lazy dog at 7:30 pm, on Friday, 21 March. Please close the kitchen window!',
  'Someone is at the front door. It is 20.5 °C outside, and the washing machine has finished: thank you very much.',
];

/**
 * Reads texts as a call would, up to the prompt, before anyone waits for it. The patterns of normaliser and tokenizer are compiled
 * at their first use: 40 ms that the first announcement need not take.
 */
export async function warmUp<Voice, Turn>(backend: Backend<Voice, Turn>, tools: CallTools): Promise<void> {
  const voice = await backend.openVoice({ kind: 'any', label: '' }, tools);
  const generator = backend.segmentGenerator({ seed: 0, withMusic: false }, tools);
  for (const text of WARM_UP_TEXTS) generator.split(await backend.normalize(text, undefined, tools), voice, undefined);
}
