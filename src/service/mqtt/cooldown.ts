/** The same text is not announced again so soon: a door that swings says once that it is open. */

/** No house says more different things within a cooldown; beyond that the oldest are forgotten. */
const REMEMBERED_TEXTS = 1000;

export class Cooldown {
  /** When each text was let through, the latest last. */
  private readonly lastMs = new Map<string, number>();

  /** 0 seconds: everything is let through. */
  constructor(private readonly seconds: number) {}

  /** Whether `text` may be announced now; if so, its cooldown begins. What is held back does not prolong it. */
  admits(text: string, nowMs: number): boolean {
    if (this.seconds === 0) return true;
    const key = text.trim().toLowerCase();
    const last = this.lastMs.get(key);
    // A clock that was set back must not silence anything.
    if (last !== undefined && nowMs >= last && nowMs - last < this.seconds * 1000) return false;
    this.lastMs.delete(key);
    this.lastMs.set(key, nowMs);
    for (const oldest of this.lastMs.keys()) {
      if (this.lastMs.size <= REMEMBERED_TEXTS) break;
      this.lastMs.delete(oldest);
    }
    return true;
  }
}
