/** Telephone numbers by their digits, a pause between the groups: 555-123-4567, +49 30 901820, 020 7946 0958, 1-800-FLOWERS. */
import { NUMBER_NAMES, SHORT_CALLS } from './languages/number-names.js';
import type { Locale } from './languages/index.js';
import { sayDigits, sayNumber } from './numbers.js';
import { perLocale } from './per-locale.js';

const EXTENSION = /(?<=\d,? ?)(?:\bext\.?|\bextension|(?<=\d{4} ?)x|\bDW|\bDurchwahl|\bApp\.) ?(\d{1,6})(?!\d)/giu;
const END = '(?![\\p{L}\\d]|[.,:/-]\\d|[%°€£$])';
const START = '(?<![\\p{L}\\d.,:/$€£#_+-])';

const SHAPES: readonly RegExp[] = [
  // +49 (0) 30 901820, 0049 30 901820
  new RegExp(`(?<![\\p{L}\\d])(?:\\+|00)[1-9]\\d{0,2}(?:[ ./-]?\\(0\\))?(?:[ ./-]?\\(?\\d{1,9}\\)?){1,7}${END}`, 'gu'),
  // (212) 555-0187, 1-800-555-0199, 555.123.4567, 1 800 555 0199
  new RegExp(`${START}(?:1[ .-])?\\(?[2-9]\\d{2}\\)?[ .-]{1,2}\\d{3}[ .-]\\d{4}${END}`, 'gu'),
  // 555-0134
  new RegExp(`${START}[2-9]\\d{2}(?:-\\d{4}| 0\\d{3})${END}`, 'gu'),
  // (089) 12345-67, 030/1234567, 0171 1234567, 020 7946 0958
  new RegExp(`${START}(?:\\(0\\d{1,5}\\)|0\\d{1,5})(?: ?[/-] ?| )\\d{2,9}(?:[ -]\\d{1,8}){0,4}${END}`, 'gu'),
];
/** 1-800-FLOWERS: the word is said, the numbers by their digits. */
const VANITY = new RegExp(`${START}(1[ -])?([2-9]\\d{2})[ -](\\p{Lu}{2,10}(?:-\\p{Lu}{2,10})?)(?![\\p{L}\\d])`, 'gu');

const patternsOf = perLocale((locale) => {
  const { telephone, between } = NUMBER_NAMES[locale.language];
  // The digit is looked for first: what stands before it is dear to look at.
  const ahead = `(?=\\d)(?<=(?<!\\p{L})(?:${telephone})\\.?${between})(?<![\\d.,])`;
  return {
    named: new RegExp(`${ahead}\\d{3,15}(?:[ ./-]\\d{2,10}){0,6}${END}`, 'gu'),
    short: new RegExp(`${ahead}(?:${SHORT_CALLS})${END}`, 'gu'),
    shortBefore: new RegExp(`(?<![\\p{L}\\d.,:/$€£-])(?:${SHORT_CALLS})(?= (?:wählen|anrufen|rufen))`, 'gu'),
  };
});

/** Telephone numbers written in `text`, as `locale` says them. */
export function expandTelephones(text: string, locale: Locale): string {
  const { named, short, shortBefore } = patternsOf(locale);
  const say = (written: string): string => ` ${sayTelephone(written, locale)} `;
  let said = text.replace(EXTENSION, (_all, digits: string) => `, ${locale.extension} ${sayShort(digits, locale)}`);
  said = said.replace(VANITY, (all: string, country: string | undefined, area: string, word: string) =>
    country === undefined && !/^(?:800|8[3-8]{2}|900)$/.test(area)
      ? all
      : ` ${sayTelephone(`${country ?? ''}${area}`, locale)}, ${word.toLowerCase().replace('-', ' ')} `,
  );
  for (const shape of SHAPES) said = said.replace(shape, (written) => (isTelephone(written) ? say(written) : written));
  return said
    .replace(short, say)
    .replace(shortBefore, say)
    .replace(named, (written) =>
      written.replace(/\D/g, '').length >= 5 && !/^\d{1,3}(?: 000){1,3}$/.test(written) ? say(written) : written,
    );
}

function isTelephone(written: string): boolean {
  const digits = written.replace(/\D/g, '').length;
  return digits >= 7 && digits <= 16;
}

function sayTelephone(written: string, locale: Locale): string {
  const plus = written.startsWith('+') ? `${locale.symbols.get('+') ?? ''} ` : '';
  const groups = written
    .replace(/\(0\)/, '')
    .split(/\D+/)
    .filter((group) => group !== '');
  // One eight hundred: the toll-free codes are said as numbers.
  return (
    plus +
    groups
      .map((group, index) =>
        group === '800' && groups[index - 1] === '1' ? sayNumber(group, locale) : sayDigits(group, locale),
      )
      .join(', ')
  );
}

function sayShort(digits: string, locale: Locale): string {
  return digits.length <= 2 && !digits.startsWith('0') ? sayNumber(digits, locale) : sayDigits(digits, locale);
}
