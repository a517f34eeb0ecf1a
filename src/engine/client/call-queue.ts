/** Who waits, in the order in which they will be served: higher priority first, then arrival. */
export interface Waiting {
  readonly priority: number;
}

export class CallQueue<T extends Waiting> {
  private readonly waiting: T[] = [];

  get length(): number {
    return this.waiting.length;
  }

  /** Takes its place behind everyone of the same or a higher priority. */
  add(call: T): void {
    const behind = this.waiting.findIndex((other) => other.priority < call.priority);
    this.waiting.splice(behind < 0 ? this.waiting.length : behind, 0, call);
  }

  /** The next one to be served, taken out. */
  take(): T | undefined {
    return this.waiting.shift();
  }

  /** Takes `call` out; false where it does not wait. */
  remove(call: T): boolean {
    const place = this.waiting.indexOf(call);
    if (place < 0) return false;
    this.waiting.splice(place, 1);
    return true;
  }

  /** Everyone who waits, first to be served first; a copy. */
  list(): T[] {
    return [...this.waiting];
  }
}
