/** Plain numbers in words: whole, decimal, negative, grouped, ordinal, and digits where a run is a name, not a count. */
import type { Locale, NumberVoice, PlainNumbers } from './languages/index.js';
import { expandOrdinals } from './ordinals.js';
import { expandYears } from './years.js';

/**
 * Source of a pattern for one unsigned number, however its thousands and decimals are marked: 1,234.5, 1.234,5, 1'234,
 * 1 234, 12,5; no capture groups. What its marks mean is {@link readNumber}'s to say. Every part is bounded, so that no text
 * makes it slow.
 */
export const NUMBER =
  '(?:[1-9]\\d{0,2}(?:(?:,\\d{3}){1,6}(?![,\\d])(?:\\.\\d{1,30})?|(?:\\.\\d{3}){1,6}(?![.\\d])(?:,\\d{1,30})?' +
  "|(?:'\\d{3}){1,6}(?!\\d)(?:[.,]\\d{1,30})?|(?:[ \\u2009\\u202f]\\d{3}){1,6}(?!\\d)(?:[.,]\\d{1,30})?)" +
  '|\\d{1,40}(?:[.,]\\d{1,30})?)';
/** Ungrouped numbers that are longer, and those with a leading zero, are read digit by digit: serial numbers, codes. */
const LONGEST_COUNT = 9;
const GROUPED = /^[1-9]\d{0,2}(?:([,.' \u2009\u202f])\d{3})(?:\1\d{3})*(?!\d)/;

/** Parts of a number written as {@link NUMBER} says: `1,234.50` -> whole `1234`, decimals `50`. */
export function readNumber(written: string, voice: NumberVoice): { whole: string; decimals: string; grouped: boolean } {
  const [groups = '', mark] = GROUPED.exec(written) ?? [];
  // One group behind the mark of decimals is decimals: 1.234 in English, 1,234 in German.
  const isDecimal = mark === voice.decimalMark && groups.length <= 7 && groups.length === written.length;
  if (mark !== undefined && !isDecimal) {
    return { whole: groups.replace(/\D/g, ''), decimals: written.slice(groups.length + 1), grouped: true };
  }
  const [whole = '', decimals = ''] = written.split(/[.,]/);
  return { whole, decimals, grouped: false };
}

/** `2401` -> two four oh-less digits: "two four zero one". Anything but digits is left out. */
export function sayDigits(digits: string, voice: NumberVoice): string {
  return Array.from(digits.replace(/\D/g, ''), (digit) => voice.cardinal(BigInt(digit))).join(' ');
}

/** A whole number of digits: counted, or digit by digit where it is no count. */
export function sayWhole(digits: string, voice: NumberVoice): string {
  const isLong = digits.length > LONGEST_COUNT && !(digits.length <= 19 && digits.endsWith('000'));
  const isCount = !isLong && (digits.length === 1 || !digits.startsWith('0'));
  return isCount ? voice.cardinal(BigInt(digits)) : sayDigits(digits, voice);
}

/** An unsigned number in words: `1,234.50` -> "one thousand two hundred thirty-four point five zero". */
export function sayNumber(written: string, voice: NumberVoice): string {
  const { whole, decimals, grouped } = readNumber(written, voice);
  const said = grouped ? voice.cardinal(BigInt(whole)) : sayWhole(whole, voice);
  return decimals === '' ? said : `${said} ${voice.point} ${sayDigits(decimals, voice)}`;
}

/** As {@link sayNumber}, with a minus sign before it where there is one. */
export function saySigned(written: string, voice: NumberVoice): string {
  return written.startsWith('−') ? `${voice.minus} ${sayNumber(written.slice(1), voice)}` : sayNumber(written, voice);
}

/** Hyphens and dashes that are minus signs become U+2212, so that later rules see one sign; `.5` becomes `0.5`. */
export function markSigns(text: string): string {
  return text
    .replace(/(?<=^|[\s"'=:;,<>~≈±/($€£¥₹])[-–](?=[.,]?\d|[$€£¥₹]\d)/gmu, '−')
    .replace(/(?<=^|[\s(=])− (?=\d)/gm, '−')
    .replace(/(?<=^|[\s"'−$€£])\.(?=\d)/gmu, '0.');
}

/** What is left of arithmetic with floating-point numbers: 21.349999999999998 is 21.35. */
export function roundFloats(text: string): string {
  return text.replace(/(?<![\d.,])\d{1,15}([.,])\d{9,30}(?![\d.,]*\d)/g, (written, mark: string) => {
    const value = Number(written.replace(',', '.'));
    if (!/0{4}|9{4}/.test(written) && written.length < 14) return written;
    const short = value !== 0 && value < 0.1 ? value.toPrecision(2) : value.toFixed(2);
    return short.includes('e') ? written : short.replace(/\.?0+$/, '').replace('.', mark);
  });
}

const PLAIN_RANGE = new RegExp(`(?<![\\p{L}\\d])(${NUMBER})\\s?[-–]\\s?(?=\\d)`, 'gu');
const SIGNED = new RegExp(`−?${NUMBER}`, 'gu');

/** Decimals of any language as they stand; what is left of digits, in any script, in words. */
export function expandPlainNumbers(text: string, voice: PlainNumbers): string {
  return westernDigits(
    text.replace(/[\p{No}\p{Nl}]/gu, (sign) => ` ${sign.normalize('NFKC').replace(/[\p{No}\p{Nl}]/gu, ' ')} `),
  )
    .replace(PLAIN_RANGE, '$1, ')
    .replace(
      / ?°([CF])(?!\p{L})/gu,
      (_all, scale: string) => ` ${voice.degrees} ${scale === 'C' ? 'Celsius' : 'Fahrenheit'} `,
    )
    .replace(/(?<=\d) ?°/g, ` ${voice.degrees} `)
    .replace(/(?<=\d) ?%/g, ` ${voice.percent} `)
    .replace(SIGNED, (written) => ` ${saySigned(written, voice)} `)
    .replace(/\u2044/g, ' ')
    .replace(/(?<=\p{L} ):(?= \p{L})/gu, '');
}

const RANGE = new RegExp(`(?<![\\p{L}\\d.,])(−?${NUMBER}) ?[-–] ?(?=−?\\d)`, 'gu');
const MAGNITUDE = new RegExp(
  `(?<![\\p{L}\\d.,])(−?${NUMBER}) ?(bn|k|K|M|million|billion|trillion|Mio\\.?|Mrd\\.?|Tsd\\.)(?![\\p{L}\\d])`,
  'gu',
);
const MANY = /(?<![\d.,])(1,000,000|1000000|1,000|1000|10,000|10000|100,000|100)s(?= of\b)/g;
const MANY_NAMES: Readonly<Record<number, string>> = {
  100: 'hundreds',
  1000: 'thousands',
  10000: 'tens of thousands',
  100000: 'hundreds of thousands',
  1000000: 'millions',
};

/** 1,000s of people: thousands. */
export function expandMany(text: string, { language }: Locale): string {
  if (language !== 'en') return text;
  return text.replace(MANY, (_all, digits: string) => MANY_NAMES[Number(digits.replaceAll(',', ''))] ?? digits);
}

/** Ordinals, decades, versions, ranges, fractions, years and plain numbers of a language that is known whole. */
export function expandNumbers(text: string, locale: Locale): string {
  const say = (written: string): string => saySigned(written, locale);
  const counted = westernDigits(text)
    .replace(/(?<=\d)-(?=\p{L})|(?<=\p{L})-(?=\d)/gu, ' ')
    .replace(/(?<![\d-])\d{1,20}(?:[-–]\d{1,20}){2,10}(?![\d-])/g, (written) =>
      written
        .split(/[-–]/)
        .map((part) => (part.length > 2 || written.length > 9 ? sayDigits(part, locale) : sayWhole(part, locale)))
        .join(', '),
    )
    .replace(/(?<![\d.,])\d{1,2}(?:,\d{1,2}){2,20}(?![\d.,]*\d)/g, (written) => written.replaceAll(',', ', '))
    .replace(/(?<![\p{L}\d])[vV]\.? ?(?=\d{1,6}(?:\.\d{1,6}){1,5})/gu, ` ${locale.version} `)
    .replace(/(?<![\d.])\d{1,20}(?:\.\d{1,20}){2,20}(?![.\d])/g, (written) =>
      /^[1-9]\d{0,2}(?:\.\d{3}){2,}$/.test(written)
        ? say(written)
        : ` ${sayParts(written, versionMark(locale), locale)} `,
    )
    .replace(
      /(?<![\d.,])(\d{1,2}) ?([½¼¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])/g,
      (_all, whole: string, sign: string) => ` ${sayFractionSign(sign, locale, Number(whole))} `,
    )
    .replace(/[½¼¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]/g, (sign) => ` ${sayFractionSign(sign, locale)} `)
    .replace(
      /(?<![\d.,/])(?:(\d{1,2}) )?(\d{1,2})\/(\d{1,3})(?![\d/])(?!\.\d)/g,
      (all: string, whole: string | undefined, upper: string, lower: string) =>
        isFraction(Number(upper), Number(lower))
          ? ` ${locale.sayFraction(Number(upper), Number(lower), whole === undefined ? undefined : Number(whole))} `
          : all,
    );
  return expandYears(expandOrdinals(counted, locale), locale)
    .replace(RANGE, (_all, from: string) => ` ${say(from)} ${locale.range} `)
    .replace(MAGNITUDE, (all: string, written: string, magnitude: string) => {
      const said = locale.magnitudes.get(magnitude);
      return said === undefined ? all : ` ${say(written)} ${said} `;
    })
    .replace(SIGNED, (written) => ` ${say(written)} `);
}

/** Digits of other scripts in ASCII. */
function westernDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    // A script's ten digits lie in a row, zero first, on a code point that the row's length divides from its neighbours.
    let zero = digit.codePointAt(0) ?? 0;
    let value = 0;
    while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) {
      zero -= 1;
      value += 1;
    }
    return String(value);
  });
}

/** Versions have points in English, and "Punkt" in German, whose numbers have commas. */
function versionMark(locale: Locale): string {
  return locale.decimalMark === '.' ? locale.point : locale.address.dot;
}

function sayParts(written: string, mark: string, locale: Locale): string {
  return written
    .split('.')
    .map((part) => sayWhole(part, locale))
    .join(` ${mark} `);
}

const FRACTION_SIGNS: ReadonlyMap<string, readonly [number, number]> = new Map(
  '½ 1/2 ¼ 1/4 ¾ 3/4 ⅓ 1/3 ⅔ 2/3 ⅕ 1/5 ⅖ 2/5 ⅗ 3/5 ⅘ 4/5 ⅙ 1/6 ⅚ 5/6 ⅛ 1/8 ⅜ 3/8 ⅝ 5/8 ⅞ 7/8'
    .split(/ (?=\D)/)
    .map((pair) => {
      const [sign = '', upper = '', lower = ''] = pair.split(/[ /]/);
      return [sign, [Number(upper), Number(lower)]] as const;
    }),
);

function sayFractionSign(sign: string, locale: Locale, whole?: number): string {
  const [upper, lower] = FRACTION_SIGNS.get(sign) ?? [1, 2];
  return locale.sayFraction(upper, lower, whole);
}

const USUAL_DENOMINATORS = new Set([2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 32, 64, 100]);

/** Without a year `3/4` is three quarters, `12/25` a date: a fraction is below one and has a usual denominator. */
export function isFraction(numerator: number, denominator: number): boolean {
  return numerator > 0 && numerator < denominator && USUAL_DENOMINATORS.has(denominator);
}
