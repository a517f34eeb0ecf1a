/**
 * How known words are said. Words lie sorted and front-coded as they lie in the file, and are found by halving and a short
 * walk: nearly 200,000 of them take their bytes and no more.
 */
import type { Accent } from '../requests.js';

/** `phones` where no class is named; a class with undefined is spelt by its letters. */
export interface Pronunciation {
  readonly phones: string;
  readonly byClass: ReadonlyMap<WordClass, string | undefined>;
  /** From the better half of the lexicon, which was read by people. */
  readonly isChecked: boolean;
}

/** Classes that tell readings of one spelling apart; `last` is a word that no other follows in its phrase. */
export const WORD_CLASSES = ['NOUN', 'VERB', 'ADJ', 'ADV', 'VBD', 'VBN', 'VBP', 'DT', 'last'] as const;
export type WordClass = (typeof WORD_CLASSES)[number];

/** Phones by their byte in the file: the first one is FIRST_PHONE; the bytes 1 to 9 open another class's reading, 0 ends. */
export const CODED_PHONES = 'AIOQTWYabdfhijklmnpstuvwzæðŋɐɑɒɔəɛɜɡɪɹʃʊʌʒʤʧθᵊᵻːɾʔˈˌ';
export const FIRST_PHONE = 32;
/** Which lexicons have a word, as bits of the byte that ends it. */
export const IN_LEXICON = {
  american: { checked: 1, other: 2 },
  british: { checked: 4, other: 8 },
} as const;
/** Letters are larger than any byte that ends a word. */
const LEAST_LETTER = 32;
const BLOCK = 16;

/** Where words are looked up. */
export interface WordSource {
  find(word: string): Pronunciation | undefined;
}

/** `word` as it is written there; else with its other first letter: a name in small letters, any word with a capital. */
export function findWithEitherCase(
  word: string,
  find: (exact: string) => Pronunciation | undefined,
): Pronunciation | undefined {
  const found = find(word);
  if (found || word.length < 2) return found;
  const small = word.toLowerCase();
  const capital = small[0]!.toUpperCase() + small.slice(1);
  if (word === small) return capital === word ? undefined : find(capital);
  return word === capital ? find(small) : undefined;
}

export class Lexicon implements WordSource {
  /** Where each block of words and its phones begin. */
  private readonly wordStarts: Uint32Array;
  private readonly phoneStarts: Uint32Array;
  private readonly checked: number;
  private readonly mine: number;

  constructor(
    private readonly words: Uint8Array,
    private readonly phones: Uint8Array,
    accent: Accent,
  ) {
    const { checked, other } = IN_LEXICON[accent];
    this.checked = checked;
    this.mine = checked | other;
    const wordStarts: number[] = [];
    const phoneStarts: number[] = [];
    let phoneAt = 0;
    for (let at = 0, index = 0; at < words.length; index++) {
      if (index % BLOCK === 0) {
        wordStarts.push(at);
        phoneStarts.push(phoneAt);
      }
      do at++;
      while (words[at]! >= LEAST_LETTER);
      if ((words[at]! & this.mine) !== 0) {
        while (phoneAt < phones.length && phones[phoneAt] !== 0) phoneAt++;
        phoneAt++;
      }
      at++;
    }
    this.wordStarts = Uint32Array.from(wordStarts);
    this.phoneStarts = Uint32Array.from(phoneStarts);
  }

  /** Undefined where the accent has no such word. */
  find(word: string): Pronunciation | undefined {
    return findWithEitherCase(word, (exact) => this.findExactly(exact));
  }

  private findExactly(word: string): Pronunciation | undefined {
    const key = Buffer.from(word);
    let [low, high] = [0, this.wordStarts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.compareFirst(middle, key) <= 0) low = middle;
      else high = middle - 1;
    }
    return this.walk(low, key);
  }

  /** The first word of a block stands there whole. */
  private compareFirst(block: number, key: Uint8Array): number {
    const at = this.wordStarts[block]! + 1;
    for (let i = 0; ; i++) {
      const letter = this.words[at + i]!;
      const isEnd = letter < LEAST_LETTER;
      if (i === key.length) return isEnd ? 0 : 1;
      if (isEnd) return -1;
      if (letter !== key[i]) return letter - key[i]!;
    }
  }

  /** Looks for `key` in a block. `matched` counts the key's bytes that the word before began with. */
  private walk(block: number, key: Uint8Array): Pronunciation | undefined {
    const { words } = this;
    let at = this.wordStarts[block] ?? words.length;
    const end = this.wordStarts[block + 1] ?? words.length;
    let matched = 0;
    let mineBefore = 0;
    while (at < end) {
      const shared = words[at++]!;
      // A word that shares less with the one before than the key does lies behind the key.
      if (shared < matched) return undefined;
      if (shared === matched) {
        while (matched < key.length && words[at] === key[matched]) {
          matched++;
          at++;
        }
        if (matched === key.length && words[at]! < LEAST_LETTER) {
          const flags = words[at]!;
          return (flags & this.mine) === 0
            ? undefined
            : this.pronunciation(block, mineBefore, (flags & this.checked) !== 0);
        }
      }
      while (words[at]! >= LEAST_LETTER) at++;
      if ((words[at++]! & this.mine) !== 0) mineBefore++;
    }
    return undefined;
  }

  private pronunciation(block: number, skipped: number, isChecked: boolean): Pronunciation {
    let at = this.phoneStarts[block]!;
    for (let i = 0; i < skipped; i++) at = this.phones.indexOf(0, at) + 1;
    const readings: [WordClass | undefined, string][] = [];
    let current = '';
    let wordClass: WordClass | undefined;
    for (; this.phones[at] !== 0; at++) {
      const code = this.phones[at]!;
      if (code >= FIRST_PHONE) {
        current += CODED_PHONES[code - FIRST_PHONE]!;
        continue;
      }
      readings.push([wordClass, current]);
      wordClass = WORD_CLASSES[code - 1];
      current = '';
    }
    readings.push([wordClass, current]);
    const byClass = new Map<WordClass, string | undefined>();
    for (const [name, phones] of readings) if (name) byClass.set(name, phones === '' ? undefined : phones);
    return { phones: readings[0]![1], byClass, isChecked };
  }
}
