/** Which announcements are taken, and when one is safe. */
import { randomUUID } from 'node:crypto';
import { HiggsError } from '../../engine/index.js';
import { resultOf, type Announcement, type AnnouncementResult, type CancelReason } from './announcement.js';
import { facts, type AnnouncementQueue } from './announcement-queue.js';
import { parseCommand } from './command.js';
import type { Cooldown } from './cooldown.js';
import { isQuiet, minuteOfDay, type QuietHours } from './quiet-hours.js';
import type { SeenMessages } from './seen-messages.js';
import type { StateKeeper } from './state-keeper.js';

export interface IntakeRules {
  readonly cooldown: Cooldown;
  readonly quietHours: QuietHours | undefined;
  /** From this priority on quiet hours do not count. */
  readonly quietPriority: number;
  readonly queueLimit: number;
}

export type Taken =
  /** `isKept`: it is on the disk, and whoever sent it may be told so. */
  | { readonly kind: 'taken'; readonly id: string; readonly isKept: boolean }
  /** What its sender is told. */
  | { readonly kind: 'refused'; readonly error: HiggsError; readonly result: AnnouncementResult };

export class Intake {
  constructor(
    private readonly rules: IntakeRules,
    private readonly seen: SeenMessages,
    private readonly queue: AnnouncementQueue,
    private readonly keeper: StateKeeper,
    private readonly tell: (announcement: Announcement, result: AnnouncementResult) => void,
  ) {}

  /** One command as it came; `target` as the topic named it. What the disk cannot keep is announced all the same. */
  async take(payload: Uint8Array, target: string | undefined): Promise<Taken> {
    const command = parseCommand(payload, randomUUID, target);
    if (command.kind === 'malformed') {
      const { id, error } = command;
      return refused(error, { ...(id === undefined ? {} : { id }), state: 'failed', error: facts(error) });
    }
    const { announcement, named } = command;
    const { id } = announcement;
    if (named && this.seen.isKnown(id)) return this.taken(id);
    if (this.queue.waitingCount >= this.rules.queueLimit) {
      this.seen.forgetId(id);
      const full = new HiggsError('HIGGS_QUEUE_FULL', `${this.queue.waitingCount} announcements wait already.`);
      return refused(full, resultOf(announcement, { state: 'failed', error: facts(full) }));
    }
    const reason = this.objection(announcement) ?? this.coolingDown(announcement);
    if (reason !== undefined) {
      this.tell(announcement, { state: 'cancelled', reason });
      return this.taken(id);
    }
    this.queue.add(announcement);
    const taken = await this.taken(id);
    // To be queued is to be safe.
    if (taken.isKept) this.tell(announcement, { state: 'queued' });
    this.queue.makeRoomFor(announcement);
    this.queue.begin();
    return taken;
  }

  /** Why an announcement must not be spoken now. */
  objection({ priority }: Announcement): CancelReason | undefined {
    const { quietHours, quietPriority } = this.rules;
    if (quietHours === undefined || priority >= quietPriority) return undefined;
    return isQuiet(quietHours, minuteOfDay(new Date())) ? 'quiet hours' : undefined;
  }

  private async taken(id: string) {
    return { kind: 'taken', id, isKept: await this.keeper.keep() } as const;
  }

  private coolingDown({ text }: Announcement): CancelReason | undefined {
    return this.rules.cooldown.admits(text, Date.now()) ? undefined : 'cooldown';
  }
}

function refused(error: HiggsError, result: AnnouncementResult): Taken {
  return { kind: 'refused', error, result };
}
