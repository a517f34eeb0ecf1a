/** English text to phones: words by the lexicon, by their parts, or by their letters; weak forms by what follows them. */
import type { Accent } from '../requests.js';
import { TAG_PATTERN, withoutTags } from '../text/sound-tags.js';
import { ALPHABET, CONSONANTS, MARKS, PRIMARY_STRESS, SECONDARY_STRESS, VOWELS } from './alphabet.js';
import { foldLetters } from './fold-letters.js';
import { givenPhones } from './given-phones.js';
import { KnownWords, type Following } from './known-words.js';
import { Lexicon } from './lexicon.js';
import { readLetters, type LetterModel } from './letters.js';
import { readSections, type Sections } from './pronunciation-file.js';
import { readClassModel, readLetterModel } from './sections.js';
import { changeStress, stressWeight } from './stress.js';
import { itemsOf, type Item } from './tokens.js';
import { readWeakForm } from './weak-forms.js';
import { WordClassifier } from './word-classes.js';

const SILENT = /^['’-]+$/u;
const DIGITS = 'zero one two three four five six seven eight nine'.split(' ');
const PHRASE_END: Following = { sound: 'none', isTo: false };
const MOST_KEPT = 2048;
/** Parts of a word that are looked up as one, at most. */
const MOST_JOINED = 8;
/** No longer word is in any lexicon. */
const MOST_LETTERS = 64;

/** Reads English with one accent. */
export class PronunciationReader {
  private readonly words: KnownWords;
  private readonly byLetters = new Map<string, string>();

  constructor(
    lexicon: Lexicon,
    private readonly classifier: WordClassifier,
    private readonly letters: LetterModel,
    accent: Accent,
  ) {
    this.words = new KnownWords(lexicon, accent);
  }

  /**
   * Phones of `text`, which is words and marks ({@link ALPHABET}); digits are read one by one. Words in another script than
   * the Latin one give nothing.
   */
  read(text: string): string {
    const plain = text.normalize('NFKC').replace(/[‘’]/g, "'");
    const items = itemsOf(plain.replace(/\d/g, (digit) => ` ${DIGITS[Number(digit)]!} `));
    const tags = this.classify(items);
    const read: string[] = [];
    let following = PHRASE_END;
    for (let index = items.length - 1; index >= 0; index--) {
      const item = items[index]!;
      const phones = this.readItem(item, tags[index]!, following);
      read.push(item.isSpaced ? `${phones} ` : phones);
      following = followingOf(phones, item.kind === 'word' ? item.parts.join('') : item.text, following);
    }
    return tidy(read.reverse().join(''));
  }

  /** Phones of `text` around its sound and speaker tags, which stay; one blank between. */
  readTagged(text: string): string {
    const parts = text.split(TAG_PATTERN).map((part, index) => (index % 2 === 1 ? part : this.read(part)));
    return parts.filter((part) => part !== '').join(' ');
  }

  /** Tags of each item's parts. */
  private classify(items: readonly Item[]): string[][] {
    const parts = items.map((item) => (item.kind === 'word' ? item.parts : [item.text]));
    const tags = this.classifier.classify(parts.flat().filter((part) => part !== ''));
    let at = 0;
    return parts.map((own) => own.map((part) => (part === '' ? 'NN' : tags[at++]!)));
  }

  private readItem(item: Item, tags: readonly string[], following: Following): string {
    switch (item.kind) {
      case 'phones':
        return givenPhones(item.phones);
      case 'mark':
        return item.mark;
      case 'word':
        return item.parts.length === 1
          ? this.readWhole(item.parts[0]!, tags[0]!, following)
          : this.readParts(item.parts, tags, following);
    }
  }

  private readWhole(word: string, tag: string, following: Following): string {
    return this.known(word, tag, following) ?? this.unknown(word, tag, following);
  }

  private known(word: string, tag: string, following: Following): string | undefined {
    if (word.length > MOST_LETTERS) return undefined;
    return readWeakForm(word, tag, following, this.words) ?? this.words.read(word, tag, following);
  }

  /** The longest known end of the word first, then what stands before it; stress is shared out among the parts. */
  private readParts(parts: readonly string[], tags: readonly string[], following: Following): string {
    const read: { text: string; phones: string }[] = [];
    let end = parts.length;
    let next = following;
    while (end > 0) {
      let start = Math.max(0, end - MOST_JOINED);
      let phones: string | undefined;
      for (; start < end; start++) {
        phones = this.known(parts.slice(start, end).join(''), tagOf(parts, tags, start, end), next);
        if (phones !== undefined) break;
      }
      if (phones === undefined) {
        start = end - 1;
        phones = SILENT.test(parts[start]!) ? '' : this.unknown(parts[start]!, tags[start]!, next);
      }
      const text = parts.slice(start, end).join('');
      read.push({ text, phones });
      next = followingOf(phones, text, next);
      end = start;
    }
    return shareStress(read.reverse());
  }

  /** By its letters, with those of other languages folded; a short name in capitals is spelt. */
  private unknown(word: string, tag: string, following: Following): string {
    const folded = foldLetters(word);
    if (folded !== word && folded !== '') {
      const known = this.known(folded, tag, following);
      if (known !== undefined) return known;
    }
    const letters = folded.toLowerCase().replace(/[^a-z]/g, '');
    if (letters === '') return '';
    const kept = this.byLetters.get(letters);
    if (kept !== undefined) return kept;
    const phones = this.guess(letters);
    if (this.byLetters.size >= MOST_KEPT) this.byLetters.clear();
    this.byLetters.set(letters, phones);
    return phones;
  }

  /** Without a vowel it is no word, and is spelt. */
  private guess(letters: string): string {
    const phones = readLetters(letters, this.letters).join('');
    const isWord = Array.from(phones).some((phone) => VOWELS.has(phone));
    return (isWord ? undefined : this.words.spell(letters)) ?? onePrimaryStress(phones);
  }
}

/** Opens a pronunciation file once and gives a reader for each accent that is asked for. */
export class Pronunciation {
  private readonly readers = new Map<Accent, PronunciationReader>();
  private readonly classifier: WordClassifier;

  private constructor(
    private readonly sections: Sections,
    private readonly file: string,
  ) {
    this.classifier = new WordClassifier(readClassModel(sections, file));
  }

  /** Throws as {@link readSections} does. */
  static async open(file: string): Promise<Pronunciation> {
    return new Pronunciation(await readSections(file), file);
  }

  /** Whether anything of `text` has phones. */
  canRead(text: string): boolean {
    return /\p{L}/u.test(this.reader('american').read(withoutTags(text)));
  }

  reader(accent: Accent): PronunciationReader {
    const open = this.readers.get(accent);
    if (open) return open;
    const lexicon = new Lexicon(this.sections.words, this.sections[`${accent}Phones`], accent);
    const letters = readLetterModel(this.sections, accent, this.file);
    const reader = new PronunciationReader(lexicon, this.classifier, letters, accent);
    this.readers.set(accent, reader);
    return reader;
  }
}

/** A word has one primary stress, on its first vowel where none is said. */
function onePrimaryStress(phones: string): string {
  const [first, ...others] = phones.split(PRIMARY_STRESS);
  if (others.length === 0) return changeStress(phones, 'atLeastPrimary');
  return `${first!}${PRIMARY_STRESS}${others.join(SECONDARY_STRESS)}`;
}

/** What a word sees behind it: the first sound there, or a mark that ends the phrase. */
function followingOf(phones: string, text: string, before: Following): Following {
  const isTo = text === 'to' || text === 'To' || text === 'TO';
  for (const phone of phones) {
    if (VOWELS.has(phone)) return { sound: 'vowel', isTo };
    if (CONSONANTS.has(phone)) return { sound: 'consonant', isTo };
    if (MARKS.has(phone)) return { sound: 'none', isTo };
  }
  return { sound: before.sound, isTo };
}

/** Several parts have the class of the one that looks most like a word. */
function tagOf(parts: readonly string[], tags: readonly string[], start: number, end: number): string {
  const weight = (part: string): number =>
    Array.from(part).reduce((sum, letter) => sum + (letter === letter.toLowerCase() ? 1 : 2), 0);
  // A letter in a name is no article: A-frame.
  if (end - start === 1 && parts[start]!.length === 1) return 'NN';
  let best = start;
  for (let i = start + 1; i < end; i++) if (weight(parts[i]!) > weight(parts[best]!)) best = i;
  return tags[best]!;
}

/** Where most parts of a word have full stress, the shorter half of them lose it. */
function shareStress(parts: readonly { readonly text: string; readonly phones: string }[]): string {
  const spoken = parts.flatMap(({ phones }, index) => (phones === '' ? [] : [index]));
  const isStressed = (index: number): boolean => parts[index]!.phones.includes(PRIMARY_STRESS);
  const weakened = new Set<number>();
  if (spoken.length === 2 && parts[spoken[0]!]!.text.length === 1) weakened.add(spoken[1]!);
  else if (spoken.length > 1 && spoken.filter(isStressed).length > Math.floor((spoken.length + 1) / 2)) {
    const byWeight = [...spoken].sort(
      (a, b) =>
        Number(isStressed(a)) - Number(isStressed(b)) ||
        stressWeight(parts[a]!.phones) - stressWeight(parts[b]!.phones) ||
        a - b,
    );
    for (const index of byWeight.slice(0, Math.floor(spoken.length / 2))) weakened.add(index);
  }
  return parts.map(({ phones }, index) => (weakened.has(index) ? changeStress(phones, 'less') : phones)).join('');
}

/** Flaps and glottal stops as the voice knows them; blanks as it learnt them: one between words, none before a mark. */
function tidy(phones: string): string {
  const known = phones.replaceAll('ɾ', 'T').replaceAll('ʔ', 't');
  return Array.from(known, (phone) => (ALPHABET.has(phone) ? phone : ''))
    .join('')
    .replace(/ *— */g, '—')
    .replace(/ +/g, ' ')
    .replace(/ (?=[;:,.!?…])/g, '')
    .trim();
}
