/** The hours in which only what is urgent is spoken. */
import { HiggsError } from '../../engine/index.js';

const MINUTES_PER_DAY = 24 * 60;

/** Minutes after midnight, local time; `from` belongs to it, `to` does not. It may go over midnight. */
export interface QuietHours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** "22:00-07:00"; empty: none. Throws HIGGS_OPTION_INVALID. */
export function parseQuietHours(text: string): QuietHours | undefined {
  if (text.trim() === '') return undefined;
  const found = /^\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*$/.exec(text);
  const [fromHour = NaN, from = NaN, toHour = NaN, to = NaN] = (found ?? []).slice(1).map(Number);
  const hours = { fromMinute: fromHour * 60 + from, toMinute: (toHour * 60 + to) % MINUTES_PER_DAY };
  const inRange = fromHour < 24 && toHour <= 24 && from < 60 && to < 60 && toHour * 60 + to <= MINUTES_PER_DAY;
  if (inRange && hours.fromMinute !== hours.toMinute) return hours;
  const what = `The option "quietHours" is ${JSON.stringify(text)}; it takes a time such as "22:00-07:00".`;
  throw new HiggsError('HIGGS_OPTION_INVALID', what);
}

/** Whether `minute` (0 to 1439 after midnight) lies in them. */
export function isQuiet({ fromMinute, toMinute }: QuietHours, minute: number): boolean {
  if (fromMinute < toMinute) return minute >= fromMinute && minute < toMinute;
  return minute >= fromMinute || minute < toMinute;
}

export function minuteOfDay(date: Date): number {
  return date.getHours() * 60 + date.getMinutes();
}
