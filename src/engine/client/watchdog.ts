/**
 * When a worker counts as stuck: from what it tells of itself (protocol.ts: the heartbeat pipe) and the ticks of a timer alone.
 * Ticks are counted, not hours: where this process or the whole machine has slept, no time has passed for the worker either.
 */
import { BEAT_LOADING, BEAT_MS, BEAT_PROGRESS } from '../protocol.js';

/** Each tick of the timer stands for so long. */
export const TICK_MS = BEAT_MS;
/** To start, and to convert and load a model, may take so many times as long as anything else without progress: native work tells of none. */
const LOADING_FACTOR = 10;

export interface Stall {
  /** What it was asked made it hang, as far as can be known; otherwise it stood still, whatever it was asked. */
  readonly isHanging: boolean;
  /** How it ended: what the sentence about the process goes on with. */
  readonly how: string;
}

export class Watchdog {
  private readonly limitTicks: number;
  /** Without a byte. */
  private silentTicks = 0;
  /** Without progress, though there was something to do. */
  private stillTicks = 0;
  private isStarting = true;
  private isLoading = true;

  constructor(private readonly stallSeconds: number) {
    this.limitTicks = Math.max(2, (stallSeconds * 1000) / TICK_MS);
  }

  /** What came over the heartbeat pipe. */
  hear(beats: Uint8Array): void {
    this.isStarting = false;
    this.silentTicks = 0;
    for (const beat of beats) {
      this.isLoading = (beat & BEAT_LOADING) !== 0;
      if ((beat & BEAT_PROGRESS) !== 0) this.stillTicks = 0;
    }
  }

  /** `isAsked`: it has something to do. Gives how the worker has to end, or undefined where it is well. */
  tick(isAsked: boolean): Stall | undefined {
    this.silentTicks += 1;
    this.stillTicks = isAsked ? this.stillTicks + 1 : 0;
    const silentSeconds = this.stallSeconds * (this.isStarting ? LOADING_FACTOR : 1);
    if (this.silentTicks > this.ticksOf(this.isStarting)) {
      return { isHanging: false, how: `did not answer for ${silentSeconds} seconds and was ended` };
    }
    if (this.stillTicks > this.ticksOf(this.isLoading)) {
      const stillSeconds = this.stallSeconds * (this.isLoading ? LOADING_FACTOR : 1);
      return { isHanging: true, how: `made no progress for ${stillSeconds} seconds and was ended` };
    }
    return undefined;
  }

  private ticksOf(hasLonger: boolean): number {
    return this.limitTicks * (hasLonger ? LOADING_FACTOR : 1);
  }
}
