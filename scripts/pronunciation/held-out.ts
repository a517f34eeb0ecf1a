/** How well letters are read that the model never saw: a tenth of the lexicon is kept out. */
import { readLetters, type LetterModel } from '../../src/engine/pronunciation/letters.js';
import type { SpelledWord } from './align-letters.js';

export interface LetterErrors {
  readonly words: number;
  /** Shares of phones with stress marks, of phones without, of whole words. */
  readonly phonesAndStress: number;
  readonly phones: number;
  readonly wordsWrong: number;
}

/** One word in ten, the same ones each time. */
export function isHeldOut(word: string): boolean {
  let hash = 7;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193) >>> 0;
  return (hash >>> 8) % 10 === 0;
}

export function measureLetters(words: readonly SpelledWord[], model: LetterModel): LetterErrors {
  let [marked, markedLength, plain, plainLength, wrong] = [0, 0, 0, 0, 0];
  for (const { word, phones } of words) {
    const read = readLetters(word, model).join('');
    if (read !== phones) wrong++;
    marked += distance(read, phones);
    markedLength += phones.length;
    plain += distance(withoutStress(read), withoutStress(phones));
    plainLength += withoutStress(phones).length;
  }
  return {
    words: words.length,
    phonesAndStress: marked / markedLength,
    phones: plain / plainLength,
    wordsWrong: wrong / words.length,
  };
}

function withoutStress(phones: string): string {
  return phones.replace(/[ˈˌ]/g, '');
}

/** Least number of phones to replace, insert or leave out. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
