/** German: genders, cases of dates and the reading of times are here. */
import { de } from './number-words.js';
import type { CountedNoun, Currency, Locale, WrittenDate, WrittenTime } from './types.js';

/** Feminine nouns are marked by f; a plural that differs follows the stroke. */
const UNITS = `
mm Millimeter; cm Zentimeter; dm Dezimeter; m Meter; km Kilometer; µm Mikrometer; nm Nanometer; kmh Kilometer pro Stunde; kt Knoten; kn Knoten
mm² Quadratmillimeter; cm² Quadratzentimeter; m² Quadratmeter; m2 Quadratmeter; qm Quadratmeter; km² Quadratkilometer; km2 Quadratkilometer; ha Hektar
cm³ Kubikzentimeter; m³ Kubikmeter; m3 Kubikmeter; cbm Kubikmeter
µg Mikrogramm; mg Milligramm; g Gramm; kg Kilogramm; t f Tonne/Tonnen; ml Milliliter; mL Milliliter; cl Zentiliter; dl Deziliter; l Liter; L Liter; hl Hektoliter
ms f Millisekunde/Millisekunden; µs f Mikrosekunde/Mikrosekunden; s f Sekunde/Sekunden; sec f Sekunde/Sekunden; Sek f Sekunde/Sekunden; min f Minute/Minuten
Min f Minute/Minuten; h f Stunde/Stunden; Std f Stunde/Stunden; d Tag/Tage
mA Milliampere; A Ampere; Ah f Amperestunde/Amperestunden; mAh f Milliamperestunde/Milliamperestunden; mV Millivolt; V Volt; kV Kilovolt
mW Milliwatt; W Watt; kW Kilowatt; MW Megawatt; GW Gigawatt; Wh f Wattstunde/Wattstunden; kWh f Kilowattstunde/Kilowattstunden
MWh f Megawattstunde/Megawattstunden; VA Voltampere; kVA Kilovoltampere; kWp Kilowatt Peak; Wp Watt Peak; Ω Ohm; kΩ Kiloohm; µA Mikroampere
Hz Hertz; kHz Kilohertz; MHz Megahertz; GHz Gigahertz; rpm f Umdrehung pro Minute/Umdrehungen pro Minute; bpm Schlag pro Minute/Schläge pro Minute
Pa Pascal; hPa Hektopascal; kPa Kilopascal; mbar Millibar; bar Bar; ppm Teil pro Million/Teile pro Million; ppb Teil pro Milliarde/Teile pro Milliarde
dB Dezibel; dBA Dezibel; lx Lux; lm Lumen; J Joule; kJ Kilojoule; cal f Kalorie/Kalorien; kcal f Kilokalorie/Kilokalorien; Nm Newtonmeter; PS PS
kB Kilobyte; KB Kilobyte; MB Megabyte; GB Gigabyte; TB Terabyte; Mbit Megabit; kbit Kilobit; Gbit Gigabit; Mbps Megabit pro Sekunde; px Pixel
K Kelvin; C Grad Celsius; F Grad Fahrenheit; ° Grad; °C Grad Celsius; °F Grad Fahrenheit; % Prozent; ‰ Promille; ct Cent; Ct Cent
`;

function readUnits(table: string): Map<string, CountedNoun> {
  const units = new Map<string, CountedNoun>();
  for (const entry of table.split(/[;\n]/)) {
    const [key, ...rest] = entry.trim().split(' ');
    if (key === undefined || key === '') continue;
    const feminine = rest[0] === 'f';
    const [noun = '', many = noun] = (feminine ? rest.slice(1) : rest).join(' ').split('/');
    units.set(key, { one: `${feminine ? 'eine' : 'ein'} ${noun}`, many, bare: noun });
  }
  return units;
}

const same = (noun: string, article = 'ein'): CountedNoun => ({ one: `${article} ${noun}`, many: noun, bare: noun });
const CENT = same('Cent');
const EURO: Currency = { major: same('Euro'), minor: CENT };
const DOLLAR: Currency = { major: same('Dollar'), minor: CENT };
const FRANKEN: Currency = { major: same('Franken'), minor: same('Rappen') };
const PFUND: Currency = { major: same('Pfund'), minor: { one: 'ein Penny', many: 'Pence', bare: 'Penny' } };
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

const ABBREVIATIONS: readonly (readonly [RegExp, string])[] = [
  [/\bz\.\s?B\./gi, 'zum Beispiel'],
  [/\bd\.\s?h\./gi, 'das heißt'],
  [/\bu\.\s?a\./gi, 'unter anderem'],
  [/\bo\.\s?Ä\./gi, 'oder Ähnliches'],
  [/\busw\.(?=\s+\p{Lu}|\s*$)/gu, 'und so weiter.'],
  [/\busw\b\.?/g, 'und so weiter'],
  [/\bbzw\b\.?/g, 'beziehungsweise'],
  [/\bca\.(?= )/gi, 'circa'],
  [/\betc\b\.?/g, 'et cetera'],
  [/\bggf\b\.?/gi, 'gegebenenfalls'],
  [/\bevtl\b\.?/gi, 'eventuell'],
  [/\binkl\b\.?/gi, 'inklusive'],
  [/\bexkl\b\.?/gi, 'exklusive'],
  [/\bmax\.(?= )/gi, 'maximal'],
  [/(?<!\d\s?)\bmin\.(?= )/g, 'mindestens'],
  [/\bNr\.? ?(?=\d)/g, 'Nummer '],
  [/\bDr\b\.?/g, 'Doktor'],
  [/\bProf\b\.?/g, 'Professor'],
  [/\bHr\./g, 'Herr'],
  [/\bFr\.(?= \p{Lu})/gu, 'Frau'],
  [/(?<=\p{L})str\.(?!\p{L})/gu, 'straße'],
  [/\bStr\.(?!\p{L})/gu, 'Straße'],
  [/\bSt\.(?= \p{Lu})/gu, 'Sankt'],
  [/\b(?:Tel|tel)\.(?= ?[\d+])/g, 'Telefon'],
  [/(?<![\d.,:−-])\b1 (?=\p{Lu}\p{L}*(?:e|ung|heit|keit|schaft|ion|tät|erson)(?!\p{L}))/gu, 'eine '],
  [/(?<![\d.,:−-])\b1 (?=\p{Lu}\p{Ll})/gu, 'ein '],
  [/\b(Min|Std|Sek)\.(?!\p{L})/gu, '$1'],
];

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
  decimalMark: ',',
  thousandsMarks: ".'",
  cardinal: (value) => de.toCardinal(value),
  ordinal: (value) => de.toOrdinal(value),
  minus: 'minus',
  point: 'Komma',
  units: readUnits(UNITS),
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
  year,
  yearWords: new Set(
    'in seit bis ab von um vor nach jahr jahre sommer winter frühling herbst weihnachten ostern'.split(' '),
  ),
  months: MONTHS,
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
  abbreviations: ABBREVIATIONS,
  symbols: SYMBOLS,
  address: { dot: 'Punkt', slash: 'Schrägstrich', at: 'ät', dash: 'Strich', underscore: 'Unterstrich' },
  version: 'Version',
  number: 'Nummer',
};

/** fünf -> Fünftel, zwanzig -> Zwanzigstel. */
function fractionNoun(denominator: number): string {
  const word = small(denominator);
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}${denominator < 20 ? 'tel' : 'stel'}`;
}
