/** English: the United States' way by default, month first; day first and "and" in numbers elsewhere. */
import { enGB, enUS } from './number-words.js';
import type { CountedNoun, Currency, Locale, WrittenDate, WrittenTime } from './types.js';

const UNITS = `
mm millimeter; cm centimeter; dm decimeter; m meter; km kilometer; µm micrometer; nm nanometer; mi mile; yd yard
ft foot/feet; mph mile per hour/miles per hour; kph kilometer per hour/kilometers per hour
kmh kilometer per hour/kilometers per hour; kt knot; kn knot
mm² square millimeter; cm² square centimeter; m² square meter; km² square kilometer; ha hectare; sqm square meter
m2 square meter; km2 square kilometer; cm2 square centimeter; sqft square foot/square feet
cm³ cubic centimeter; m³ cubic meter; m3 cubic meter; cm3 cubic centimeter; ft² square foot/square feet; ft³ cubic foot/cubic feet
µg microgram; mg milligram; g gram; kg kilogram; t ton; lb pound; lbs pound; oz ounce
ml milliliter; mL milliliter; cl centiliter; dl deciliter; l liter; L liter; hl hectoliter; gal gallon
ms millisecond; µs microsecond; s second; sec second; secs second; min minute; mins minute; h hour; hr hour; hrs hour
mA milliamp; A amp; Ah amp hour; mAh milliamp hour; mV millivolt; V volt; kV kilovolt; mW milliwatt; W watt; kW kilowatt
MW megawatt; GW gigawatt; Wh watt hour; kWh kilowatt hour; MWh megawatt hour; GWh gigawatt hour; VA volt ampere; kVA kilovolt ampere
kWp kilowatt peak/kilowatts peak; Wp watt peak/watts peak; Ω ohm; kΩ kiloohm; MΩ megaohm; µA microamp; µF microfarad
Hz hertz/hertz; kHz kilohertz/kilohertz; MHz megahertz/megahertz; GHz gigahertz/gigahertz; rpm revolution per minute/revolutions per minute
bpm beat per minute/beats per minute; fps frame per second/frames per second; dpi dot per inch/dots per inch
Pa pascal; hPa hectopascal; kPa kilopascal; MPa megapascal; mbar millibar; bar bar; psi pound per square inch/pounds per square inch
ppm part per million/parts per million; ppb part per billion/parts per billion; dB decibel; dBm decibel milliwatt/decibel milliwatts; dBA decibel
lx lux/lux; lm lumen; cd candela; J joule; kJ kilojoule; MJ megajoule; cal calorie; kcal kilocalorie; Nm newton meter; hp horsepower/horsepower
kB kilobyte; KB kilobyte; MB megabyte; GB gigabyte; TB terabyte; KiB kibibyte; MiB mebibyte; GiB gibibyte; TiB tebibyte
bit bit; kbit kilobit; Mbit megabit; Gbit gigabit; Mb megabit; Gb gigabit; kbps kilobit per second/kilobits per second
Mbps megabit per second/megabits per second; Gbps gigabit per second/gigabits per second; px pixel; MP megapixel
K kelvin/kelvin; ° degree; C degree Celsius/degrees Celsius; F degree Fahrenheit/degrees Fahrenheit; °C degree Celsius/degrees Celsius; °F degree Fahrenheit/degrees Fahrenheit; % percent/percent; ‰ per mille/per mille; ct cent; ¢ cent; pH pH/pH
`;

/** "km kilometer; ft foot/feet": a key, its noun, and the plural where it is not noun + s. */
function readUnits(table: string): Map<string, CountedNoun> {
  const units = new Map<string, CountedNoun>();
  for (const entry of table.split(/[;\n]/)) {
    const [key, ...words] = entry.trim().split(' ');
    if (key === undefined || key === '') continue;
    const [noun = '', many = `${noun}s`] = words.join(' ').split('/');
    units.set(key, { one: `one ${noun}`, many, bare: noun });
  }
  return units;
}

const counted = (noun: string, many = `${noun}s`): CountedNoun => ({ one: `one ${noun}`, many, bare: noun });
const CENTS = counted('cent');
const DOLLARS: Currency = { major: counted('dollar'), minor: CENTS };
const EUROS: Currency = { major: counted('euro'), minor: CENTS };
const POUNDS: Currency = { major: counted('pound'), minor: { one: 'one penny', many: 'pence', bare: 'penny' } };
const YEN: Currency = { major: counted('yen', 'yen'), minor: counted('sen', 'sen') };
const RUPEES: Currency = { major: counted('rupee'), minor: { one: 'one paisa', many: 'paise', bare: 'paisa' } };
const FRANCS: Currency = { major: counted('Swiss franc'), minor: counted('centime') };

const MONTH_NAMES = 'January February March April May June July August September October November December'.split(' ');
const MONTHS = new Map(
  MONTH_NAMES.flatMap((name, index) => {
    const month = index + 1;
    const short: [string, number] = [name.slice(0, 3).toLowerCase(), month];
    return [[name.toLowerCase(), month] as [string, number], short];
  }),
);
MONTHS.set('sept', 9);

const DAY_NAMES: readonly (readonly [string, string])[] = [
  ['Mon', 'Monday'],
  ['Tues?', 'Tuesday'],
  ['Wed', 'Wednesday'],
  ['Thu(?:rs?)?', 'Thursday'],
  ['Fri', 'Friday'],
  ['Sat', 'Saturday'],
  ['Sun', 'Sunday'],
];
/** A day's short name counts only before a date, for "sun" and "sat" are words. */
const MONTH_AHEAD = '(?=(?:the )?\\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))';

const ANY_DAY = DAY_NAMES.map(([short]) => short).join('|');

const ABBREVIATIONS: readonly (readonly [RegExp, string])[] = [
  ...DAY_NAMES.map(
    ([short, name]) => [new RegExp(`\\b${short} ?[-–] ?(?=(?:${ANY_DAY})\\b)`, 'g'), `${name} to `] as const,
  ),
  ...DAY_NAMES.map(([short, name]) => [new RegExp(`(?<=day to )${short}\\b`, 'g'), name] as const),
  ...DAY_NAMES.map(
    ([short, name]) => [new RegExp(`\\b${short}\\b\\.?(,?) ${MONTH_AHEAD}`, 'g'), `${name}$1 `] as const,
  ),
  [/\bMr\b\.?/g, 'Mister'],
  [/\bMrs\b\.?/g, 'Missus'],
  [/\bMs\b\.?(?= \p{Lu})/gu, 'Miz'],
  [/\bDrs?\b\.?(?= \p{Lu})/gu, 'Doctor'],
  [/(?<=\p{Ll} )Dr\b\.?/gu, 'Drive'],
  [/\bProf\b\.?/g, 'Professor'],
  [/(?<=\p{Lu}\p{L}* )St\b\.?/gu, 'Street'],
  [/\bSt\b\.?(?= \p{Lu})/gu, 'Saint'],
  [/(?<=\p{Lu}\p{L}* )Ave\b\.?/gu, 'Avenue'],
  [/(?<=\p{Lu}\p{L}* )Rd\b\.?/gu, 'Road'],
  [/(?<=\p{Lu}\p{L}* )Blvd\b\.?/gu, 'Boulevard'],
  [/\bMt\b\.?(?= \p{Lu})/gu, 'Mount'],
  [/\bJr\b\.?/g, 'Junior'],
  [/\bSr\b\.(?!\w)/g, 'Senior'],
  [/\be\.\s?g\.,?/gi, 'for example,'],
  [/\bi\.\s?e\.,?/gi, 'that is,'],
  [/\betc\.(?=\s+\p{Lu}|\s*$)/gu, 'et cetera.'],
  [/\betc\b\.?/g, 'et cetera'],
  [/\bvs\b\.?/gi, 'versus'],
  [/\bapprox\b\.?/gi, 'approximately'],
  [/\bca\.(?= ?\d)/g, 'about'],
  [/\b(?:No|Nr)\.? ?(?=\d)/g, 'number '],
  [/\bmax\.(?= )/gi, 'maximum'],
  [/(?<!\d\s?)\bmin\.(?= )/gi, 'minimum'],
  [/\bavg\b\.?/gi, 'average'],
  [/\btemp\.(?= )/gi, 'temperature'],
  [/\bdept\b\.?/gi, 'department'],
  [/\bApt\b\.?(?= ?\d)/g, 'apartment'],
  [/\bInc\b\.?/g, 'Incorporated'],
  [/\bLtd\b\.?/g, 'Limited'],
  [/\bw\/o\b/g, 'without'],
  [/\bw\/(?= )/g, 'with'],
  [/\b24\/7\b/g, 'twenty-four seven'],
];

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
    decimalMark: '.',
    thousandsMarks: ',',
    cardinal,
    ordinal,
    minus: 'minus',
    point: 'point',
    units: readUnits(UNITS),
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
    year,
    yearWords: new Set(
      'in since until till by from of during before after around circa year summer winter spring autumn fall christmas easter'.split(
        ' ',
      ),
    ),
    months: MONTHS,
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
    abbreviations: ABBREVIATIONS,
    symbols: SYMBOLS,
    address: { dot: 'dot', slash: 'slash', at: 'at', dash: 'dash', underscore: 'underscore' },
    version: 'version',
    number: 'number',
  };
}

export const AMERICAN_ENGLISH: Locale = english('en-US');
export const BRITISH_ENGLISH: Locale = english('en-GB');
