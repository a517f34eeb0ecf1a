/** Who waits, and in which order they will be served; knows nothing of what is done for them. */

/** What counts for a place in the queue. */
export interface Waiting {
  /** Higher goes first. */
  readonly priority: number;
  /** Whose it is: an owner's calls can be held back together. */
  readonly owner?: string | undefined;
  /** Goes before others of its priority. */
  readonly interrupt?: boolean | undefined;
}

/** Higher priority first, then those that interrupt, then arrival. Calls of paused owners keep their place and wait. */
export class CallQueue<T extends Waiting> {
  private readonly waiting: T[] = [];
  private readonly paused = new Set<string>();

  /** All that wait, those of paused owners too. */
  get length(): number {
    return this.waiting.length;
  }

  /** Owners whose calls are held back, whether or not they have any; a copy. */
  get pausedOwners(): string[] {
    return [...this.paused];
  }

  add(call: T): void {
    const behind = this.waiting.findIndex((other) => goesBefore(call, other));
    this.waiting.splice(behind < 0 ? this.waiting.length : behind, 0, call);
  }

  /** The next one to be served, taken out; undefined where nobody waits but those who are held back. */
  take(): T | undefined {
    const next = this.waiting.find((call) => !this.isPaused(call));
    if (next !== undefined) this.remove(next);
    return next;
  }

  /** Takes `call` out; false where it does not wait. */
  remove(call: T): boolean {
    const place = this.waiting.indexOf(call);
    if (place < 0) return false;
    this.waiting.splice(place, 1);
    return true;
  }

  has(call: T): boolean {
    return this.waiting.includes(call);
  }

  /** Everyone who waits, first to be served first; a copy. */
  list(): T[] {
    return [...this.waiting];
  }

  /** Those who may be served, in that order; a copy. */
  moving(): T[] {
    return this.waiting.filter((call) => !this.isPaused(call));
  }

  /**
   * Everyone who waits with the number of those who go before, as things stand: nobody waits for a call that is held back,
   * and one that is held back goes behind all that stand before it.
   */
  places(): { readonly call: T; readonly ahead: number }[] {
    let moving = 0;
    return this.waiting.map((call, index) => {
      if (this.isPaused(call)) return { call, ahead: index };
      return { call, ahead: moving++ };
    });
  }

  /** Holds the owner's calls back, those that come later too. */
  pause(owner: string): void {
    this.paused.add(owner);
  }

  /** Lets the owner's calls go on from the places they have. */
  resume(owner: string): void {
    this.paused.delete(owner);
  }

  isPaused(call: T): boolean {
    return call.owner !== undefined && this.paused.has(call.owner);
  }
}

/** Whether one who comes now stands before `other`, who is there already. */
export function goesBefore(newcomer: Waiting, other: Waiting): boolean {
  if (newcomer.priority !== other.priority) return newcomer.priority > other.priority;
  return newcomer.interrupt === true && other.interrupt !== true;
}
