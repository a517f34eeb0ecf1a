/** What a language brings to the rules of this room. */

/** How a language says numbers; enough for plain numbers in any text. */
export interface NumberVoice {
  readonly decimalMark: '.' | ',';
  /** Marks that may part thousands, beside the narrow and unbreakable spaces that every language allows. */
  readonly thousandsMarks: string;
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
  /** After "per": hour, Stunde. */
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

/** A language in which all rules of this room work. */
export interface Locale extends NumberVoice {
  /** Keys as they are written, case counts; SI and household units, degrees and percent among them. */
  readonly units: ReadonlyMap<string, CountedNoun>;
  readonly per: string;
  /** By symbol and by ISO 4217 code. */
  readonly currencies: ReadonlyMap<string, Currency>;
  /** Between major and minor unit: "three dollars and fifty cents", "drei Euro fünfzig". */
  sayMoney(major: bigint, minor: bigint, currency: Currency): string;
  /** Written after an amount: k, m, bn, Mio., … and what is said. */
  readonly magnitudes: ReadonlyMap<string, string>;
  readonly range: string;
  /** 1100 and up as years are read. */
  year(value: number): string;
  /** Words before a number that make it a year, in lower case. */
  readonly yearWords: ReadonlySet<string>;
  /** Month names and their short forms, in lower case, to 1..12. */
  readonly months: ReadonlyMap<string, number>;
  /** `3/4/2026` and `3.4.` are day first. */
  readonly dayFirst: boolean;
  sayTime(time: WrittenTime): string;
  sayDate(date: WrittenDate): string;
  /** 1/2, 3/4, and mixed with a whole number before it. */
  sayFraction(numerator: number, denominator: number, whole?: number): string;
  /** Patterns with what is said; tried in order. */
  readonly abbreviations: readonly (readonly [RegExp, string])[];
  readonly symbols: ReadonlyMap<string, string>;
  /** In web and mail addresses: dot, slash, at, dash, underscore. */
  readonly address: {
    readonly dot: string;
    readonly slash: string;
    readonly at: string;
    readonly dash: string;
    readonly underscore: string;
  };
  readonly version: string;
  readonly number: string;
}
