/** German: genders, cases of dates and the reading of times are here. */
import { GERMAN_ABBREVIATIONS } from './german-abbreviations.js';
import { de } from './number-words.js';
import type { CountedNoun, Currency, Locale, WrittenDate, WrittenTime } from './types.js';
import { GERMAN_PERIODS, GERMAN_UNITS } from './units.js';

const same = (noun: string, article = 'ein'): CountedNoun => ({ one: `${article} ${noun}`, many: noun, bare: noun });
const CENT = same('Cent');
const EURO: Currency = { major: same('Euro'), minor: CENT };
const DOLLAR: Currency = { major: same('Dollar'), minor: CENT };
const FRANKEN: Currency = { major: same('Franken'), minor: same('Rappen') };
const PFUND: Currency = { major: same('Pfund'), minor: { one: 'ein Penny', many: 'Pence', bare: 'Penny' } };
const MORE_CURRENCIES: readonly (readonly [string, Currency])[] = [
  ['US$', DOLLAR],
  ['SEK', { major: { one: 'eine schwedische Krone', many: 'schwedische Kronen', bare: 'Krone' }, minor: same('Öre') }],
  ['NOK', { major: { one: 'eine norwegische Krone', many: 'norwegische Kronen', bare: 'Krone' }, minor: same('Öre') }],
  ['DKK', { major: { one: 'eine dänische Krone', many: 'dänische Kronen', bare: 'Krone' }, minor: same('Öre') }],
  ['PLN', { major: same('Zloty'), minor: same('Groszy') }],
  ['₹', { major: { one: 'eine Rupie', many: 'Rupien', bare: 'Rupie' }, minor: same('Paisa') }],
  ['₿', { major: same('Bitcoin'), minor: same('Cent') }],
  ['Dollar', DOLLAR],
  ['Franken', FRANKEN],
];
const YEN: Currency = { major: same('Yen'), minor: same('Sen') };

const MONTH_NAMES = 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' ');
const MONTHS = new Map(
  MONTH_NAMES.flatMap((name, index) => [
    [name.toLowerCase(), index + 1] as [string, number],
    [name.slice(0, 3).toLowerCase(), index + 1] as [string, number],
  ]),
);
MONTHS.set('jänner', 1).set('sept', 9).set('mrz', 3);

const small = (value: number): string => de.toCardinal(BigInt(value));
/** "ein Uhr", but "einundzwanzig Uhr". */
const hours = (hour: number): string => (hour === 1 ? 'ein' : small(hour));

/** After these words an ordinal ends in -ten: am dritten, vom dritten. */
const DATIVE = new Set('am vom zum beim im dem den seit bis ab ersten nach vor'.split(' '));

function year(value: number): string {
  if (value < 1100 || value >= 2000) return small(value);
  const [century, rest] = [Math.trunc(value / 100), value % 100];
  return `${small(century)}hundert${rest === 0 ? '' : small(rest)}`;
}

function ordinalAfter(ahead: string, day: number): string {
  const stem = de.toOrdinal(BigInt(day));
  if (DATIVE.has(ahead)) return `${stem}n`;
  return ['der', 'die', 'das'].includes(ahead) ? stem : `${stem}r`;
}

const FRACTION_NOUNS = new Map([
  [3, 'Drittel'],
  [4, 'Viertel'],
  [7, 'Siebtel'],
  [8, 'Achtel'],
]);

const SYMBOLS = new Map([
  ['&', 'und'],
  ['@', 'ät'],
  ['+', 'plus'],
  ['=', 'gleich'],
  ['×', 'mal'],
  ['÷', 'geteilt durch'],
  ['±', 'plus minus'],
  ['−', 'minus'],
  ['≈', 'etwa'],
  ['≤', 'höchstens'],
  ['≥', 'mindestens'],
  ['≠', 'ungleich'],
  ['<', 'kleiner als'],
  ['>', 'größer als'],
  ['²', 'Quadrat'],
  ['³', 'hoch drei'],
  ['√', 'Wurzel aus'],
  ['∞', 'unendlich'],
  ['Ω', 'Ohm'],
  ['§', 'Paragraf'],
  ['°', 'Grad'],
  ['%', 'Prozent'],
  ['‰', 'Promille'],
  ['$', 'Dollar'],
  ['€', 'Euro'],
  ['£', 'Pfund'],
  ['¥', 'Yen'],
  ['¢', 'Cent'],
]);

export const GERMAN: Locale = {
  language: 'de',
  decimalMark: ',',
  cardinal: (value) => de.toCardinal(value),
  ordinal: (value) => de.toOrdinal(value),
  minus: 'minus',
  point: 'Komma',
  units: GERMAN_UNITS,
  periods: GERMAN_PERIODS,
  inches: same('Zoll'),
  feet: same('Fuß'),
  per: 'pro',
  currencies: new Map([
    ['€', EURO],
    ['EUR', EURO],
    ['Euro', EURO],
    ['$', DOLLAR],
    ['USD', DOLLAR],
    ['CHF', FRANKEN],
    ['Fr.', FRANKEN],
    ['£', PFUND],
    ['GBP', PFUND],
    ['¥', YEN],
    ['JPY', YEN],
    ...MORE_CURRENCIES,
  ]),
  sayMoney(major, minor, currency) {
    const whole = major === 1n ? currency.major.one : `${de.toCardinal(major)} ${currency.major.many}`;
    if (minor === 0n) return whole;
    if (major === 0n) return minor === 1n ? currency.minor.one : `${de.toCardinal(minor)} ${currency.minor.many}`;
    return `${whole} ${de.toCardinal(minor)}`;
  },
  magnitudes: new Map([
    ['Tsd.', 'tausend'],
    ['Mio.', 'Millionen'],
    ['Mio', 'Millionen'],
    ['Millionen', 'Millionen'],
    ['Mrd.', 'Milliarden'],
    ['Mrd', 'Milliarden'],
    ['Milliarden', 'Milliarden'],
    ['k', 'tausend'],
  ]),
  range: 'bis',
  ratio: 'zu',
  year,
  decade: (value) => `${value < 100 ? small(value) : year(value)}er`,
  yearWords: new Set(
    'in seit bis ab von um vor nach jahr jahre sommer winter frühling herbst weihnachten ostern'.split(' '),
  ),
  months: MONTHS,
  monthNames: MONTH_NAMES,
  dayFirst: true,
  sayTime({ hour, minute, second, half }: WrittenTime) {
    const part = half === undefined ? '' : half === 'am' ? ' vormittags' : ' nachmittags';
    const seconds =
      second === undefined || second === 0 ? '' : ` und ${second === 1 ? 'eine Sekunde' : `${small(second)} Sekunden`}`;
    const minutes = minute === 0 ? '' : ` ${small(minute)}`;
    return `${hours(hour)} Uhr${minutes}${seconds}${part}`;
  },
  sayDate({ day, month, year: written, ahead }: WrittenDate) {
    const parts = [MONTH_NAMES[month - 1] ?? ''];
    if (day !== undefined) parts.unshift(ordinalAfter(ahead, day));
    if (written !== undefined) parts.push(year(written));
    return parts.join(' ');
  },
  sayFraction(numerator, denominator, whole) {
    const before = whole === undefined ? '' : `${small(whole)} `;
    if (denominator === 2) {
      if (whole === undefined) return numerator === 1 ? 'ein halb' : `${small(numerator)} Halbe`;
      return `${whole === 1 ? 'ein' : small(whole)}einhalb`;
    }
    const noun = FRACTION_NOUNS.get(denominator) ?? fractionNoun(denominator);
    return `${before}${numerator === 1 ? 'ein' : small(numerator)} ${noun}`;
  },
  abbreviations: GERMAN_ABBREVIATIONS,
  symbols: SYMBOLS,
  arithmetic: {
    times: 'mal',
    dividedBy: 'geteilt durch',
    factorial: 'Fakultät',
    power: 'hoch',
    squared: 'hoch zwei',
    cubed: 'hoch drei',
    by: 'mal',
    exponent: 'mal zehn hoch',
  },
  spans: {
    week: { one: 'eine Woche', many: 'Wochen', bare: 'Woche' },
    day: { one: 'ein Tag', many: 'Tage', bare: 'Tag' },
    hour: { one: 'eine Stunde', many: 'Stunden', bare: 'Stunde' },
    minute: { one: 'eine Minute', many: 'Minuten', bare: 'Minute' },
    second: { one: 'eine Sekunde', many: 'Sekunden', bare: 'Sekunde' },
  },
  address: {
    dot: 'Punkt',
    slash: 'Schrägstrich',
    at: 'ät',
    dash: 'Strich',
    underscore: 'Unterstrich',
    port: 'Port',
  },
  version: 'Version',
  number: 'Nummer',
  extension: 'Durchwahl',
};

/** fünf -> Fünftel, zwanzig -> Zwanzigstel. */
function fractionNoun(denominator: number): string {
  const word = small(denominator);
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}${denominator < 20 ? 'tel' : 'stel'}`;
}
