/**
 * Text as the model should read it. First what the reference's own example does (punctuation in ASCII, brackets to blanks,
 * degrees spelt out, sound tags, blank lines, a final mark), then all that is written otherwise than spoken, in words.
 */
import { expandAddresses } from './addresses.js';
import { dropControlTokens } from './control-tokens.js';
import { expandCurrency } from './currency.js';
import { expandDates } from './dates.js';
import { languageOf, type Language, type Locale } from './languages/index.js';
import { expandNumbers, expandPlainNumbers, markSigns } from './numbers.js';
import { markEnd, plainCharacters, plainMarks, tidyBlanks } from './punctuation.js';
import { betweenTags, withoutTags, writeSoundTags } from './sound-tags.js';
import { expandTimes } from './times.js';
import { expandUnits } from './units.js';

const MOST_PASSES = 6;

/**
 * `text` for the model: speakable words, sound and speaker tags, marks; empty where nothing is left. Normalising twice gives
 * the same. `language` is a BCP 47 tag: English and German are known whole, eleven others say numbers, any other keeps them.
 */
export function normalizeText(text: string, language?: string): string {
  const known = languageOf(language);
  let current = normalizeOnce(text, known);
  // What one rule parts, another may read: "min.5" becomes "min. five" becomes "minimum five". Plain text is settled at once.
  for (let pass = 1; pass < MOST_PASSES; pass++) {
    const next = normalizeOnce(current, known);
    if (next === current) break;
    current = next;
  }
  return current;
}

function normalizeOnce(text: string, language: Language): string {
  const written = writeSoundTags(dropControlTokens(plainCharacters(text)));
  const spoken = betweenTags(written, (words) => rewriteWords(words, language));
  return markEnd(tidyBlanks(dropControlTokens(spoken)));
}

/** Whether normalised text has a letter or a number outside its tags. */
export function isSpeakable(normalized: string): boolean {
  return /[\p{L}\p{N}]/u.test(withoutTags(normalized));
}

function rewriteWords(words: string, language: Language): string {
  // Mark-up that came with the words is not for the ear; what `<` compares with has a blank or a number behind it.
  const signed = markSigns(words.replace(/<\/?[A-Za-z][^<>\n]*>/g, ' '));
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

/** The order matters: what names its numbers most closely comes first, plain numbers last. */
function rewriteAll(words: string, locale: Locale): string {
  let text = expandAddresses(locale.decimalMark === '.' ? pointDecimals(words) : words, locale);
  for (const [pattern, said] of locale.abbreviations) text = text.replace(pattern, said);
  text = expandDates(text, locale);
  text = expandTimes(text, locale);
  text = expandCurrency(text, locale);
  text = expandUnits(text, locale);
  text = text
    .replace(/#\s?(?=\d)/g, `${locale.number} `)
    .replace(/~\s?(?=[−\d])/g, `${locale.symbols.get('≈') ?? ''} `);
  text = expandNumbers(text, locale);
  text = plainMarks(text.replaceAll('−', '-'));
  return saySymbols(text, locale);
}

/** A comma that can only be a decimal one, in a language that writes points: 21,5 °C, €3,50. */
function pointDecimals(words: string): string {
  return words.replace(/(?<=(?<![\d.,])\d+),(?=\d{1,2} ?[°%€])|(?<=€ ?\d+),(?=\d{1,2}(?![\d,]))/g, '.');
}

/** Signs with a name are said; any other sign that is neither letter, number nor mark becomes a blank. */
function saySymbols(text: string, locale: Locale): string {
  return text
    .replace(/(?<=\p{L})\/(?=\p{L})/gu, ' ')
    .replace(/\p{S}|[²³&@%‰§/•†‡¶¿¡#]/gu, (sign) => {
      const said = locale.symbols.get(sign);
      return said === undefined ? ' ' : ` ${said} `;
    })
    .replace(/[\p{No}\p{Nl}]/gu, (sign) => ` ${sign.normalize('NFKC').replace(/[^\p{L}\p{Nd}]/gu, ' ')} `)
    .replace(/\d+/g, (digits) => ` ${expandNumbers(digits, locale)} `);
}
