/** The announcements that are yet to be spoken, repetitions included. */
import type { Announcement } from './announcement.js';
import { goesBefore } from '../../engine/package-api.js';

/** Plain data, as it lies in the file. */
export interface WaitingEntry {
  readonly announcement: Announcement;
  /** When it may be spoken; later than its arrival where it is repeated. */
  readonly dueAtMs: number;
  /** How often it was spoken. */
  readonly spokenCount: number;
}

/**
 * The entry that is to be spoken next: of those that are due the one of the highest priority, then one that interrupts,
 * then the first that came.
 */
export function nextDue(entries: readonly WaitingEntry[], nowMs: number): WaitingEntry | undefined {
  let best: WaitingEntry | undefined;
  for (const entry of entries) {
    if (entry.dueAtMs > nowMs) continue;
    if (best === undefined || goesBefore(entry.announcement, best.announcement)) best = entry;
  }
  return best;
}

/** Milliseconds until the first is due; undefined where none waits. */
export function untilDueMs(entries: readonly WaitingEntry[], nowMs: number): number | undefined {
  if (entries.length === 0) return undefined;
  return Math.max(0, Math.min(...entries.map(({ dueAtMs }) => dueAtMs)) - nowMs);
}

/** The entry after it was spoken once more: with its next time, or undefined where that was the last. */
export function afterSpeaking(entry: WaitingEntry, nowMs: number): WaitingEntry | undefined {
  const { repeat } = entry.announcement;
  const spokenCount = entry.spokenCount + 1;
  if (repeat === undefined || spokenCount >= repeat.times) return undefined;
  return { ...entry, spokenCount, dueAtMs: nowMs + repeat.everySeconds * 1000 };
}
