/** English: the United States' way by default, month first; day first and "and" in numbers elsewhere. */
import { ENGLISH_ABBREVIATIONS } from './english-abbreviations.js';
import { enGB, enUS } from './number-words.js';
import type { CountedNoun, Currency, Locale, WrittenDate, WrittenTime } from './types.js';
import { ENGLISH_PERIODS, ENGLISH_UNITS } from './units.js';

const counted = (noun: string, many = `${noun}s`): CountedNoun => ({ one: `one ${noun}`, many, bare: noun });
const CENTS = counted('cent');
const DOLLARS: Currency = { major: counted('dollar'), minor: CENTS };
const EUROS: Currency = { major: counted('euro'), minor: CENTS };
const POUNDS: Currency = { major: counted('pound'), minor: { one: 'one penny', many: 'pence', bare: 'penny' } };
const YEN: Currency = { major: counted('yen', 'yen'), minor: counted('sen', 'sen') };
const RUPEES: Currency = { major: counted('rupee'), minor: { one: 'one paisa', many: 'paise', bare: 'paisa' } };
const FRANCS: Currency = { major: counted('Swiss franc'), minor: counted('centime') };
const CROWN = (country: string): Currency => ({ major: counted(`${country} crown`), minor: counted('öre', 'öre') });
const DOLLAR_OF = (country: string): Currency => ({ major: counted(`${country} dollar`), minor: CENTS });
const whole = (noun: string, many?: string): Currency => ({ major: counted(noun, many), minor: CENTS });
const MORE_CURRENCIES: readonly (readonly [string, Currency])[] = [
  ['SEK', CROWN('Swedish')],
  ['NOK', CROWN('Norwegian')],
  ['DKK', CROWN('Danish')],
  ['CZK', { major: counted('Czech crown'), minor: counted('heller') }],
  ['PLN', { major: counted('zloty', 'zlotys'), minor: counted('grosz', 'groszy') }],
  ['HUF', whole('forint')],
  ['A$', DOLLAR_OF('Australian')],
  ['AUD', DOLLAR_OF('Australian')],
  ['C$', DOLLAR_OF('Canadian')],
  ['CA$', DOLLAR_OF('Canadian')],
  ['CAD', DOLLAR_OF('Canadian')],
  ['NZ$', DOLLAR_OF('New Zealand')],
  ['NZD', DOLLAR_OF('New Zealand')],
  ['HK$', DOLLAR_OF('Hong Kong')],
  ['CNY', whole('yuan', 'yuan')],
  ['₩', whole('won', 'won')],
  ['KRW', whole('won', 'won')],
  ['₽', whole('ruble')],
  ['RUB', whole('ruble')],
  ['₺', whole('lira')],
  ['TRY', whole('lira')],
  ['BRL', whole('real', 'reais')],
  ['₿', whole('bitcoin')],
  ['BTC', whole('bitcoin')],
];

const MONTH_NAMES = 'January February March April May June July August September October November December'.split(' ');
const MONTHS = new Map(
  MONTH_NAMES.flatMap((name, index) => {
    const month = index + 1;
    const short: [string, number] = [name.slice(0, 3).toLowerCase(), month];
    return [[name.toLowerCase(), month] as [string, number], short];
  }),
);
MONTHS.set('sept', 9);

const SYMBOLS = new Map([
  ['&', 'and'],
  ['@', 'at'],
  ['+', 'plus'],
  ['=', 'equals'],
  ['×', 'times'],
  ['÷', 'divided by'],
  ['±', 'plus or minus'],
  ['−', 'minus'],
  ['≈', 'about'],
  ['≤', 'at most'],
  ['≥', 'at least'],
  ['≠', 'is not'],
  ['<', 'less than'],
  ['>', 'greater than'],
  ['²', 'squared'],
  ['³', 'cubed'],
  ['√', 'square root of'],
  ['∞', 'infinity'],
  ['Ω', 'ohm'],
  ['§', 'section'],
  ['°', 'degrees'],
  ['%', 'percent'],
  ['‰', 'per mille'],
  ['$', 'dollars'],
  ['€', 'euros'],
  ['£', 'pounds'],
  ['¥', 'yen'],
  ['₹', 'rupees'],
  ['¢', 'cents'],
  ['₩', 'won'],
  ['₽', 'rubles'],
]);

const DENOMINATORS = new Map([
  [2, 'half/halves'],
  [4, 'quarter/quarters'],
]);

function english(tag: 'en-US' | 'en-GB'): Locale {
  const words = tag === 'en-US' ? enUS : enGB;
  const cardinal = (value: bigint): string => words.toCardinal(value);
  const ordinal = (value: bigint): string => words.toOrdinal(value);
  const small = (value: number): string => cardinal(BigInt(value));

  const year = (value: number): string => {
    const [century, rest] = [Math.trunc(value / 100), value % 100];
    if (value >= 2000 && value < 2010) return small(value);
    if (rest === 0) return century % 10 === 0 ? small(value) : `${small(century)} hundred`;
    return `${small(century)} ${rest < 10 ? `oh ${small(rest)}` : small(rest)}`;
  };

  return {
    language: 'en',
    decimalMark: '.',
    cardinal,
    ordinal,
    minus: 'minus',
    point: 'point',
    units: ENGLISH_UNITS,
    periods: ENGLISH_PERIODS,
    inches: counted('inch', 'inches'),
    feet: counted('foot', 'feet'),
    per: 'per',
    currencies: new Map([
      ['$', DOLLARS],
      ['US$', DOLLARS],
      ['USD', DOLLARS],
      ['€', EUROS],
      ['EUR', EUROS],
      ['£', POUNDS],
      ['GBP', POUNDS],
      ['¥', YEN],
      ['JPY', YEN],
      ['₹', RUPEES],
      ['INR', RUPEES],
      ['CHF', FRANCS],
      ...MORE_CURRENCIES,
    ]),
    sayMoney(major, minor, currency) {
      const parts: string[] = [];
      if (major !== 0n || minor === 0n)
        parts.push(major === 1n ? currency.major.one : `${cardinal(major)} ${currency.major.many}`);
      if (minor !== 0n) parts.push(minor === 1n ? currency.minor.one : `${cardinal(minor)} ${currency.minor.many}`);
      return parts.join(' and ');
    },
    magnitudes: new Map([
      ['k', 'thousand'],
      ['K', 'thousand'],
      ['thousand', 'thousand'],
      ['m', 'million'],
      ['M', 'million'],
      ['mn', 'million'],
      ['million', 'million'],
      ['bn', 'billion'],
      ['B', 'billion'],
      ['billion', 'billion'],
      ['tn', 'trillion'],
      ['trillion', 'trillion'],
    ]),
    range: 'to',
    ratio: 'to',
    year,
    decade: (value) => decadeOf(value < 100 ? small(value) : year(value)),
    yearWords: new Set(
      'in since until till by from of during before after around circa year summer winter spring autumn fall christmas easter'.split(
        ' ',
      ),
    ),
    months: MONTHS,
    monthNames: MONTH_NAMES,
    dayFirst: tag === 'en-GB',
    sayTime({ hour, minute, second, half }: WrittenTime) {
      const suffix = half === undefined ? '' : half === 'am' ? ' a m' : ' p m';
      const seconds =
        second === undefined || second === 0 ? '' : ` and ${second === 1 ? 'one second' : `${small(second)} seconds`}`;
      if (minute === 0 && seconds === '') {
        if (suffix !== '') return `${small(hour)}${suffix}`;
        if (hour === 0 || hour === 24) return 'midnight';
        return hour <= 12 ? `${small(hour)} o'clock` : `${small(hour)} hundred`;
      }
      const minutes = minute < 10 ? `oh ${minute === 0 ? 'oh' : small(minute)}` : small(minute);
      return `${small(hour)} ${minutes}${seconds}${suffix}`;
    },
    sayDate({ day, month, year: written, dayFirst, ahead }: WrittenDate) {
      const name = MONTH_NAMES[month - 1] ?? '';
      const tail = written === undefined ? '' : year(written);
      if (day === undefined) return `${name} ${tail}`.trim();
      const nth = ordinal(BigInt(day));
      const spoken = dayFirst ? `${ahead === 'the' ? '' : 'the '}${nth} of ${name}` : `${name} ${nth}`;
      return tail === '' ? spoken : `${spoken}, ${tail}`;
    },
    sayFraction(numerator, denominator, whole) {
      const [one, many] = (DENOMINATORS.get(denominator) ?? '').split('/');
      const nth = one === undefined || one === '' ? ordinal(BigInt(denominator)) : one;
      const nths = many ?? `${nth}s`;
      const single = whole === undefined ? `one ${nth}` : `${denominator === 2 ? 'a' : 'one'} ${nth}`;
      const part = numerator === 1 ? single : `${small(numerator)} ${nths}`;
      return whole === undefined ? part : `${small(whole)} and ${part}`;
    },
    abbreviations: ENGLISH_ABBREVIATIONS,
    symbols: SYMBOLS,
    arithmetic: {
      times: 'times',
      dividedBy: 'divided by',
      factorial: 'factorial',
      power: 'to the power of',
      squared: 'squared',
      cubed: 'cubed',
      by: 'by',
      exponent: 'times ten to the power of',
    },
    spans: {
      week: counted('week'),
      day: counted('day'),
      hour: counted('hour'),
      minute: counted('minute'),
      second: counted('second'),
    },
    address: { dot: 'dot', slash: 'slash', at: 'at', dash: 'dash', underscore: 'underscore', port: 'port' },
    version: 'version',
    number: 'number',
    extension: 'extension',
  };
}

/** nineteen ninety -> nineteen nineties; other years take an s. */
function decadeOf(year: string): string {
  return year.endsWith('y') ? `${year.slice(0, -1)}ies` : `${year}s`;
}

export const AMERICAN_ENGLISH: Locale = english('en-US');
export const BRITISH_ENGLISH: Locale = english('en-GB');
