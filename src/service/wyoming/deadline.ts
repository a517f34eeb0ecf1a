/** Calls back where something has not come to its end in time. */
export class Deadline {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly limitMs: number,
    private readonly onMissed: () => void,
  ) {}

  /** Begins, unless it has begun. */
  start(): void {
    this.timer ??= setTimeout(this.onMissed, this.limitMs);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
