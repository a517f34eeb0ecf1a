/** What people wrote, as the model should read it, between the pauses that they asked for. */
import { splitAtPauses, withoutTags, type Phrase } from '../text/index.js';
import type { CallTools } from './message-loop.js';
import type { Stage } from './backend.js';

/** Phrases with normalised words; a phrase that has nothing to speak keeps its pause alone, its text is empty. */
export async function writePhrases<Voice, Turn>(
  stage: Pick<Stage<Voice, Turn>, 'write'>,
  text: string,
  language: string | undefined,
  tools: CallTools,
): Promise<Phrase[]> {
  const phrases: Phrase[] = [];
  const split = splitAtPauses(text);
  for (const phrase of split) {
    const words = await stage.write(phrase.text, language, tools);
    const isSpoken = split.length === 1 || /[\p{L}\p{N}]/u.test(withoutTags(words)) || /<SE/.test(words);
    phrases.push({ text: isSpoken ? words : '', pauseSeconds: phrase.pauseSeconds });
  }
  return phrases;
}
