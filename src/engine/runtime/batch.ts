/**
 * Sequences that go on together: steps that are asked for in the same turn of the event loop become one run of the graph,
 * which reads the weights once for all. Each sequence's loop knows nothing of the others.
 */
import { setImmediate } from 'node:timers';
import type { LanguageModelConfig } from '../checkpoint/types.js';
import { KeyValueArrays, MemoryKeyValues, type CacheType } from './key-values.js';

/** A position of one sequence, embedded. */
export interface Step {
  readonly slot: number;
  /** Positions before it. */
  readonly before: number;
  /** [hiddenSize] */
  readonly embeds: Float32Array;
}

/** One run of the graph over slots [from, to); gives [to - from, scores] and stores the new rows of `steps`. */
export type RunBatch = (
  arrays: KeyValueArrays,
  steps: readonly Step[],
  from: number,
  to: number,
) => Promise<Float32Array>;

interface WaitingStep extends Step {
  readonly resolve: (scores: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

export class Batch {
  private readonly arrays: KeyValueArrays;
  private readonly taken: boolean[];
  private waiting: WaitingStep[] = [];

  constructor(
    config: LanguageModelConfig,
    type: CacheType,
    private readonly sequences: number,
    expectedPositions: number,
    private readonly run: RunBatch,
  ) {
    this.arrays = new KeyValueArrays(config, type, expectedPositions);
    this.taken = Array.from({ length: sequences }, () => false);
  }

  /** Sequences that are open. */
  get size(): number {
    return this.taken.filter((isTaken) => isTaken).length;
  }

  /** Memory that it holds, whether or not a sequence is open. */
  get byteLength(): number {
    return this.arrays.byteLength;
  }

  /** Begins anew while no sequence is open, with room for one of `expectedPositions`. */
  restart(expectedPositions: number): void {
    this.arrays.restart(expectedPositions);
  }

  /** The keys and values of one more sequence; undefined where all slots are taken. */
  open(): MemoryKeyValues | undefined {
    // The lowest, so that those in use lie together.
    const slot = this.taken.indexOf(false);
    if (slot < 0) return undefined;
    // A sequence that stays alone needs no room for others.
    if (slot > 0) this.arrays.widen(this.sequences);
    this.taken[slot] = true;
    return new MemoryKeyValues(this.arrays, slot, () => (this.taken[slot] = false));
  }

  /** Runs the step with all others of this turn, or at once where there are no others; gives its scores. */
  step(step: Step): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...step, resolve, reject });
      if (this.waiting.length > 1) return;
      if (this.size === 1) void this.runWaiting();
      else setImmediate(() => void this.runWaiting());
    });
  }

  private async runWaiting(): Promise<void> {
    const steps = this.waiting.splice(0);
    const from = Math.min(...steps.map(({ slot }) => slot));
    const to = 1 + Math.max(...steps.map(({ slot }) => slot));
    try {
      const scores = await this.run(this.arrays, steps, from, to);
      const width = scores.length / (to - from);
      for (const { slot, resolve } of steps) resolve(scores.subarray((slot - from) * width, (slot - from + 1) * width));
    } catch (error) {
      for (const { reject } of steps) reject(error);
    }
  }
}
