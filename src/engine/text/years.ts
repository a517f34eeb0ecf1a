/** Bare numbers that are years: in 1985, between 1914 and 1918, World War II ended in 1945, 2020-2025. */
import type { Locale } from './languages/index.js';

const FIRST_YEAR = 1000;
const LAST_YEAR = 2099;
/** Words between two years: from 1914 to 1918. */
const BETWEEN_YEARS = /^(?:and|to|until|till|through|und|bis|or|oder)$/i;
/** Nouns that are counted though they have no s. */
const COUNTED = /^(?:people|men|women|children|euros?|dollars?|pounds?|percent|steps|items|more|other|new|different)$/i;

const YEARS = new RegExp(
  "(?<!\\p{L})(?:(\\p{L}{1,20})([ '(,.]{1,2})|)(?<![\\d.,:/#$€£¥'−+-])(\\d{4})(?![\\d/:%°€£$]|[.,]\\d|-\\d|')(?!\\p{L})(?= ?(\\p{L}{1,20})|)",
  'gu',
);

/** Years written in `text`, as `locale` says them; decades and spans of years are read by the rule of dates before. */
export function expandYears(text: string, locale: Locale): string {
  let wasYear = false;
  return text.replace(
    YEARS,
    (all: string, ahead: string | undefined, gap: string | undefined, digits: string, next: string | undefined) => {
      const year = Number(digits);
      const follows = wasYear && ahead !== undefined && BETWEEN_YEARS.test(ahead);
      const isNamed = follows || (ahead !== undefined && locale.yearWords.has(ahead.toLowerCase()));
      wasYear =
        year >= FIRST_YEAR &&
        year <= LAST_YEAR &&
        !digits.startsWith('0') &&
        (isNamed ? !isCounted(next, locale, true) : isLikely(year, next, locale));
      return wasYear ? `${ahead ?? ''}${gap ?? ''}${locale.year(year)}` : all;
    },
  );
}

/** Nobody says so, but people rarely write other four-digit numbers between 1901 and 2099 without a mark or a noun behind. */
function isLikely(year: number, next: string | undefined, locale: Locale): boolean {
  const isRecent = locale.language === 'de' ? year < 2000 : year > 1900;
  return isRecent && !isCounted(next, locale, false);
}

function isCounted(next: string | undefined, locale: Locale, named: boolean): boolean {
  if (next === undefined) return false;
  if (COUNTED.test(next)) return true;
  if (locale.language === 'de') return !named && /^\p{Lu}/u.test(next);
  return /^\p{Ll}{2,}s$/u.test(next) && !/^(?:was|is|has|as|its|this|does|goes|us|plus|less|minus|equals)$/.test(next);
}
