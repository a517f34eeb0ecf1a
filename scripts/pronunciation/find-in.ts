/** A lexicon in memory that finds words as the one in the file does. */
import { findWithEitherCase, type Pronunciation, type WordSource } from '../../src/engine/pronunciation/lexicon.js';

export function findIn(words: ReadonlyMap<string, Pronunciation>): WordSource {
  return { find: (word) => findWithEitherCase(word, (exact) => words.get(exact)) };
}
