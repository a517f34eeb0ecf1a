/**
 * Signs between numbers that are sums: 5 * 3 = 15, 10 / 2 = 5, 7 - 4 = 3, 2^8, 5! = 120. Only the signs become words, the
 * numbers are left to the rules behind this one. A stroke or a hyphen alone is none: 1/2 cup, 2-3 pills.
 */
import type { Locale } from './languages/index.js';

const OPERAND = '(?:\\d{1,15}(?:[.,]\\d{1,15})?|(?<![\\p{L}])\\p{L}(?![\\p{L}]))';
const SIGNS = '[*/x×÷·:+=<>≤≥≠^−–-]';
const SUM = new RegExp(
  `(?<![\\p{L}\\d.,/:_^*-])[(√−-]{0,3}${OPERAND}[)!²³]{0,3}(?: {0,2}${SIGNS} {0,2}[(√−-]{0,3}${OPERAND}[)!²³]{0,3}){1,30}(?![\\p{L}\\d_/]|[.,:]\\d)`,
  'gu',
);
/** What makes the other signs signs of a sum: an unmistakable one. */
const SURE = /[=*^÷√×·≠≤≥]|\d!(?=[ )]*[=+*/-])/;
const ASKED =
  /(?<!\p{L})(?:what is|what's|calculate|compute|how much is|was ist|berechne|rechne|wie viel ist|wieviel ist) ?$/iu;
/** Not the m^3 of a quantity, which is a unit's. */
const POWER = /(?<=[\p{L}\d)])(?<!\d ?(?:[mcdk]?m|ft|in))\^([−-]?)([({]?)(\d{1,6}|\p{L})([)}]?)(?![\p{L}\d])/gu;
const SCIENTIFIC = /(?<![\p{L}\d.,])([−-]?)(\d{1,15}(?:[.,]\d{1,15})?)[eE]([+−-]?)(\d{1,3})(?![\p{L}\d])/gu;

/** A line of its own that is nothing else: 8 - 3. */
const DIFFERENCE = /^(\d{1,9}) [-–] (\d{1,9})(?=[.?!]?$)/gm;
/** 10x faster, 3x a day. */
const TIMES =
  /(?<![\p{L}\d])(\d{1,6}(?:[.,]\d{1,3})?)x(?= (?:\p{Ll}{2,20}er|more|less|as|the|a|per|daily|so|mehr|weniger|täglich|pro|am|im|in)(?!\p{L}))/gu;

/** Sums written in `text`, with their signs in `locale`'s words. */
export function expandArithmetic(text: string, locale: Locale): string {
  const { arithmetic, minus, language } = locale;
  const scientific = text.replace(
    SCIENTIFIC,
    (_all, sign: string, number: string, negative: string, exponent: string) =>
      `${sign === '' ? '' : '−'}${number} ${arithmetic.exponent} ${/[−-]/.test(negative) ? '−' : ''}${Number(exponent)}`,
  );
  const sums = scientific.replace(SUM, (sum: string, offset: number, whole: string) => {
    const isAsked = ASKED.test(whole.slice(Math.max(0, offset - 20), offset));
    // One letter beside a sign may be anything but a sum: a/b, x-y.
    if (!(SURE.test(sum) || isAsked) || !/\d/.test(sum)) return sum;
    return sum
      .replace(/(?<=\d)!/g, ` ${arithmetic.factorial}`)
      .replace(/ ?[*×·] ?/g, ` ${arithmetic.times} `)
      .replace(/(?<=[\d)] ?)x(?= ?[\d(])/g, ` ${arithmetic.times} `)
      .replace(/ ?÷ ?/g, ` ${arithmetic.dividedBy} `)
      .replace(/ \/ | \/(?=\d)|(?<=\))\/|(?<=\p{L})\/(?=\p{L})/gu, ` ${arithmetic.dividedBy} `)
      .replace(/(?<![\d/])(\d{1,15})\/(\d{1,15})(?![\d/])/g, (all: string, upper: string, lower: string) =>
        Number(upper) < Number(lower) ? all : `${upper} ${arithmetic.dividedBy} ${lower}`,
      )
      .replace(/(?<=[\p{L}\d)!²³]) ?[−–-] ?(?=[\p{L}\d(√])/gu, ` ${minus} `)
      .replace(/(?<=\)) ?: ?|(?<=\d) : (?=\d)/g, ` ${arithmetic.dividedBy} `);
  });
  return sums
    .replace(POWER, (_all, sign: string, _open, exponent: string) => {
      if (sign === '' && exponent === '2') return ` ${arithmetic.squared} `;
      if (sign === '' && exponent === '3') return ` ${arithmetic.cubed} `;
      return ` ${arithmetic.power} ${sign === '' ? '' : '−'}${exponent} `;
    })
    .replace(/(?<=\d|(?<!\p{L})\p{L}) \* (?=\d|\p{L}(?!\p{L}))/gu, ` ${arithmetic.times} `)
    .replace(/(?<=\d) \/ (?=\d)/g, ` ${arithmetic.dividedBy} `)
    .replace(DIFFERENCE, (all: string, from: string, amount: string) =>
      Number(from) > Number(amount) ? `${from} ${minus} ${amount}` : all,
    )
    .replace(
      /(?<=\d) ?[xX×] ?(?=\d)(?<!(?<!\d)0x)|(?<=\d["'] |\d ?(?:[cm]?m|ft|in) )[xX×] (?=\d)/g,
      ` ${arithmetic.by} `,
    )
    .replace(TIMES, language === 'de' ? '$1 mal' : '$1 times');
}
