/** What a language brings to the rules of this room. */
import type { Abbreviations } from './abbreviations.js';

/** How a language says numbers; enough for plain numbers in any text. */
export interface NumberVoice {
  readonly decimalMark: '.' | ',';
  cardinal(value: bigint): string;
  /** 1 and up. */
  ordinal(value: bigint): string;
  readonly minus: string;
  /** Said for the decimal mark. */
  readonly point: string;
}

/** A language in which only numbers are said, with degrees and percent behind them. */
export interface PlainNumbers extends NumberVoice {
  readonly degrees: string;
  readonly percent: string;
}

/** A noun after a number: `one` with its number word (one meter, eine Minute), `many` without. */
export interface CountedNoun {
  readonly one: string;
  readonly many: string;
  /** After "per" and before a noun: hour, Stunde; a 500 gigabyte disk. */
  readonly bare: string;
}

export interface Currency {
  readonly major: CountedNoun;
  readonly minor: CountedNoun;
}

/** A time of day as it was written; hour 0..24, minute and second 0..59. */
export interface WrittenTime {
  readonly hour: number;
  readonly minute: number;
  readonly second?: number;
  readonly half?: 'am' | 'pm';
}

/** A date as it was written. `ahead`: the word before it, in lower case, for languages that bend the ordinal by it. */
export interface WrittenDate {
  readonly day?: number;
  readonly month: number;
  readonly year?: number;
  /** Day and month stood in this order. */
  readonly dayFirst: boolean;
  readonly ahead: string;
}

/** Words said for signs of arithmetic; every other sign is in {@link Locale.symbols}. */
export interface Arithmetic {
  readonly times: string;
  readonly dividedBy: string;
  readonly factorial: string;
  /** Before the exponent, a number in digits or one letter, with its sign: "to the power of", "hoch". */
  readonly power: string;
  readonly squared: string;
  readonly cubed: string;
  /** 10x20 cm: "by", "mal". */
  readonly by: string;
  /** Said for e in 1.5e-3: "times ten to the power of". */
  readonly exponent: string;
}

/** Words for addresses, file names and the like. */
export interface AddressWords {
  readonly dot: string;
  readonly slash: string;
  readonly at: string;
  readonly dash: string;
  readonly underscore: string;
  readonly port: string;
}

/** A language in which all rules of this room work. */
export interface Locale extends NumberVoice {
  readonly language: 'en' | 'de';
  /** Keys as they are written, case counts; SI and household units, degrees and percent among them. */
  readonly units: ReadonlyMap<string, CountedNoun>;
  readonly periods: ReadonlyMap<string, string>;
  readonly inches: CountedNoun;
  readonly feet: CountedNoun;
  readonly per: string;
  /** By symbol and by ISO 4217 code. */
  readonly currencies: ReadonlyMap<string, Currency>;
  /** Between major and minor unit: "three dollars and fifty cents", "drei Euro fünfzig". */
  sayMoney(major: bigint, minor: bigint, currency: Currency): string;
  /** Written after an amount: k, m, bn, Mio., … and what is said. */
  readonly magnitudes: ReadonlyMap<string, string>;
  readonly range: string;
  /** Between two numbers of a ratio or a score, 4:3. */
  readonly ratio: string;
  /** 1100 and up as years are read. */
  year(value: number): string;
  /** 1990 -> nineteen nineties; 80 -> eighties. */
  decade(value: number): string;
  /** Words before a number that make it a year, in lower case. */
  readonly yearWords: ReadonlySet<string>;
  /** Month names and their short forms, in lower case, to 1..12. */
  readonly months: ReadonlyMap<string, number>;
  readonly monthNames: readonly string[];
  /** `3/4/2026` and `3.4.` are day first. */
  readonly dayFirst: boolean;
  sayTime(time: WrittenTime): string;
  sayDate(date: WrittenDate): string;
  /** Nouns of days, hours, minutes and seconds. */
  readonly spans: {
    readonly week: CountedNoun;
    readonly day: CountedNoun;
    readonly hour: CountedNoun;
    readonly minute: CountedNoun;
    readonly second: CountedNoun;
  };
  /** 1/2, 3/4, and mixed with a whole number before it. */
  sayFraction(numerator: number, denominator: number, whole?: number): string;

  readonly abbreviations: Abbreviations;
  readonly symbols: ReadonlyMap<string, string>;
  readonly arithmetic: Arithmetic;
  readonly address: AddressWords;
  readonly version: string;
  readonly number: string;
  readonly extension: string;
}
