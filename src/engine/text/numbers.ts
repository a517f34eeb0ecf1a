/** Plain numbers in words: whole, decimal, negative, grouped, ordinal, and digits where a run is a name, not a count. */
import type { Locale, NumberVoice, PlainNumbers } from './languages/index.js';

/** Blanks that group digits in every language, as SI has it: plain (12 000 lx), thin, narrow unbreakable. */
const GROUP_BLANKS = ' \u2009\u202f';
/** Longer runs, and those with a leading zero, are read digit by digit: serial numbers, codes, telephone numbers. */
const LONGEST_COUNT = 12;

function groupMark(voice: NumberVoice): string {
  return `[${voice.thousandsMarks}${GROUP_BLANKS}]`;
}

/** Source of a pattern for one unsigned number as `voice` writes it; no capture groups. */
export function numberSource(voice: NumberVoice): string {
  const grouped = `[1-9]\\d{0,2}(?:${groupMark(voice)}\\d{3})+(?!\\d)`;
  const mark = voice.decimalMark === '.' ? '\\.' : '[.,]';
  const decimal = voice.decimalMark === '.' ? '\\.' : ',';
  return `(?:${grouped}(?:${decimal}\\d+)?|\\d+(?:${mark}\\d+)?)`;
}

/** Parts of a number written as {@link numberSource} says: `1,234.50` -> whole `1234`, decimals `50`. */
export function readNumber(written: string, voice: NumberVoice): { whole: string; decimals: string } {
  const grouped = new RegExp(`^[1-9]\\d{0,2}(?:${groupMark(voice)}\\d{3})+(?!\\d)`).exec(written);
  if (grouped !== null) {
    return { whole: grouped[0].replace(/\D/g, ''), decimals: written.slice(grouped[0].length + 1) };
  }
  const [whole = '', decimals = ''] = written.split(/[.,]/);
  return { whole, decimals };
}

/** `2401` -> two four oh-less digits: "two four zero one". Anything but digits is left out. */
export function sayDigits(digits: string, voice: NumberVoice): string {
  return Array.from(digits.replace(/\D/g, ''), (digit) => voice.cardinal(BigInt(digit))).join(' ');
}

/** A whole number of digits: counted, or digit by digit where it is no count. */
export function sayWhole(digits: string, voice: NumberVoice): string {
  const isCount = digits.length <= LONGEST_COUNT && (digits.length === 1 || !digits.startsWith('0'));
  return isCount ? voice.cardinal(BigInt(digits)) : sayDigits(digits, voice);
}

/** An unsigned number in words: `1,234.50` -> "one thousand two hundred thirty-four point five zero". */
export function sayNumber(written: string, voice: NumberVoice): string {
  const { whole, decimals } = readNumber(written, voice);
  const said = sayWhole(whole, voice);
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
    .replace(/−\s+(?=\d)/g, '−')
    .replace(/(?<=^|[\s"'−$€£])\.(?=\d)/gmu, '0.');
}

/** Decimals of any language as they stand; what is left of digits, in any script, in words. */
export function expandPlainNumbers(text: string, voice: PlainNumbers): string {
  const number = numberSource(voice);
  return westernDigits(
    text.replace(/[\p{No}\p{Nl}]/gu, (sign) => ` ${sign.normalize('NFKC').replace(/[\p{No}\p{Nl}]/gu, ' ')} `),
  )
    .replace(new RegExp(`(?<![\\p{L}\\d])(${number})\\s?[-–]\\s?(?=\\d)`, 'gu'), '$1, ')
    .replace(
      / ?°([CF])(?!\p{L})/gu,
      (_all, scale: string) => ` ${voice.degrees} ${scale === 'C' ? 'Celsius' : 'Fahrenheit'} `,
    )
    .replace(/(?<=\d) ?°/g, ` ${voice.degrees} `)
    .replace(/(?<=\d) ?%/g, ` ${voice.percent} `)
    .replace(new RegExp(`−?${number}`, 'gu'), (written) => ` ${saySigned(written, voice)} `)
    .replace(/\u2044/g, ' ')
    .replace(/(?<=\p{L} ):(?= \p{L})/gu, '');
}

/** Ordinals, decades, telephone numbers, versions, ranges, fractions and plain numbers of a language that is known whole. */
export function expandNumbers(text: string, locale: Locale): string {
  const number = numberSource(locale);
  const say = (written: string): string => saySigned(written, locale);
  return westernDigits(text)
    .replace(/(?<=\d)-(?=\p{L})|(?<=\p{L})-(?=\d)/gu, ' ')
    .replace(/\+\d[\d -]{6,}\d|(?<![\d-])\(?\d{3}\)?[ -]\d{3}-\d{4}(?!\d)|(?<![\d-])\d{3}-\d{4}(?![\d-])/g, (written) =>
      sayTelephone(written, locale),
    )
    .replace(/(?<![\d-])\d+(?:[-–]\d+){2,}(?![\d-])/g, (written) => written.replace(/[-–]/g, ', '))
    .replace(
      /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g,
      (written) => ` ${sayParts(written, locale.address.dot, locale)} `,
    )
    .replace(/(?<![\p{L}\d])[vV]\.? ?(?=\d+(?:\.\d+)+)/gu, ` ${locale.version} `)
    .replace(/(?<![\d.])\d+(?:\.\d+){2,}(?![\d])/g, (written) =>
      isGrouped(written, locale) ? say(written) : ` ${sayParts(written, locale.point, locale)} `,
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
    )
    .replace(
      new RegExp(`(−?${number}) ?[-–] ?(?=−?\\d)`, 'gu'),
      (_all, from: string) => ` ${sayYearOr(from, locale, say)} ${locale.range} `,
    )
    .replace(/(?<=\d) ?[xX×] ?(?=\d)/g, locale.dayFirst && locale.decimalMark === ',' ? ' mal ' : ' by ')
    .replace(/(?<![\d.,])(\d+)(?:st|nd|rd|th)(?!\p{L})/gu, (_all, digits: string) => ` ${sayOrdinal(digits, locale)} `)
    .replace(
      new RegExp(
        `(?<![\\p{L}\\d.,])(−?${number}) ?(bn|k|K|M|million|billion|trillion|Mio\\.?|Mrd\\.?|Tsd\\.)(?![\\p{L}\\d])`,
        'gu',
      ),
      (all: string, written: string, magnitude: string) => {
        const said = locale.magnitudes.get(magnitude);
        return said === undefined ? all : ` ${say(written)} ${said} `;
      },
    )
    .replace(/(\p{L}+) (\d{4})(?![\d.,:]*\d)(?!\p{L})/gu, (all: string, ahead: string, year: string) =>
      locale.yearWords.has(ahead.toLowerCase()) && isYear(year) ? `${ahead} ${locale.year(Number(year))}` : all,
    )
    .replace(new RegExp(`−?${number}`, 'gu'), (written) => ` ${say(written)} `);
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

function isGrouped(written: string, locale: Locale): boolean {
  return locale.thousandsMarks.includes('.') && /^\d{1,3}(?:\.\d{3})+$/.test(written);
}

function sayParts(written: string, mark: string, locale: Locale): string {
  return written
    .split('.')
    .map((part) => sayWhole(part, locale))
    .join(` ${mark} `);
}

function sayTelephone(written: string, locale: Locale): string {
  const groups = written.split(/[^\d]+/).filter((group) => group !== '');
  const plus = written.startsWith('+') ? `${locale.symbols.get('+') ?? ''} ` : '';
  return ` ${plus}${groups.map((group) => sayDigits(group, locale)).join(', ')} `;
}

function sayOrdinal(digits: string, locale: Locale): string {
  const value = BigInt(digits);
  return value === 0n ? `${locale.cardinal(0n)}th` : locale.ordinal(value);
}

function isYear(written: string): boolean {
  const year = Number(written);
  return year >= 1100 && year <= 2099;
}

function sayYearOr(written: string, locale: Locale, say: (written: string) => string): string {
  const year = Number(written);
  return /^\d{4}$/.test(written) && year >= 1900 && year <= 2099 ? locale.year(year) : say(written);
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
