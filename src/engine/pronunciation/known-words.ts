/** Words that the lexicon has, itself or by an ending; capital letters and initials. Source: misaki's `Lexicon`. */
import type { Accent } from '../requests.js';
import { PRIMARY_STRESS, SECONDARY_STRESS } from './alphabet.js';
import { addEnding, stemsOf } from './inflections.js';
import { WORD_CLASSES, type Pronunciation, type WordClass, type WordSource } from './lexicon.js';
import { changeStress, type StressChange } from './stress.js';

/** What stands behind a word decides on weak forms: a vowel, a consonant, or neither, where the phrase ends. */
export interface Following {
  readonly sound: 'vowel' | 'consonant' | 'none';
  readonly isTo: boolean;
}

const MOST_ENDINGS = 2;
const SHORTEST_INFLECTED = 4;

export class KnownWords {
  constructor(
    private readonly lexicon: WordSource,
    private readonly accent: Accent,
  ) {}

  /** Phones of `word`, whose tag is one of the Penn Treebank's; undefined where it is not known. */
  read(word: string, tag: string, following: Following): string | undefined {
    const stress = stressOfCapitals(word);
    const written = this.isOnlyKnownSmall(word, tag) ? word.toLowerCase() : word;
    if (this.isKnown(written)) return this.lookUp(written, tag, stress, following);
    for (const base of withoutApostrophe(written)) {
      if (this.isKnown(base)) return this.lookUp(base, tag, stress, following);
    }
    return this.readInflected(written, tag, stress, following, MOST_ENDINGS);
  }

  /** The word's stem may have an ending itself: panel-ing-s. */
  private readInflected(
    word: string,
    tag: string,
    stress: StressChange | undefined,
    following: Following,
    endings: number,
  ): string | undefined {
    const readStem = (stem: string, change: StressChange | undefined): string | undefined =>
      this.isKnown(stem) ? this.lookUp(stem, tag, change, following) : undefined;
    const readLonger = (stem: string, change: StressChange | undefined): string | undefined =>
      stem.length < SHORTEST_INFLECTED ? undefined : this.readInflected(stem, tag, change, following, endings - 1);
    for (const read of endings > 1 ? [readStem, readLonger] : [readStem]) {
      for (const { stem, ending } of stemsOf(word, (candidate) => read(candidate, stress) !== undefined)) {
        const phones = read(stem, ending === 'ing' ? (stress ?? 'atLeastSecondary') : stress);
        const whole = phones === undefined ? undefined : addEnding(phones, ending, this.accent);
        if (whole !== undefined) return whole;
      }
    }
    return undefined;
  }

  /** The lexicon's own entry, whatever stands beside it; its first reading or the one of `wordClass`. */
  entry(word: string, wordClass?: WordClass): string | undefined {
    const found = this.lexicon.find(word);
    return (wordClass && found?.byClass.get(wordClass)) ?? found?.phones;
  }

  has(word: string): boolean {
    return this.lexicon.find(word) !== undefined;
  }

  /** Letter by letter, the last one stressed: USB, a.m.; undefined where a letter is not one of A to Z. */
  spell(word: string): string | undefined {
    const letters = Array.from(word.toUpperCase()).filter((letter) => /\p{L}/u.test(letter));
    const names = letters.map((letter) => (/^[A-Z]$/.test(letter) ? this.checked(letter)?.phones : undefined));
    if (names.length === 0 || names.includes(undefined)) return undefined;
    const all = changeStress(names.join(''), 'secondary');
    const last = all.lastIndexOf(SECONDARY_STRESS);
    return last < 0 ? all : `${all.slice(0, last)}${PRIMARY_STRESS}${all.slice(last + 1)}`;
  }

  private checked(word: string): Pronunciation | undefined {
    const found = this.lexicon.find(word);
    return found?.isChecked === true ? found : undefined;
  }

  /** Whether a word with capitals is meant that is written small in the lexicon. Short names stay names. */
  private isOnlyKnownSmall(word: string, tag: string): boolean {
    const small = word.toLowerCase();
    if (word.length < 2 || word === small || !/^[\p{L}']+$/u.test(word)) return false;
    if (tag === 'NNP' && word.length <= 7) return false;
    const isWhole = word === word.toUpperCase() || word.slice(1) === small.slice(1);
    if (!isWhole || this.has(word)) return false;
    return this.has(small) || stemsOf(small, (stem) => this.isKnown(stem)).length > 0;
  }

  private isKnown(word: string): boolean {
    if (this.has(word)) return true;
    if (!/^[A-Za-z]+$/.test(word)) return false;
    if (word.length === 1) return true;
    if (word === word.toUpperCase() && this.checked(word.toLowerCase())) return true;
    return word.slice(1) === word.slice(1).toUpperCase();
  }

  private lookUp(
    word: string,
    tag: string,
    stress: StressChange | undefined,
    following: Following,
  ): string | undefined {
    const isCapitals = word === word.toUpperCase() && !this.checked(word);
    const isName = isCapitals && tag === 'NNP';
    const written = isCapitals ? word.toLowerCase() : word;
    const found = isName ? this.checked(written) : this.lexicon.find(written);
    const phones = found && readingOf(found, tag, following);
    if (phones === undefined || (isName && !phones.includes(PRIMARY_STRESS))) {
      const spelt = this.spell(written);
      if (spelt !== undefined) return spelt;
    }
    return phones === undefined ? undefined : changeStress(phones, stress);
  }
}

function readingOf({ phones, byClass }: Pronunciation, tag: string, following: Following): string | undefined {
  if (byClass.size === 0) return phones;
  const classes = following.sound === 'none' ? ['last'] : [];
  for (const name of [...classes, tag, parentOf(tag)]) {
    const wordClass = WORD_CLASSES.find((each) => each === name);
    if (wordClass && byClass.has(wordClass)) return byClass.get(wordClass);
  }
  return phones;
}

/** The class that a tag of the Penn Treebank belongs to. */
export function parentOf(tag: string): string {
  if (tag.startsWith('VB')) return 'VERB';
  if (tag.startsWith('NN')) return 'NOUN';
  if (tag.startsWith('RB') || tag.startsWith('ADV')) return 'ADV';
  return tag.startsWith('JJ') || tag.startsWith('ADJ') ? 'ADJ' : tag;
}

function stressOfCapitals(word: string): StressChange | undefined {
  if (word === word.toLowerCase()) return undefined;
  return word === word.toUpperCase() ? 'atLeastPrimary' : 'atLeastSecondary';
}

/** dogs' -> dog's, goin' -> goin. */
function withoutApostrophe(word: string): string[] {
  if (!word.endsWith("'")) return [];
  return [...(word.endsWith("s'") ? [`${word.slice(0, -2)}'s`] : []), word.slice(0, -1)];
}
