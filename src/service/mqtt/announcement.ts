/** What was asked for, and what others are told of it: plain data. */
import type { ChimeName, HiggsErrorCode } from '../../engine/index.js';

/** Spoken again and again until someone acknowledges it. */
export interface Repetition {
  /** From the end of one to the start of the next. */
  readonly everySeconds: number;
  /** How often it is spoken at most. */
  readonly times: number;
}

export interface Announcement {
  /** The sender's, or one made up so that results can be told apart. */
  readonly id: string;
  readonly text: string;
  /** A voice's name; left out: the one that is set. */
  readonly voice?: string;
  /** Higher goes first. */
  readonly priority: number;
  /** Stops what is spoken at a lower or the same priority. */
  readonly interrupt?: boolean;
  /** A built-in chime before the text; false: none; left out: what the announcer is set to. */
  readonly chime?: ChimeName | false;
  /** Left out: as the music switch stands. */
  readonly music?: boolean;
  /** Names of loudspeakers or rooms; handed on as they are. */
  readonly target?: readonly string[];
  /** BCP 47, for numbers and dates. */
  readonly language?: string;
  readonly speed?: number;
  /** 0 to 100 %; left out: as it is set. */
  readonly volume?: number;
  readonly repeat?: Repetition;
}

export const ANNOUNCEMENT_STATES = ['queued', 'speaking', 'done', 'failed', 'cancelled', 'acknowledged'] as const;
export type AnnouncementState = (typeof ANNOUNCEMENT_STATES)[number];

/** Why an announcement was not spoken although nothing failed. */
export type CancelReason = 'cooldown' | 'quiet hours' | 'stopped' | 'cleared';

/** One message on the result topic. */
export interface AnnouncementResult {
  readonly id?: string;
  readonly state: AnnouncementState;
  readonly text?: string;
  readonly target?: readonly string[];
  /** done: which time this was, from 1, of a repeated announcement. */
  readonly time?: number;
  /** done: the length of the sound. */
  readonly seconds?: number;
  readonly voice?: string;
  /** done, with a sound host: where the sound can be fetched for a while. */
  readonly url?: string;
  /** done, without one: the sound itself, base64. */
  readonly audio?: string;
  readonly mediaType?: string;
  readonly reason?: CancelReason;
  /** failed: which setting could not be made, such as `voice/set`; left out where an announcement failed. */
  readonly topic?: string;
  readonly error?: { readonly code: HiggsErrorCode; readonly message: string; readonly remedy: string };
}

/** `result` as it is told of `announcement`. */
export function resultOf({ id, text, target }: Announcement, result: AnnouncementResult): AnnouncementResult {
  return { id, text, ...(target === undefined ? {} : { target }), ...result };
}
