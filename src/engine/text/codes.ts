/** Numbers that are names, by their digits and letters: zip codes, PINs, orders, flights, rooms, number plates, A1B2. */
import { NUMBER_NAMES } from './languages/number-names.js';
import type { Locale } from './languages/index.js';
import { sayDigits, sayWhole } from './numbers.js';
import { perLocale } from './per-locale.js';

const END = '(?![\\p{L}\\d]|[.,:/]\\d|[%°€£$])';

const patternsOf = perLocale((locale) => {
  const { code, reference, place, flight, between } = NUMBER_NAMES[locale.language];
  const behind = (words: string): string => `(?=[\\dA-Z])(?<=(?<!\\p{L})(?:${words})${between})(?<![\\d.,])`;
  const suffix = '(?:nummer|number)?';
  return {
    code: new RegExp(`${behind(code)}\\d{3,30}(?:[ -]\\d{2,8}){0,8}${END}`, 'gu'),
    mixed: new RegExp(
      `${behind(`${code}|${reference}`)}(?=[\\dA-Z-]{0,19}\\d)(?=[\\dA-Z-]{0,19}[A-Z])[\\dA-Z]{1,20}(?:[ -][\\dA-Z]{1,10}){0,6}${END}`,
      'gu',
    ),
    reference: new RegExp(`${behind(`(?:${reference})${suffix}`)}\\d{4,30}(?:-\\d{1,20}){0,4}${END}`, 'gu'),
    place: new RegExp(`${behind(place)}(\\d{1,6})(?: ?([A-Z])(?![\\p{L}\\d/]))?${END}`, 'gu'),
    flight: new RegExp(`${behind(flight)}([A-Z]{2}|[A-Z]\\d|\\d[A-Z])[ -]?(\\d{1,4})${END}`, 'gu'),
  };
});

/** Letters and digits in turns, or letters before a number: A1B2, AB12, SN-00421, B12, A320. */
const MIXED =
  /(?<![\p{L}\d_.-])(?:[A-Z]{1,3}-?\d{1,12}|(?:[A-Z]{1,4}-?\d{1,6}-?|\d{1,6}-?[A-Z]{1,4}-?){2,6})(?:[A-Z]{0,4})(?![\p{L}\d_]|-\d|[.,]\d)/gu;
/** AB12 CDE: the second half of a plate. */
const PLATE = /(?<![\p{L}\d-])([A-Z]{2}\d{2}) ([A-Z]{3})(?![\p{L}\d])/gu;
/** A run of groups of four digits, as on cards, and what begins with zeros. */
const CARD = /(?<![\p{L}\d.,:/-])\d{4}(?:[ -]\d{4}){3}(?![\d-])/gu;
const HEXADECIMAL = /(?<![\p{L}\d])0[xX]([0-9a-fA-F]{1,32})(?![\p{L}\d])/gu;
/** B-AB 1234 */
const GERMAN_PLATE = /(?<![\p{L}\d-])[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{1,4}[EH]?(?![\p{L}\d-])/gu;
const HASHED = /#([0-9a-fA-F]{6})(?![\p{L}\d])/gu;

/** Codes written in `text`, as `locale` says them. */
export function expandCodes(text: string, locale: Locale): string {
  const { code, mixed, reference, place, flight } = patternsOf(locale);
  const digits = (written: string): string => ` ${sayGroups(written, locale)} `;
  return text
    .replace(HASHED, (all: string, hex: string) => (/[a-f]/i.test(hex) ? ` ${spell(hex, locale)} ` : all))
    .replace(HEXADECIMAL, (_all, hex: string) => ` ${spell(`0x${hex}`, locale)} `)
    .replace(GERMAN_PLATE, (written) => ` ${spell(written.replace(/(?<=\p{L}) |- ?(?=\d)/gu, ' '), locale)} `)
    .replace(PLATE, (_all, first: string, second: string) => ` ${spell(first, locale)} ${spell(second, locale)} `)
    .replace(
      flight,
      (_all, airline: string, number: string) => ` ${spell(airline, locale)} ${sayGroups(number, locale)} `,
    )
    .replace(CARD, digits)
    .replace(code, digits)
    .replace(reference, digits)
    .replace(mixed, (written) => ` ${spell(written, locale)} `)
    .replace(place, (_all, number: string, letter: string | undefined) => {
      const said = number.length >= 3 ? sayDigits(number, locale) : sayWhole(number, locale);
      return letter === undefined ? said : `${said} ${letter}`;
    })
    .replace(MIXED, (written) => (isCode(written) ? ` ${sayMixed(written, locale)} ` : written));
}

/** Letters one by one, digits one by one, a pause at hyphens and blanks. */
export function spell(written: string, locale: Locale): string {
  return Array.from(written.toUpperCase(), (sign) => {
    if (/\d/.test(sign)) return locale.cardinal(BigInt(sign));
    return /\p{L}/u.test(sign) ? sign : ',';
  })
    .join(' ')
    .replaceAll(' ,', ',');
}

function sayGroups(written: string, locale: Locale): string {
  return written
    .split(/[ -]/)
    .map((group) => sayDigits(group, locale))
    .join(', ');
}

/** Not `60W` or `5G`: one number with letters behind it is a quantity or a name. */
function isCode(written: string): boolean {
  return /^[A-Z]/.test(written) || (written.match(/\d+/g)?.length ?? 0) > 1 || /^\d+-?[A-Z]+-?\d/.test(written);
}

function sayMixed(written: string, locale: Locale): string {
  const parts = written.match(/[A-Z]+|\d+/g) ?? [];
  return parts
    .map((part) => {
      if (/\d/.test(part)) return part.length >= 3 ? sayDigits(part, locale) : sayWhole(part, locale);
      return part.length <= 2 || parts.length > 2 ? Array.from(part).join(' ') : part;
    })
    .join(' ');
}
