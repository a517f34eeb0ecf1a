/**
 * Dates in words: 2026-11-22, 22 Nov 2026, Nov 3rd, 22.11.2026, 3/4/2026.
 * With a year, `3/4/2026` is month first in American English and day first elsewhere, unless only the other order is a date.
 * Without one, `3/4` is a fraction where it can be one (see `isFraction`), else a date where it can be one.
 */
import type { Locale } from './languages/index.js';
import { isFraction } from './numbers.js';

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const TIME_AHEAD = '(?:[T ](?=\\d\\d:\\d\\d))?';

/** Dates written in `text`, as `locale` says them; `2026-11-22T10:30` keeps its time for the rule of times. */
export function expandDates(text: string, locale: Locale): string {
  const names = [...locale.months.keys()].sort((a, b) => b.length - a.length).join('|');
  // "may" and "march" are words too: month names need their capital.
  const month = `(${names.replaceAll(/(?<=^|\|)(.)/g, (first) => `[${first.toUpperCase()}]`)}|${names.toUpperCase()})\\.?`;
  const monthOf = (name: string): number => locale.months.get(name.toLowerCase()) ?? 0;
  const ahead = '(?:(?<=(?<!\\p{L})(\\p{L}+) )|)';
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
      ahead: (word ?? '').toLowerCase(),
      ...(day === undefined ? {} : { day }),
      ...(year === undefined ? {} : { year }),
    })} `;

  let result = text
    .replace(
      /(?<![\d.,])([12]\d\d0)s(?!\p{L})/gu,
      (_all, decade: string) => ` ${decadeOf(locale.year(Number(decade)))} `,
    )
    .replace(
      /(?<![\d.,/-])((?:19|20)\d\d) ?[-–] ?((?:19|20)\d\d)(?![\d/-]|[.,:]\d| ?[\p{L}%°])/gu,
      (_all, from: string, until: string) =>
        ` ${locale.year(Number(from))} ${locale.range} ${locale.year(Number(until))} `,
    );
  result = result.replace(
    new RegExp(`${ahead}(?<![\\d-])(\\d{4})-(\\d\\d)-(\\d\\d)(?![\\d-])(${TIME_AHEAD})`, 'gu'),
    (all: string, word: string | undefined, year: string, inMonth: string, day: string, time: string) =>
      isDate(Number(day), Number(inMonth))
        ? `${say(word, Number(day), Number(inMonth), Number(year), false)}${time === '' ? '' : ', '}`
        : all,
  );
  // A time zone's mark behind a time is not for the ear.
  result = result.replace(/(?<=\d\d:\d\d(?::\d\d(?:\.\d+)?)?)Z(?!\p{L})/gu, '');
  result = result.replace(
    new RegExp(
      `${ahead}(?<![\\d.,])(\\d{1,2})(?:st|nd|rd|th|\\.)?(?: of)? ?${month}(?!\\p{L})(?:,? (\\d{4})(?![\\d:]))?`,
      'gu',
    ),
    (all: string, word: string | undefined, day: string, name: string, year: string | undefined) =>
      isDate(Number(day), monthOf(name)) ? say(word, Number(day), monthOf(name), optional(year), true) : all,
  );
  if (!locale.dayFirst || locale.decimalMark === '.') {
    result = result.replace(
      new RegExp(
        `(?<!\\p{L})${month} (?:the )?(\\d{1,2})(?:st|nd|rd|th)?(?![\\d:%°]|[.,]\\d| ?[ap]\\.?m)(?:,? (\\d{4})(?![\\d:]))?`,
        'gu',
      ),
      (all: string, name: string, day: string, year: string | undefined) =>
        isDate(Number(day), monthOf(name)) ? say(undefined, Number(day), monthOf(name), optional(year), false) : all,
    );
  }
  result = result.replace(
    new RegExp(`(?<!\\p{L})${month} (\\d{4})(?![\\d:.,]*\\d)`, 'gu'),
    (_all, name: string, year: string) => say(undefined, undefined, monthOf(name), Number(year), false),
  );
  result = result.replace(
    new RegExp(`${ahead}(?<![\\d./-])(\\d{1,2})([./-])(\\d{1,2})\\3(\\d{4}|\\d\\d)(?![\\d/-]|\\.\\d)`, 'gu'),
    (all: string, word: string | undefined, first: string, mark: string, second: string, year: string) => {
      const order = orderOf(Number(first), Number(second), locale.dayFirst || mark === '.');
      if (order === undefined || (mark !== '/' && locale.decimalMark === '.' && year.length === 2)) return all;
      return say(word, order.day, order.month, fullYear(year), false);
    },
  );
  result = result.replace(
    new RegExp(`${ahead}(?<![\\d./,])(\\d{1,2})/(\\d{1,2})(?![\\d/]|\\.\\d)`, 'gu'),
    (all: string, word: string | undefined, first: string, second: string) => {
      const order = isFraction(Number(first), Number(second))
        ? undefined
        : orderOf(Number(first), Number(second), locale.dayFirst);
      return order === undefined ? all : say(word, order.day, order.month, undefined, false);
    },
  );
  if (locale.decimalMark === ',') {
    result = result.replace(
      new RegExp(`${ahead}(?<![\\d.])(\\d{1,2})\\.(\\d{1,2})\\.(?!\\d)`, 'gu'),
      (all: string, word: string | undefined, day: string, inMonth: string) =>
        isDate(Number(day), Number(inMonth)) ? say(word, Number(day), Number(inMonth), undefined, true) : all,
    );
  }
  return result;
}

/** nineteen ninety -> nineteen nineties; other years take an s. */
function decadeOf(year: string): string {
  return year.endsWith('y') ? `${year.slice(0, -1)}ies` : `${year}s`;
}

function optional(year: string | undefined): number | undefined {
  return year === undefined ? undefined : Number(year);
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
