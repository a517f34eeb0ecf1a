/**
 * How far this process has come, in memory that a thread reads and tells the parent (heartbeat.ts): so the parent knows of a
 * process that is stopped from one that hangs, and of both from one that works.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { BEAT_MS } from '../protocol.js';

/** The compiled thread beside this file's own. */
const ENTRY = path.join(__dirname, 'heartbeat.js');
/** Where in the shared memory is what. */
export const STEPS = 0;
export const LOADING = 1;

export class Pulse {
  private readonly shared = new Int32Array(new SharedArrayBuffer(8));

  constructor() {
    this.shared[LOADING] = 1;
  }

  start(): void {
    // A thread that is gone tells nothing more, and the parent takes that as it has to.
    new Worker(ENTRY, { workerData: this.shared }).on('error', () => undefined).unref();
  }

  /** Something was done; `isLoading`: what is next may take long and tell of nothing. */
  step(isLoading: boolean): void {
    Atomics.store(this.shared, LOADING, isLoading ? 1 : 0);
    Atomics.add(this.shared, STEPS, 1);
  }

  /** From here on each turn of the event loop counts as something that was done. */
  countTurns(): void {
    setInterval(() => Atomics.add(this.shared, STEPS, 1), BEAT_MS).unref();
  }
}
