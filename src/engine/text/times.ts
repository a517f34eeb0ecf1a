/** Times of day in words: 10:30, 10:30:15, 7 pm, 7:05 a.m., 23:05, 10:30 Uhr, and spans of them. */
import { expandDurations } from './durations.js';
import type { Locale } from './languages/index.js';

const CLOCK = '([01]?\\d|2[0-4])[:.]([0-5]\\d)(?:[:.]([0-5]\\d)(?:\\.\\d{1,9})?)?';
const HALF = '(?: ?(am|pm|AM|PM|Am|Pm|[aA]\\.\\s?[mM]\\.|[pP]\\.\\s?[mM]\\.)(?![\\p{L}\\d]))';
/** `:` makes a time of two numbers; `.` does so only with "Uhr", "am" or "pm" behind it. */
const WITH_COLON = CLOCK.replaceAll('[:.]', ':');
const HOURS = '(?: ?h(?:rs)?(?![\\p{L}\\d]))?';

const SPAN = new RegExp(
  `(?<![\\d.,:])((?:${WITH_COLON}${HALF}?|\\d{1,2}${HALF}))\\s?[-–]\\s?(?=\\d?\\d(?::\\d\\d|${HALF}))`,
  'gu',
);
const GERMAN_CLOCK = new RegExp(`(?<![\\d.,:])${CLOCK}\\s?Uhr(?!\\p{L})`, 'gu');
const ENGLISH_CLOCK = new RegExp(`(?<![\\d.,:])${CLOCK}${HALF}`, 'gu');
const COLON_CLOCK = new RegExp(`(?<![\\d.,:])${WITH_COLON}(?![\\d:])${HOURS}`, 'gu');
const HALF_HOURS = new RegExp(`(?<![\\d.,:])(1[0-2]|0?[1-9])(?:\\s?[-–]\\s?(1[0-2]|0?[1-9]))?${HALF}`, 'gu');

/** 0630 hrs; without the word a leading zero tells. */
const MILITARY = /(?<![\p{L}\d.,:])(0\d|1\d|2[0-3])([0-5]\d) ?(?:hrs\.?|(?<=0\d{3} ?)(?:hours|h))(?!\p{L})/gu;

/** Times and durations written in `text`, as `locale` says them; what is left of 16:9 is a ratio. */
export function expandTimes(text: string, locale: Locale): string {
  const german = locale.language === 'de';
  const say = (hour: string, minute?: string, second?: string, half?: string): string => {
    const written = {
      hour: Number(hour),
      minute: Number(minute ?? 0),
      ...(second === undefined ? {} : { second: Number(second) }),
      ...(half === undefined ? {} : { half: half.toLowerCase().startsWith('a') ? ('am' as const) : ('pm' as const) }),
    };
    return ` ${locale.sayTime(written)} `;
  };
  const clock = expandDurations(plainHalves(text.replace(MILITARY, '$1:$2')), locale)
    .replace(SPAN, (_all, from: string) => `${from} ${locale.range} `)
    .replace(
      german ? GERMAN_CLOCK : ENGLISH_CLOCK,
      (_all, hour: string, minute: string, second: string | undefined, half: unknown) =>
        say(hour, minute, second, typeof half === 'string' ? half : undefined),
    )
    .replace(COLON_CLOCK, (_all, hour: string, minute: string, second: string | undefined) =>
      say(hour, minute, second),
    );
  const hours = german
    ? clock
        .replace(
          /(?<![\d.,:])(\d{1,2}) ?[-–] ?(?=\d{1,2}\s?Uhr)/gu,
          (_all, from: string) => `${locale.cardinal(BigInt(from))} ${locale.range} `,
        )
        .replace(/(?<![\d.,:])([01]?\d|2[0-4])\s?Uhr(?!\p{L})/gu, (_all, hour: string) => say(hour))
    : clock.replace(HALF_HOURS, (_all, hour: string, until: string | undefined, half: string) =>
        until === undefined
          ? say(hour, undefined, undefined, half)
          : ` ${locale.cardinal(BigInt(hour))} ${locale.range} ${say(until, undefined, undefined, half)}`,
      );
  return hours.replace(/(?<=\d):(?=\d)/g, ` ${locale.ratio} `);
}

const NAMES_OF_DAYS = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const STOPPED_HALF = new RegExp(`(?<=\\d ?)([apAP])\\.\\s?[mM]\\.(\\s+(?!${NAMES_OF_DAYS})(?=\\p{Lu}\\p{Ll}))?`, 'gu');

/** `7 p.m.` becomes `7 pm`, and keeps its last stop where that ends the sentence. */
function plainHalves(text: string): string {
  return text.replace(
    STOPPED_HALF,
    (_all, letter: string, gap: string | undefined) => `${letter}m${gap === undefined ? '' : `.${gap}`}`,
  );
}
