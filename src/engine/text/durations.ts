/** Spans of time in words: 0:05:00, 1d 3h, 2h 15m, PT1H30M, seen 5m ago, 3:45 min. Others (90s, 5 min) are units. */
import type { Locale } from './languages/index.js';

interface Span {
  readonly weeks?: number;
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** What says that 12:30:00 is a span and no time of day: behind it, or before it. */
const SPAN_BEHIND = '(?= ?(?:remaining|left|elapsed|ago|long|verbleibend|übrig|verbleiben|vergangen|lang)(?!\\p{L}))';
const SPAN_AHEAD =
  /(?:takes?|took|lasts?|lasted|runs?|ran|timer|duration|runtime|run time|uptime|countdown|remaining|left|elapsed|for|within|is set to|dauert|dauerte|läuft|lief|laufzeit|dauer|timer|noch|restzeit|betriebszeit|days?,|tage?,)[: ]{0,2}$/i;

const CLOCK_AHEAD = /(?<!\p{L})(?:at|um|until|bis|since|seit|von|from|by|gegen|is|it's)[: ]{1,2}$/iu;

const ISO_DURATION =
  /(?<![\p{L}\d])P(?=\d|T\d)(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:\.\d{1,9})?S)?)?(?![\p{L}\d])/gu;
const CLOCKED = /(?<![\d.,:])(\d{1,3}):([0-5]\d):([0-5]\d)(?:\.\d{1,9})?(?![\d:]| ?[apAP]\.?[mM]| ?Uhr)/g;
const CLOCKED_BEHIND = new RegExp(`^${SPAN_BEHIND}`, 'iu');
const MINUTES = /(?<![\d.,:])(\d{1,3}):([0-5]\d) ?(?:min|mins|minutes|Min|Minuten)(?!\p{L})\.?/gu;
const HOURS = /(?<![\d.,:])(\d{1,3}):([0-5]\d) ?(?:hours|hrs?|Std|Stunden)(?!\p{L})\.?/gu;
const NUMBER = '\\d{1,6}';
const gap = '(?:,? ?(?:(?:and|und) )?(?=\\d))?';
const LETTERS = new RegExp(
  `(?<![\\p{L}\\d.,:/-])(?=\\d)(?:(${NUMBER}) ?w${gap})?(?:(${NUMBER}) ?(?:d|days?|Tage?)${gap})?(?:(${NUMBER}) ?(?:h|hrs?|hours?|Std|Stunden?)(?!\\p{L})\\.?${gap})?` +
    `(?:(${NUMBER}) ?(?:m|mins?|minutes?|Min|Minuten?)(?!\\p{L})\\.?${gap})?(?:(${NUMBER}) ?(?:s|secs?|seconds?|Sek|Sekunden?)(?!\\p{L})\\.?)?(?![\\p{L}\\d²³/^])`,
  'gu',
);
const AGO = '(?= ?(?:ago|left|remaining|later|earlier|old|her|später|übrig|verbleibend)(?!\\p{L}))';
const MINUTES_AGO = new RegExp(`(?<![\\p{L}\\d.,:/-])(${NUMBER}) ?m${AGO}`, 'gu');
const DAYS_AGO = new RegExp(`(?<![\\p{L}\\d.,:/-])(${NUMBER}) ?d${AGO}`, 'gu');
const WEEKS_AGO = new RegExp(`(?<![\\p{L}\\d.,:/-])(${NUMBER}) ?w${AGO}`, 'gu');
const VOR_MINUTEN = new RegExp(`(?<=(?<!\\p{L})[Vv]or )(${NUMBER}) ?m(?![\\p{L}\\d])`, 'gu');

/** ISO 8601's durations, PT1H30M, before their letters are taken for a code's. */
export function expandIsoDurations(text: string, locale: Locale): string {
  return text.replace(
    ISO_DURATION,
    (_all, ...parts: unknown[]) => ` ${saySpan(spanOf(parts.slice(0, 5) as (string | undefined)[]), locale)} `,
  );
}

/** Spans of time written in `text`, as `locale` says them. */
export function expandDurations(text: string, locale: Locale): string {
  const say = (span: Span): string => ` ${saySpan(span, locale)} `;
  return text
    .replace(CLOCKED, (all: string, hours: string, minutes: string, seconds: string, offset: number, whole: string) => {
      const behind = whole.slice(offset + all.length, offset + all.length + 20);
      const ahead = whole.slice(Math.max(0, offset - 20), offset);
      const isLong = hours.length === 2 || CLOCK_AHEAD.test(ahead);
      const isClock = isLong && Number(hours) > 0 && Number(hours) <= 24;
      if (isClock && !CLOCKED_BEHIND.test(behind) && !SPAN_AHEAD.test(ahead)) return all;
      return say(spanOf([undefined, undefined, hours, minutes, seconds]));
    })
    .replace(MINUTES, (_all, minutes: string, seconds: string) =>
      say(spanOf([undefined, undefined, undefined, minutes, seconds])),
    )
    .replace(HOURS, (_all, hours: string, minutes: string) => say(spanOf([undefined, undefined, hours, minutes])))
    .replace(LETTERS, (all: string, ...parts: unknown[]) => {
      const values = parts.slice(0, 5) as (string | undefined)[];
      return values.filter((value) => value !== undefined).length < 2 ? all : say(spanOf(values));
    })
    .replace(MINUTES_AGO, (_all, minutes: string) => say({ minutes: Number(minutes) }))
    .replace(VOR_MINUTEN, (_all, minutes: string) => say({ minutes: Number(minutes) }))
    .replace(DAYS_AGO, (_all, days: string) => say({ days: Number(days) }))
    .replace(WEEKS_AGO, (_all, weeks: string) => say({ weeks: Number(weeks) }));
}

function spanOf([weeks, days, hours, minutes, seconds]: readonly (string | undefined)[]): Span {
  const parts = { weeks, days, hours, minutes, seconds };
  return Object.fromEntries(
    Object.entries(parts)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, Number(value)]),
  );
}

function saySpan({ weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 }: Span, locale: Locale): string {
  const { spans } = locale;
  const parts = [
    [weeks, spans.week],
    [days, spans.day],
    [hours, spans.hour],
    [minutes, spans.minute],
    [seconds, spans.second],
  ] as const;
  const said = parts
    .filter(([value]) => value > 0)
    .map(([value, noun]) => (value === 1 ? noun.one : `${locale.cardinal(BigInt(value))} ${noun.many}`));
  return said.length === 0 ? `${locale.cardinal(0n)} ${spans.second.many}` : said.join(' ');
}
