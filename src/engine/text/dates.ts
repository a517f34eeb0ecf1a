/**
 * Dates in words: 2026-11-22, 2026/11/22, 22 Nov 2026, Nov 3rd, 22.11.2026, 3/4/2026, 12/2026, Dec 24-26, the '80s.
 * With a year, `3/4/2026` is month first in American English and day first elsewhere, unless only the other order is a date.
 * Without one, `3/4` is a fraction where it can be one (see `isFraction`), else a date where it can be one.
 */
import type { Locale } from './languages/index.js';
import { isFraction } from './numbers.js';
import { germanOrdinal } from './ordinals.js';
import { perLocale } from './per-locale.js';

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const TIME_AHEAD = '(?:[T ](?=\\d\\d:\\d\\d))?';
/** The word before, and a day's name before that: am Montag, den 3.5. */
const AHEAD = '(?=\\d)(?:(?<=(?<!\\p{L})((?:\\p{L}{1,12} \\p{L}{1,12}tag, ?)|\\p{L}{1,20} ))|)';
const ORDINAL = '(?:st|nd|rd|th)';

/** ISO times lose what only machines want: parts of seconds, seconds and the zone's offset. */
export function plainTimestamps(text: string): string {
  return text.replace(
    /(?<!\d)(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:[.,]\d{1,9})?)?(?:Z(?!\p{L})| ?[+−-]\d\d:?\d\d(?!\d)| ?UTC(?!\p{L}))?(?![\d:])/gu,
    '$1T$2',
  );
}

const patternsOf = perLocale((locale) => {
  const names = [...locale.months.keys()].sort((a, b) => b.length - a.length).join('|');
  // "may" and "march" are words too: month names need their capital.
  const month = `(${names.replaceAll(/(?<=^|\|)(.)/g, (first) => `[${first.toUpperCase()}]`)}|${names.toUpperCase()})\\.?`;
  const flags = 'gu';
  return {
    iso: new RegExp(
      `${AHEAD}(?<![\\d-])(\\d{4})(?:([-/])(\\d\\d?)\\3(\\d\\d?)|\\.(\\d\\d)\\.(\\d\\d))(?![\\d/-]|\\.\\d)(${TIME_AHEAD})`,
      flags,
    ),
    dayRange: new RegExp(
      `${AHEAD}(?<![\\d.,:/])(\\d{1,2})(?:${ORDINAL}|\\.)? ?([-–]|to|until|bis(?: zum)?|and|und) ?(?=(\\d{1,2})(?:${ORDINAL}|\\.)?(?: of)? ${month}(?!\\p{L}))`,
      flags,
    ),
    rangeOfDays: new RegExp(
      `(?<!\\p{L})${month} (\\d{1,2})${ORDINAL}? ?[-–] ?(\\d{1,2})${ORDINAL}?(?![\\d:%°]|[.,]\\d)(?:,? (\\d{4})(?![\\d:]))?`,
      flags,
    ),
    dayAndMonth: new RegExp(
      `${AHEAD}(?<![\\d.,])(\\d{1,2})(?:${ORDINAL}|\\.)?(?: of)? ?${month}(?!\\p{L})(?:,? (\\d{4})(?![\\d:]))?`,
      flags,
    ),
    monthAndDay: new RegExp(
      `(?<!\\p{L})${month} (?:the )?(\\d{1,2})${ORDINAL}?(?![\\d:%°]|[.,]\\d| ?[ap]\\.?m)(?:,? (\\d{4})(?![\\d:]))?`,
      flags,
    ),
    monthAndYear: new RegExp(`(?<!\\p{L})${month},? (\\d{4})(?!\\d|[:.,]\\d)`, flags),
    numeric: new RegExp(`${AHEAD}(?<![\\d./-])(\\d{1,2})([./-])(\\d{1,2})\\3(\\d{4}|\\d\\d)(?![\\d/-]|\\.\\d)`, flags),
    slashed: new RegExp(`${AHEAD}(?<![\\d./,])(\\d{1,2})/(\\d{1,2})(?![\\d/]|\\.\\d)`, flags),
    dotted: new RegExp(`${AHEAD}(?<![\\d.])(\\d{1,2})\\.(\\d{1,2})\\.(?!\\d)`, flags),
    dottedRange: new RegExp(
      `${AHEAD}(?<![\\d.])(\\d{1,2})\\.((?:\\d{1,2}\\.)?)(\\d{4})? ?([-–]|bis(?: zum)?) ?(?=\\d{1,2}\\.(\\d{1,2})\\.)`,
      flags,
    ),
    yearOfMonth: /(?<![\d./-])(0?[1-9]|1[0-2])\/((?:19|20)\d\d)(?![\d/]|\.\d)/g,
  };
});

/** Dates written in `text`, as `locale` says them; `2026-11-22T10:30` keeps its time for the rule of times. */
export function expandDates(text: string, locale: Locale): string {
  const patterns = patternsOf(locale);
  const isGerman = locale.language === 'de';
  const monthOf = (name: string): number => locale.months.get(name.toLowerCase()) ?? 0;
  const say = (
    word: string | undefined,
    day: number | undefined,
    inMonth: number,
    year: number | undefined,
    dayFirst: boolean,
  ): string =>
    ` ${locale.sayDate({
      month: inMonth,
      dayFirst,
      ahead: wordAhead(word),
      ...(day === undefined ? {} : { day }),
      ...(year === undefined ? {} : { year }),
    })} `;
  const dayAlone = (day: number, word: string | undefined): string =>
    isGerman ? germanOrdinal(String(day), wordAhead(word), locale) : `the ${locale.ordinal(BigInt(day))}`;

  let result = expandDecades(plainTimestamps(text), locale)
    .replace(
      /(?<![\d.,/-])((?:1[1-9]|20)\d\d) ?[-–] ?((?:1[1-9]|20)\d\d)(?![\d/-]|[.,:]\d| ?[\p{L}%°])/gu,
      (_all, from: string, until: string) =>
        ` ${locale.year(Number(from))} ${locale.range} ${locale.year(Number(until))} `,
    )
    .replace(/(?<![\d.,/-])((?:19|20)\d\d)\/(\d\d)(?![\d/.-])/g, (all: string, year: string, next: string) =>
      (Number(year) + 1) % 100 === Number(next)
        ? ` ${locale.year(Number(year))} ${locale.cardinal(BigInt(Number(next)))} `
        : all,
    );
  result = result.replace(
    patterns.iso,
    (all: string, word: string | undefined, year: string, _mark, ...parts: (string | undefined)[]) => {
      const [inMonth, day] = [Number(parts[0] ?? parts[2]), Number(parts[1] ?? parts[3])];
      if (!isDate(day, inMonth) || !isYear(Number(year))) return all;
      return `${say(word, day, inMonth, Number(year), false)}${parts[4] === '' ? '' : ', '}`;
    },
  );
  // A time zone's mark behind a time is not for the ear; a hyphen behind minutes is a span's.
  result = result.replace(
    /(?<=\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?:Z|\+\d\d:\d\d|(?<=:\d\d(?::\d\d|\.\d{1,9}))[−-]\d\d:\d\d)(?![\p{L}\d])/gu,
    '',
  );
  result = result.replace(
    patterns.dayRange,
    (all: string, word: string | undefined, from: string, between: string, until: string, name: string) => {
      if (!isDate(Number(from), monthOf(name)) || !isDate(Number(until), monthOf(name))) return all;
      const link = /^[-–]$/.test(between) ? locale.range : between;
      return `${dayAlone(Number(from), word)} ${link} ${isGerman ? '' : 'the '}`;
    },
  );
  result = result.replace(
    patterns.dottedRange,
    (
      all: string,
      word: string | undefined,
      from: string,
      month: string,
      year: string | undefined,
      link: string,
      untilMonth: string,
    ) => {
      const inMonth = month === '' ? Number(untilMonth) : Number(month.slice(0, -1));
      if (!isGerman || !isDate(Number(from), inMonth)) return all;
      const spoken =
        month === '' ? dayAlone(Number(from), word) : say(word, Number(from), inMonth, optional(year), true).trim();
      return `${spoken} ${/^[-–]$/.test(link) ? locale.range : link} `;
    },
  );
  if (!isGerman) {
    result = result.replace(
      patterns.rangeOfDays,
      (all: string, name: string, from: string, until: string, year: string | undefined) =>
        isDate(Number(from), monthOf(name)) && isDate(Number(until), monthOf(name))
          ? `${say(undefined, Number(from), monthOf(name), undefined, false)}${locale.range} ${locale.ordinal(BigInt(until))}${
              year === undefined ? '' : `, ${locale.year(Number(year))}`
            } `
          : all,
    );
  }
  result = result.replace(
    patterns.dayAndMonth,
    (all: string, word: string | undefined, day: string, name: string, year: string | undefined) =>
      isDate(Number(day), monthOf(name)) ? say(word, Number(day), monthOf(name), optional(year), true) : all,
  );
  if (!isGerman) {
    result = result.replace(patterns.monthAndDay, (all: string, name: string, day: string, year: string | undefined) =>
      isDate(Number(day), monthOf(name)) ? say(undefined, Number(day), monthOf(name), optional(year), false) : all,
    );
  }
  result = result.replace(patterns.monthAndYear, (all: string, name: string, year: string) =>
    isYear(Number(year)) ? say(undefined, undefined, monthOf(name), Number(year), false) : all,
  );
  result = result.replace(
    patterns.numeric,
    (all: string, word: string | undefined, first: string, mark: string, second: string, year: string) => {
      const order = orderOf(Number(first), Number(second), locale.dayFirst || mark === '.');
      if (order === undefined || (mark !== '/' && !isGerman && year.length === 2)) return all;
      return say(word, order.day, order.month, fullYear(year), false);
    },
  );
  result = result.replace(patterns.yearOfMonth, (_all, inMonth: string, year: string) =>
    say(undefined, undefined, Number(inMonth), Number(year), false),
  );
  result = result.replace(patterns.slashed, (all: string, word: string | undefined, first: string, second: string) => {
    const order = isFraction(Number(first), Number(second))
      ? undefined
      : orderOf(Number(first), Number(second), locale.dayFirst);
    return order === undefined ? all : say(word, order.day, order.month, undefined, false);
  });
  if (isGerman) {
    result = result.replace(patterns.dotted, (all: string, word: string | undefined, day: string, inMonth: string) =>
      isDate(Number(day), Number(inMonth)) ? say(word, Number(day), Number(inMonth), undefined, true) : all,
    );
  }
  return result;
}

const DECADE_WORDS = '(?:the|his|her|their|my|your|our|its|early|mid|late|high|low)';
const DECADES_AHEAD = new RegExp(`(?=\\d)(?<=(?<!\\p{L})${DECADE_WORDS}[ -])(\\d0)'?s(?![\\p{L}'])`, 'giu');

/** The 1990s, the '80s, in his 30s; die 80er, 1990er; summer '69. Seconds (90s) have no such word ahead. */
function expandDecades(text: string, locale: Locale): string {
  const say = (_all: string, decade: string, ending: unknown): string =>
    locale.decade(Number(decade)) + (typeof ending === 'string' ? ending : '');
  if (locale.language === 'de') {
    return text
      .replace(/(?<![\d.,])(1[1-9]\d0|20\d0)er(n?)(?!\p{L})/gu, say)
      .replace(/(?<![\d.,'])'?([1-9]0)er(n?)(?!\p{L})/gu, say)
      .replace(/(?<![\p{L}\d])'(\d\d)(?![\d'\p{L}])/gu, (_all, year: string) => ` ${sayShortYear(year, locale)} `);
  }
  return text
    .replace(/(?<![\d.,])(1[1-9]\d0|20\d0)'?s(?![\p{L}'])/gu, say)
    .replace(/(?<![\p{L}\d'])'([1-9]0)'?s(?![\p{L}'])/gu, say)
    .replace(DECADES_AHEAD, say)
    .replace(
      /(?<![\p{L}\d'])'(\d\d)(?![\d'\p{L}"]| ?(?:in|ft)\b)/gu,
      (_all, year: string) => ` ${sayShortYear(year, locale)} `,
    );
}

function sayShortYear(year: string, locale: Locale): string {
  if (!year.startsWith('0')) return locale.cardinal(BigInt(year));
  const zero = locale.language === 'de' ? locale.cardinal(0n) : 'oh';
  return `${zero} ${locale.cardinal(BigInt(year.charAt(1)))}`;
}

/** The word that bends an ordinal: of "am Montag, " it is "am", else the last one. */
function wordAhead(ahead: string | undefined): string {
  return /^\p{L}+/u.exec(ahead ?? '')?.[0].toLowerCase() ?? '';
}

function optional(year: string | undefined): number | undefined {
  return year === undefined ? undefined : Number(year);
}

function isYear(year: number): boolean {
  return year >= 1000 && year <= 2999;
}

function isDate(day: number, month: number): boolean {
  return day >= 1 && day <= (DAYS_IN_MONTH[month - 1] ?? 0);
}

/** The order that was asked for, the other one where only that is a date, or undefined. */
function orderOf(first: number, second: number, dayFirst: boolean): { day: number; month: number } | undefined {
  const asked = dayFirst ? { day: first, month: second } : { day: second, month: first };
  if (isDate(asked.day, asked.month)) return asked;
  const other = { day: asked.month, month: asked.day };
  return isDate(other.day, other.month) ? other : undefined;
}

/** Two digits are this century below 70, the last one from there on, as in POSIX. */
function fullYear(written: string): number {
  const year = Number(written);
  if (written.length === 4) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}
