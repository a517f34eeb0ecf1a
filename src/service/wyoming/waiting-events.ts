/** Events that wait behind the one in hand, and how much memory they take. */
import type { WyomingEvent } from './codec.js';

/** Far more than the longest text that is spoken. */
const LIMIT_BYTES = 262_144;
/** What the smallest event takes as an object. */
const EVENT_BYTES = 256;

export class WaitingEvents {
  private readonly events: WyomingEvent[] = [];
  private byteCount = 0;

  /** False: take no more from the network before some are taken from here. */
  get haveRoom(): boolean {
    return this.byteCount < LIMIT_BYTES;
  }

  add(event: WyomingEvent): void {
    this.events.push(event);
    this.byteCount += sizeOf(event);
  }

  take(): WyomingEvent | undefined {
    const event = this.events.shift();
    if (event !== undefined) this.byteCount -= sizeOf(event);
    return event;
  }
}

function sizeOf({ type, data, payload }: WyomingEvent): number {
  return EVENT_BYTES + 2 * (type.length + JSON.stringify(data).length) + (payload?.length ?? 0);
}
