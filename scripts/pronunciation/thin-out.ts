/** Leaves out of a lexicon what reads the same without it: words that another entry hides, and regular endings. */
import type { Accent } from '../../src/engine/requests.js';
import { KnownWords, type Following } from '../../src/engine/pronunciation/known-words.js';
import type { Pronunciation } from '../../src/engine/pronunciation/lexicon.js';
import { changeStress } from '../../src/engine/pronunciation/stress.js';
import { findIn } from './find-in.js';

const TAGS = ['NN', 'NNS', 'VBD', 'VBG', 'VBZ', 'JJ', 'NNP'];
const FOLLOWING: Following = { sound: 'consonant', isTo: false };

export function thinOut(words: ReadonlyMap<string, Pronunciation>, accent: Accent): Map<string, Pronunciation> {
  const kept = new Map([...words].filter(([word, { isChecked }]) => isChecked || !isHidden(word, words)));
  const known = new KnownWords(findIn(kept), accent);
  // Short words first: what a longer one is made of must stay.
  for (const word of [...kept.keys()].sort((a, b) => a.length - b.length)) {
    const entry = kept.get(word)!;
    if (!/^[A-Za-z].*(?:s|d|ing)$/.test(word) || entry.byClass.size > 0) continue;
    kept.delete(word);
    const capital = word[0]!.toUpperCase() + word.slice(1);
    const isSame = TAGS.every(
      (tag) =>
        known.read(word, tag, FOLLOWING) === entry.phones &&
        known.read(capital, tag, FOLLOWING) === changeStress(entry.phones, 'atLeastSecondary'),
    );
    if (!isSame) kept.set(word, entry);
  }
  return kept;
}

/** Whether a checked word with the other first letter is found before `word`. */
function isHidden(word: string, words: ReadonlyMap<string, Pronunciation>): boolean {
  const small = word.toLowerCase();
  const capital = small.slice(0, 1).toUpperCase() + small.slice(1);
  const other = word === small ? capital : word === capital ? small : word;
  return other !== word && words.get(other)?.isChecked === true;
}
