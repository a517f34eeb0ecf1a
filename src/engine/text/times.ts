/** Times of day in words: 10:30, 10:30:15, 7 pm, 7:05 a.m., 23:05, 10:30 Uhr, and spans of them. */
import type { Locale } from './languages/index.js';

const CLOCK = '([01]?\\d|2[0-4])[:.]([0-5]\\d)(?:[:.]([0-5]\\d)(?:\\.\\d+)?)?';
const HALF = '(?: ?(am|pm|AM|PM|Am|Pm|[aA]\\.\\s?[mM]\\.|[pP]\\.\\s?[mM]\\.)(?![\\p{L}\\d]))';
/** `:` makes a time of two numbers; `.` does so only with "Uhr", "am" or "pm" behind it. */
const WITH_COLON = CLOCK.replaceAll('[:.]', ':');

/** Times written in `text`, as `locale` says them. Ratios such as 16:9 stay for the rules behind this one. */
export function expandTimes(text: string, locale: Locale): string {
  const german = locale.decimalMark === ',';
  const say = (hour: string, minute?: string, second?: string, half?: string): string => {
    const written = {
      hour: Number(hour),
      minute: Number(minute ?? 0),
      ...(second === undefined ? {} : { second: Number(second) }),
      ...(half === undefined ? {} : { half: half.toLowerCase().startsWith('a') ? ('am' as const) : ('pm' as const) }),
    };
    return ` ${locale.sayTime(written)} `;
  };
  const spans = plainHalves(text).replace(
    new RegExp(
      `(?<![\\d.,:])((?:${WITH_COLON}${HALF}?|\\d{1,2}${HALF}))\\s?[-–]\\s?(?=\\d?\\d(?::\\d\\d|${HALF}))`,
      'gu',
    ),
    (_all, from: string) => `${from} ${locale.range} `,
  );
  const clock = spans
    .replace(
      new RegExp(`(?<![\\d.,:])${CLOCK}${german ? '\\s?Uhr(?!\\p{L})' : HALF}`, 'gu'),
      (_all, hour: string, minute: string, second: string | undefined, half: unknown) =>
        say(hour, minute, second, typeof half === 'string' ? half : undefined),
    )
    .replace(
      new RegExp(`(?<![\\d.,:])${WITH_COLON}(?![\\d:])`, 'gu'),
      (_all, hour: string, minute: string, second: string | undefined) => say(hour, minute, second),
    );
  const hours = german
    ? clock
        .replace(
          /(?<![\d.,:])(\d{1,2}) ?[-–] ?(?=\d{1,2}\s?Uhr)/gu,
          (_all, from: string) => `${locale.cardinal(BigInt(from))} ${locale.range} `,
        )
        .replace(/(?<![\d.,:])([01]?\d|2[0-4])\s?Uhr(?!\p{L})/gu, (_all, hour: string) => say(hour))
    : clock.replace(
        new RegExp(`(?<![\\d.,:])(1[0-2]|0?[1-9])(?:\\s?[-–]\\s?(1[0-2]|0?[1-9]))?${HALF}`, 'gu'),
        (_all, hour: string, until: string | undefined, half: string) =>
          until === undefined
            ? say(hour, undefined, undefined, half)
            : ` ${locale.cardinal(BigInt(hour))} ${locale.range} ${say(until, undefined, undefined, half)}`,
      );
  // What is left of `16:9` is a ratio.
  return hours.replace(/(?<=\d):(?=\d)/g, ` ${locale.range === 'bis' ? 'zu' : locale.range} `);
}

const NAMES_OF_DAYS = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';

/** `7 p.m.` becomes `7 pm`, and keeps its last stop where that ends the sentence. */
function plainHalves(text: string): string {
  const half = new RegExp(`(?<=\\d ?)([apAP])\\.\\s?[mM]\\.(\\s+(?!${NAMES_OF_DAYS})(?=\\p{Lu}))?`, 'gu');
  return text.replace(
    half,
    (_all, letter: string, gap: string | undefined) => `${letter}m${gap === undefined ? '' : `.${gap}`}`,
  );
}
