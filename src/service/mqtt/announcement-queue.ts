/** The announcements that wait, and their way to sound, one at a time. */
import {
  HiggsError,
  type ProgressEvent,
  type SpeakRequest,
  type SpeakResult,
  type SpeechEngine,
} from '../../engine/index.js';
import type { Announcement, AnnouncementResult, CancelReason } from './announcement.js';
import type { FinishedSound } from './finish.js';
import { afterSpeaking, nextDue, untilDueMs, type WaitingEntry } from './waiting-list.js';

/** What the queue needs of the announcer around it. */
export interface QueueSurroundings {
  readonly engine: () => SpeechEngine;
  readonly owner: string;
  request(announcement: Announcement): SpeakRequest;
  finish(result: SpeakResult, announcement: Announcement): Promise<FinishedSound>;
  /** Why it must not be spoken now, although it was taken. */
  objection(announcement: Announcement): CancelReason | undefined;
  /** Hands the sound out; true once it has arrived, false where it never will in this process. */
  handOut(entry: WaitingEntry, result: SpeakResult, sound: FinishedSound): Promise<boolean>;
  tell(announcement: Announcement, result: AnnouncementResult): void;
  progress(announcement: Announcement, event: ProgressEvent): void;
  /** What waits has changed: keep it. */
  changed(): void;
}

interface Current {
  readonly entry: WaitingEntry;
  readonly abort: AbortController;
  acknowledged: boolean;
}

/** Timers go wrong beyond 2^31 ms. */
const LONGEST_SLEEP_MS = 3_600_000;

export class AnnouncementQueue {
  private entries: WaitingEntry[];
  private current: Current | undefined;
  /** Spoken, but nobody has confirmed yet that the sound arrived; after a restart they are spoken again. */
  private readonly unconfirmed = new Set<WaitingEntry>();
  private work: Promise<void> | undefined;
  private alarm: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly around: QueueSurroundings,
    waiting: readonly WaitingEntry[],
  ) {
    this.entries = [...waiting];
  }

  /** Those that wait, without the one that is spoken. */
  get waitingCount(): number {
    return this.entries.length;
  }

  get isSpeaking(): boolean {
    return this.current !== undefined;
  }

  /** All that must not be lost, first to last. */
  get kept(): readonly WaitingEntry[] {
    return [...this.unconfirmed, ...(this.current === undefined ? [] : [this.current.entry]), ...this.entries];
  }

  /** To be kept by the caller before it is begun. */
  add(announcement: Announcement): void {
    this.entries.push({ announcement, dueAtMs: Date.now(), spokenCount: 0 });
    this.around.changed();
  }

  /** Goes to work if there is some and nobody does it yet. */
  begin(): void {
    if (this.closed || this.work !== undefined) return;
    this.work = this.speakAll().finally(() => {
      this.work = undefined;
      this.setAlarm();
    });
  }

  stop(): void {
    this.current?.abort.abort();
  }

  /** Stops what is spoken at a lower or the same priority. */
  makeRoomFor({ priority, interrupt }: Announcement): void {
    const running = this.current?.entry.announcement;
    if (interrupt === true && running !== undefined && running.priority <= priority) this.stop();
  }

  clear(): void {
    for (const { announcement } of this.entries.splice(0)) this.cancel(announcement, 'cleared');
    this.around.changed();
  }

  /** Ends the repetitions of the announcement `id`, or of all. */
  acknowledge(id: string | undefined): void {
    const meant = ({ announcement }: WaitingEntry) =>
      announcement.repeat !== undefined && (id === undefined || announcement.id === id);
    const heard = this.entries.filter(meant);
    this.entries = this.entries.filter((entry) => !heard.includes(entry));
    if (this.current !== undefined && meant(this.current.entry)) {
      this.current.acknowledged = true;
      heard.push(this.current.entry);
    }
    for (const { announcement } of heard) this.around.tell(announcement, { state: 'acknowledged' });
    this.around.changed();
  }

  /** The one that is spoken is stopped and kept for the next time, as those that wait are. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.alarm);
    this.current?.abort.abort();
    await this.work;
  }

  private async speakAll(): Promise<void> {
    for (;;) {
      const entry = this.closed ? undefined : nextDue(this.entries, Date.now());
      if (entry === undefined) return;
      this.entries = this.entries.filter((other) => other !== entry);
      await this.speakOne(entry);
    }
  }

  private async speakOne(entry: WaitingEntry): Promise<void> {
    const { announcement } = entry;
    const objection = this.around.objection(announcement);
    if (objection !== undefined) {
      this.cancel(announcement, objection);
      this.around.changed();
      return;
    }
    const current: Current = { entry, abort: new AbortController(), acknowledged: false };
    this.current = current;
    this.around.changed();
    try {
      const [result, sound] = await this.soundOf(current);
      this.spoken(current, result, sound);
    } catch (thrown) {
      this.failed(current, HiggsError.from(thrown));
    }
  }

  private async soundOf({ entry, abort }: Current): Promise<[SpeakResult, FinishedSound]> {
    const { announcement } = entry;
    let told = false;
    const speaking = () => {
      if (!told) this.around.tell(announcement, { state: 'speaking' });
      told = true;
    };
    const result = await this.around.engine().speak(this.around.request(announcement), {
      owner: this.around.owner,
      priority: announcement.priority,
      signal: abort.signal,
      ...(announcement.interrupt === undefined ? {} : { interrupt: announcement.interrupt }),
      onProgress: (event) => {
        if (event.phase !== 'queued') speaking();
        this.around.progress(announcement, event);
      },
    });
    speaking();
    return [result, await this.around.finish(result, announcement)];
  }

  private spoken({ entry, acknowledged }: Current, result: SpeakResult, sound: FinishedSound): void {
    const next = acknowledged ? undefined : afterSpeaking(entry, Date.now());
    this.current = undefined;
    if (next !== undefined) this.entries.push(next);
    else this.unconfirmed.add(entry);
    void this.handOut(entry, result, sound);
    this.around.changed();
  }

  private async handOut(entry: WaitingEntry, result: SpeakResult, sound: FinishedSound): Promise<void> {
    let arrived = true;
    try {
      arrived = await this.around.handOut(entry, result, sound);
    } catch (thrown) {
      this.around.tell(entry.announcement, { state: 'failed', error: facts(HiggsError.from(thrown)) });
    }
    if (arrived && this.unconfirmed.delete(entry)) this.around.changed();
  }

  private failed({ entry, abort }: Current, error: HiggsError): void {
    // What a close stopped is spoken after the restart; it stays the current one, and with that kept.
    const stopped = error.code === 'HIGGS_ABORTED' || error.code === 'HIGGS_CLOSED';
    if (this.closed && stopped) return;
    this.current = undefined;
    if (stopped || abort.signal.aborted) this.cancel(entry.announcement, 'stopped');
    else this.around.tell(entry.announcement, { state: 'failed', error: facts(error) });
    this.around.changed();
  }

  private cancel(announcement: Announcement, reason: CancelReason): void {
    this.around.tell(announcement, { state: 'cancelled', reason });
  }

  private setAlarm(): void {
    clearTimeout(this.alarm);
    const ms = this.closed ? undefined : untilDueMs(this.entries, Date.now());
    if (ms !== undefined) this.alarm = setTimeout(() => this.begin(), Math.min(ms, LONGEST_SLEEP_MS));
  }
}

/** What a result tells of an error: never its cause, which may hold paths of this machine. */
export function facts(error: HiggsError): NonNullable<AnnouncementResult['error']> {
  return { code: error.code, message: error.message, remedy: error.remedy };
}
