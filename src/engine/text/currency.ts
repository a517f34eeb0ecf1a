/** Amounts of money in words: $3.50, €20, 20 €, EUR 20, £1.2m, €10-20, 3,50 €, 0.32 €/kWh, $1,250/month, a $20 bill. */
import type { Currency, Locale } from './languages/index.js';
import { NUMBER, readNumber, sayNumber } from './numbers.js';
import { anyOf, perLocale } from './per-locale.js';
import { isBeforeNoun } from './singular.js';
import { sayPer } from './units.js';

interface Amount {
  readonly negative: boolean;
  /** The lower end of a range. */
  readonly from: string | undefined;
  readonly written: string;
  readonly magnitude: string | undefined;
  readonly symbol: string;
  readonly per: string;
  /** Before a noun: a $20 bill. */
  readonly isAdjective: boolean;
}

const patternsOf = perLocale((locale) => {
  const symbols = anyOf(locale.currencies.keys());
  const symbol = `(?<symbol>${symbols})`;
  const amount = `(?:(?<from>${NUMBER}) ?[-–] ?(?:${symbols})?)?(?<written>${NUMBER})(?: ?(?<magnitude>${anyOf(locale.magnitudes.keys())})(?![\\p{L}\\d]))?`;
  const perUnit = '(?:/(?<perUnit>\\p{L}{1,12}[²³]?)(?![\\p{L}\\d])\\.?)?';
  return {
    before: new RegExp(`(?<sign>[−+]?)(?<!\\p{L}|\\d ?)${symbol} ?(?<inner>−?)${amount}(?![\\d])${perUnit}`, 'gu'),
    behind: new RegExp(`(?<![\\p{L}\\d.,])(?<sign>[−+]?)${amount} ?${symbol}(?![\\p{L}\\d])${perUnit}`, 'gu'),
    pence: /(?<![\p{L}\d.,])(\d{1,2})p(?![\p{L}\d])/gu,
  };
});

/** Amounts written in `text`, as `locale` says them. */
export function expandCurrency(text: string, locale: Locale): string {
  const { before, behind, pence } = patternsOf(locale);
  const say = (...match: unknown[]): string => {
    const all = match[0] as string;
    const groups = match.at(-1) as Record<string, string | undefined>;
    const whole = match.at(-2) as string;
    const offset = match.at(-3) as number;
    const { from, written = '', magnitude, symbol = '', perUnit, sign, inner } = groups;
    const per = perUnit === undefined ? '' : (sayPer(perUnit, undefined, locale) ?? ` ${perUnit}`);
    const end = offset + all.length;
    const isAdjective =
      locale.language === 'en' &&
      per === '' &&
      isBeforeNoun(whole.slice(Math.max(0, offset - 30), offset), whole.slice(end, end + 30));
    const negative = sign === '−' || inner === '−';
    const plus = sign === '+' ? `${locale.symbols.get('+') ?? ''} ` : '';
    return ` ${plus}${sayAmount({ negative, from, written, magnitude, symbol, per, isAdjective }, locale)} `;
  };
  const written = locale.language === 'de' ? text.replace(/(?<=\d)[- ]?(€|\$|£)-(?=\p{Lu})/gu, ' $1 ') : text;
  const said = written.replace(before, say).replace(behind, say);
  if (locale.language !== 'en') return said;
  const noun = locale.currencies.get('£')!.minor;
  return said.replace(pence, (_all, digits: string) =>
    digits === '1' ? noun.one : `${locale.cardinal(BigInt(digits))} ${noun.many}`,
  );
}

function sayAmount(amount: Amount, locale: Locale): string {
  const currency = locale.currencies.get(amount.symbol)!;
  const { magnitude, per, written, isAdjective } = amount;
  const large = magnitude === undefined ? undefined : (locale.magnitudes.get(magnitude) ?? '');
  const { decimals } = readNumber(written, locale);
  const noun = isAdjective ? currency.major.bare : currency.major.many;
  const said =
    large !== undefined
      ? `${sayNumber(written, locale)} ${large} ${noun}`
      : isAdjective && decimals === '' && written !== '1'
        ? `${sayNumber(written, locale)} ${noun}`
        : sayMajorAndMinor(written, currency, locale);
  return [
    ...(amount.negative ? [locale.minus] : []),
    ...(amount.from === undefined ? [] : [sayNumber(amount.from, locale), locale.range]),
    `${said}${per}`,
  ].join(' ');
}

/** Two decimals are the minor unit; any other count is read as a decimal number of major ones. */
function sayMajorAndMinor(written: string, currency: Currency, locale: Locale): string {
  // 1.500 € is nobody's way to write a price of one and a half euros.
  const isThousands = currency === locale.currencies.get('€') && /^[1-9]\d{0,2}\.\d{3}$/.test(written);
  const { whole, decimals } = isThousands
    ? { whole: written.replace('.', ''), decimals: '' }
    : readNumber(written, locale);
  if (decimals === '' || decimals.length === 2) {
    return locale.sayMoney(BigInt(whole), BigInt(decimals === '' ? 0 : decimals), currency);
  }
  return `${sayNumber(written, locale)} ${currency.major.many}`;
}
