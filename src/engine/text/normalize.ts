/**
 * Text as the model should read it. First what the reference's own example does (punctuation in ASCII, brackets to blanks,
 * degrees spelt out, sound tags, blank lines, a final mark), then all that is written otherwise than spoken, in words.
 */
import { expandAbbreviations } from './abbreviations.js';
import { expandAddresses } from './addresses.js';
import { expandArithmetic } from './arithmetic.js';
import { expandCodes } from './codes.js';
import { referenceText } from './as-written.js';
import { dropControlTokens } from './control-tokens.js';
import { expandCurrency } from './currency.js';
import { expandDates, plainTimestamps } from './dates.js';
import { languageFor, languageOf, type Language, type Locale } from './languages/index.js';
import type { LexiconEntry } from '../lexicon.js';
import { applyLexicon, sealPhones } from './lexicon.js';
import { readLines } from './lines.js';
import { readMarkup } from './markup.js';
import { expandMany, expandNumbers, expandPlainNumbers, markSigns, roundFloats } from './numbers.js';
import { markEnd, plainCharacters, plainMarks, tidyBlanks } from './punctuation.js';
import { expandRoman } from './roman.js';
import { Seals } from './seals.js';
import { sealTags, withoutTags, writeSoundTags } from './sound-tags.js';
import { expandIsoDurations } from './durations.js';
import { expandTelephones } from './telephone.js';
import { expandTimes } from './times.js';
import { expandUnits } from './units.js';

const MOST_PASSES = 6;

/** How a text is to be read. */
export interface ReadingOptions {
  /**
   * A BCP 47 tag: English and German are known whole, eleven others say numbers, any other keeps them. `auto` and left out: by
   * the text itself, English where it does not tell.
   */
  readonly language?: string | undefined;
  /** The text goes to the model as it is, but for what the model's own reference does (see {@link referenceText}). */
  readonly asWritten?: boolean | undefined;
  readonly lexicon?: readonly LexiconEntry[] | undefined;
  /** The model reads phones, `[word](/phones/)`; else a lexicon's phones are passed over. */
  readonly knowsPhones?: boolean | undefined;
}

/**
 * `text` for the model: speakable words, sound and speaker tags, marks; empty where nothing is left. Normalising twice gives
 * the same. `language` as in {@link ReadingOptions}.
 */
export function normalizeText(text: string, language?: string): string {
  return readText(text, { language });
}

/** As {@link normalizeText}, with all that a caller may ask for. */
export function readText(text: string, options: ReadingOptions = {}): string {
  const { language, asWritten = false, lexicon = [], knowsPhones = false } = options;
  const seals = new Seals();
  const own = (words: string): string =>
    applyLexicon(sealPhones(words, knowsPhones, seals), lexicon, knowsPhones, seals);
  if (asWritten) return seals.open(referenceText(text, seals, own));
  const known = languageOf(languageFor(text, language));
  let current = own(sealTags(writeSoundTags(dropControlTokens(plainCharacters(text))), seals));
  // What one rule parts, another may read: "min.5" becomes "min. five" becomes "minimum five". Plain text is settled at once.
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const next = normalizeOnce(current, known);
    if (next === current) break;
    current = next;
  }
  return seals.open(current);
}

function normalizeOnce(text: string, language: Language): string {
  const lines = readLines(readMarkup(text, language.known === 'all' ? language.locale : undefined));
  return markEnd(tidyBlanks(dropControlTokens(rewriteWords(lines, language)))).normalize('NFC');
}

/** Whether normalised text has a letter or a number outside its tags. */
export function isSpeakable(normalized: string): boolean {
  return /[\p{L}\p{N}]/u.test(withoutTags(normalized));
}

function rewriteWords(words: string, language: Language): string {
  const signed = roundFloats(markSigns(words));
  switch (language.known) {
    case 'all':
      return rewriteAll(signed, language.locale);
    case 'numbers':
      return plainMarks(expandPlainNumbers(signed, language.voice)).replaceAll('−', ' ');
    case 'nothing':
      return plainMarks(sayDegrees(signed.replaceAll('−', '-')));
  }
}

/** As the reference example has it, whatever the language. */
function sayDegrees(words: string): string {
  return words.replace(/ ?°C(?!\p{L})/gu, ' degrees Celsius ').replace(/ ?°F(?!\p{L})/gu, ' degrees Fahrenheit ');
}

type Rule = (text: string, locale: Locale) => string;

/**
 * The order matters: what names its numbers most closely comes first, plain numbers last. Each with what a text must hold to
 * be looked at, for most text is settled after one pass.
 */
const RULES: readonly (readonly [RegExp, Rule])[] = [
  [/\d/, plainTimestamps],
  [/\d[DHMSW]/, expandIsoDurations],
  [/[.@/\\:_]|-\p{L}/u, expandAddresses],
  [/./, expandAbbreviations],
  [/[IVXLCDM]/, expandRoman],
  [/\d/, expandTelephones],
  [/\d/, expandCodes],
  [/[\d^*]/, expandArithmetic],
  [/\d/, expandDates],
  [/\d/, expandTimes],
  [/\d/, expandCurrency],
  [/[~#]/, sayAbout],
  [/\d/, expandMany],
  [/[\d°]/, expandUnits],
  [/\p{N}/u, expandNumbers],
];

/** A sign that is repeated is a line or a rating, and is said once. */
const REPEATED = /(\p{S}|[&@%‰§/#\\])(?:\s?\1){2,}/gu;

function rewriteAll(words: string, locale: Locale): string {
  let text = words.replace(REPEATED, '$1');
  for (const [subject, rule] of RULES) if (subject.test(text)) text = rule(text, locale);
  return saySymbols(plainMarks(text.replaceAll('−', '-')), locale);
}

/** ~5 km is about five; #7 is number seven. */
function sayAbout(text: string, locale: Locale): string {
  return text
    .replace(/~ ?(?=[−\d$€£])/g, `${locale.symbols.get('≈') ?? ''} `)
    .replace(/(?<![nN]umber |[nN]ummer )# ?(?=\d)/g, `${locale.number} `);
}

/** Signs with a name are said; any other sign that is neither letter, number nor mark becomes a blank. */
function saySymbols(text: string, locale: Locale): string {
  return (
    text
      .replace(/(?<![\p{L}\p{N}])([CF])#(?![\p{L}\p{N}])/gu, '$1 sharp')
      .replace(/ \/ /g, ', ')
      .replace(/(?<=\p{L})\/(?=\p{L})/gu, ' ')
      // A sentence that was not parted from the next one; a name with dots inside; letters with stops.
      .replace(/(?<=\p{Ll}{2})([.!?])(?=\p{Lu}\p{Ll})/gu, '$1 ')
      .replace(/(?<=(?<![\p{L}\p{N}])\p{L})\.(?=\p{L}(?!\p{L}))/gu, ' ')
      .replace(/(?<=\p{L})\.(?=\p{L})/gu, ` ${locale.address.dot} `)
      .replace(/\p{S}|[²³&@%‰§/•†‡¶¿¡#]/gu, (sign) => {
        const said = locale.symbols.get(sign);
        return said === undefined ? ' ' : ` ${said} `;
      })
      .replace(/[\p{No}\p{Nl}]/gu, (sign) => ` ${sign.normalize('NFKC').replace(/[^\p{L}\p{Nd}]/gu, ' ')} `)
      .replace(/\d{1,1000}/g, (digits) => ` ${expandNumbers(digits, locale)} `)
  );
}
