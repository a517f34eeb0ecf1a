/** Amounts of money in words: $3.50, €20, 20 €, EUR 20, £1.2m, €10-20, 3,50 €, 0.32 €/kWh. */
import type { Currency, Locale } from './languages/index.js';
import { numberSource, readNumber, sayNumber } from './numbers.js';

interface Amount {
  readonly negative: boolean;
  /** The lower end of a range. */
  readonly from: string | undefined;
  readonly written: string;
  readonly magnitude: string | undefined;
  readonly symbol: string;
  readonly perUnit: string | undefined;
}

/** Amounts written in `text`, as `locale` says them. */
export function expandCurrency(text: string, locale: Locale): string {
  const symbol = `(?<symbol>${anyOf(locale.currencies.keys())})`;
  const number = numberSource(locale);
  const amount = `(?:(?<from>${number}) ?[-–] ?)?(?<written>${number})(?: ?(?<magnitude>${anyOf(locale.magnitudes.keys())})(?![\\p{L}\\d]))?`;
  const perUnit = `(?:/(?<perUnit>${anyOf(locale.units.keys())})(?![\\p{L}\\d]))?`;
  const before = new RegExp(`(?<sign>−?)(?<!\\p{L})${symbol} ?(?<inner>−?)${amount}${perUnit}`, 'gu');
  const behind = new RegExp(`(?<![\\p{L}\\d.,])(?<sign>−?)${amount} ?${symbol}(?![\\p{L}\\d])${perUnit}`, 'gu');
  const say = (...match: unknown[]): string => {
    const groups = match.at(-1) as Record<string, string | undefined>;
    const { from, written = '', magnitude, symbol: key = '', perUnit: unit } = groups;
    const negative = groups.sign === '−' || groups.inner === '−';
    return ` ${sayAmount({ negative, from, written, magnitude, symbol: key, perUnit: unit }, locale)} `;
  };
  return text.replace(before, say).replace(behind, say);
}

function sayAmount(amount: Amount, locale: Locale): string {
  const currency = locale.currencies.get(amount.symbol)!;
  const { magnitude, perUnit } = amount;
  const said =
    magnitude === undefined
      ? sayMajorAndMinor(amount.written, currency, locale)
      : `${sayNumber(amount.written, locale)} ${locale.magnitudes.get(magnitude) ?? ''} ${currency.major.many}`;
  return [
    ...(amount.negative ? [locale.minus] : []),
    ...(amount.from === undefined ? [] : [sayNumber(amount.from, locale), locale.range]),
    said,
    ...(perUnit === undefined ? [] : [locale.per, locale.units.get(perUnit)?.bare ?? '']),
  ].join(' ');
}

/** Two decimals are the minor unit; any other count is read as a decimal number of major ones. */
function sayMajorAndMinor(written: string, currency: Currency, locale: Locale): string {
  const { whole, decimals } = readNumber(written, locale);
  if (decimals === '' || decimals.length === 2) {
    return locale.sayMoney(BigInt(whole), BigInt(decimals === '' ? 0 : decimals), currency);
  }
  return `${sayNumber(written, locale)} ${currency.major.many}`;
}

/** Longest first, so that `kWh` is not read as `k`. */
function anyOf(keys: Iterable<string>): string {
  return [...keys]
    .sort((a, b) => b.length - a.length)
    .map((key) => key.replaceAll(/[.$]/g, '\\$&'))
    .join('|');
}
