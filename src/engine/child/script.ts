/** What people wrote, as the model should read it, between the pauses that they asked for. */
import { isSpeakable, splitAtPauses, type Phrase } from '../text/index.js';
import type { CallTools } from './message-loop.js';
import type { Stage } from './stage.js';

/**
 * Phrases with normalised words; a phrase that has nothing to speak keeps its pause alone, its text is empty. Where no
 * phrase has a word, none is spoken: a laugh alone is more than the model can do.
 */
export async function writePhrases<Voice, Turn>(
  stage: Pick<Stage<Voice, Turn>, 'write'>,
  text: string,
  language: string | undefined,
  tools: CallTools,
): Promise<Phrase[]> {
  const phrases: Phrase[] = [];
  for (const { text: phrase, pauseSeconds } of splitAtPauses(text)) {
    const words = await stage.write(phrase, language, tools);
    phrases.push({ text: isSpeakable(words) || /<SE/.test(words) ? words : '', pauseSeconds });
  }
  if (phrases.some(({ text: words }) => isSpeakable(words))) return phrases;
  return phrases.map(({ pauseSeconds }) => ({ text: '', pauseSeconds }));
}
