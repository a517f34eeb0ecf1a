/**
 * A sequence's keys and values between runs, and the way that keeps them in memory: TypeScript writes each run's new rows
 * into the arrays that the next run is fed with. gpu-key-values.ts has those that keep them on a GPU.
 *
 * It would be simpler to fetch the presents, but the binding copies each fetched output into a fresh buffer:
 * for the full model at 512 positions 117 MB a step in float32, 29 MB in 8 bits. The new rows are 230 and 57 KB.
 */
import type { Tensor } from 'onnxruntime-node';
import type { LanguageModelConfig } from '../checkpoint/types.js';
import type { TensorValue } from './session.js';

/** Keys and values as they are kept: int8 stands for multiples of the graph's `cache_scales`. */
export type CacheType = 'float32' | 'int8';
export type CacheValues = Float32Array | Int8Array;

export const CACHE_BYTES: Readonly<Record<CacheType, number>> = { float32: 4, int8: 1 };

/** Room for `length` values, all 0. */
export function cacheValues(type: CacheType, length: number): CacheValues {
  return type === 'int8' ? new Int8Array(length) : new Float32Array(length);
}

const FIRST_CAPACITY = 128;
const CAPACITY_STEP = 256;

export type FedPasts = Readonly<Record<string, TensorValue | Tensor>>;

/** What a session is run with and what it gives, seen from the cache. */
export interface KeyValues {
  /** Names of outputs to fetch beside the logits. */
  readonly outputs: readonly string[];
  /** The pasts to feed, with room for `positions` in all. */
  inputs(positions: number): FedPasts | Promise<FedPasts>;
  /** Tensors that outputs are to be written into, once `inputs` has been asked; left out: none. */
  readonly targets?: Readonly<Record<string, Tensor>>;
  /** Takes what a run of positions [from, to) gave. */
  store(results: Readonly<Record<string, Tensor>>, from: number, to: number): void;
  close(): void;
}

/** Values of `positions` positions' rows, as {@link MemoryKeyValues} gives and takes them. */
export function rowValues({ layers, keyValueHeads, headDim }: LanguageModelConfig, positions: number): number {
  return 2 * layers * keyValueHeads * headDim * positions;
}

/** 128, 256, 512, 768, ...: the operator copies the whole of it at each step, so it stays small. */
export function capacityFor(positions: number): number {
  if (positions <= FIRST_CAPACITY) return FIRST_CAPACITY;
  return Math.ceil(positions / CAPACITY_STEP) * CAPACITY_STEP;
}

/** `past_key.0`, `past_value.0`, `past_key.1`, ... in the order of `new_rows`. */
export function tensorNames(config: LanguageModelConfig, time: 'past' | 'present'): string[] {
  return Array.from({ length: 2 * config.layers }, (_, i) => `${time}_${i % 2 === 0 ? 'key' : 'value'}.${i >> 1}`);
}

/**
 * Room for sequences that may be run in one batch, each in a slot of its own. The slots' positions are as many as those of
 * the longest one, for a batch has one shape.
 */
export class KeyValueArrays {
  private readonly names: readonly string[];
  private slots = 1;
  private capacity = 0;
  /** Positions that any slot holds. */
  private filled = 0;
  /** Each has room for [slots, heads, room, headDim] or more; [slots, heads, capacity, headDim] of it is in use. */
  private pasts: CacheValues[];
  /** Positions that each slot is expected to need. */
  private room: number;
  private readonly views = new Map<string, Readonly<Record<string, TensorValue>>>();

  /** Room for one sequence. `expectedPositions`: up to this many no memory is moved to other memory. */
  constructor(
    private readonly config: LanguageModelConfig,
    private readonly type: CacheType,
    expectedPositions: number,
  ) {
    this.names = tensorNames(config, 'past');
    this.pasts = this.names.map(() => cacheValues(type, 0));
    this.room = capacityFor(expectedPositions);
    this.makeRoom(1);
  }

  get byteLength(): number {
    return this.pasts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** As newly made, in the same memory: fresh memory costs the system and the garbage collector a twentieth of a sentence's time. */
  restart(expectedPositions: number): void {
    this.slots = 1;
    this.filled = 0;
    this.capacity = 0;
    this.room = capacityFor(expectedPositions);
    this.makeRoom(1);
    this.views.clear();
  }

  /** Makes it so many slots; those that are there keep what they hold. */
  widen(slots: number): void {
    if (slots <= this.slots) return;
    this.makeRoom(slots);
    this.slots = slots;
    this.views.clear();
  }

  /** The pasts of slots [from, to), with room for `positions` in all. */
  inputs(from: number, to: number, positions: number): Readonly<Record<string, TensorValue>> {
    if (positions > this.capacity) this.grow(capacityFor(positions));
    const key = `${from} ${to}`;
    let view = this.views.get(key);
    if (view === undefined) this.views.set(key, (view = this.view(from, to)));
    return view;
  }

  /**
   * Takes positions [from, to) of a slot out of rows [2 * layers, batch, heads, to - from, headDim], where it is the
   * batch's sequence `place`.
   */
  store(slot: number, rows: CacheValues, from: number, to: number, place = 0, batch = 1): void {
    const { keyValueHeads, headDim } = this.config;
    const headRows = (to - from) * headDim;
    for (const [i, past] of this.pasts.entries()) {
      for (let head = 0; head < keyValueHeads; head++) {
        const start = ((i * batch + place) * keyValueHeads + head) * headRows;
        const target = ((slot * keyValueHeads + head) * this.capacity + from) * headDim;
        past.set(rows.subarray(start, start + headRows), target);
      }
    }
    this.filled = Math.max(this.filled, to);
  }

  /** A copy of a slot's positions [0, positions): [2 * layers, heads, positions, headDim]. */
  rows(slot: number, positions: number): CacheValues {
    const { keyValueHeads, headDim } = this.config;
    const rows = cacheValues(this.type, rowValues(this.config, positions));
    const headRows = positions * headDim;
    for (const [i, past] of this.pasts.entries()) {
      for (let head = 0; head < keyValueHeads; head++) {
        const start = (slot * keyValueHeads + head) * this.capacity * headDim;
        rows.set(past.subarray(start, start + headRows), (i * keyValueHeads + head) * headRows);
      }
    }
    return rows;
  }

  close(): void {
    this.pasts = [];
    this.views.clear();
  }

  private view(from: number, to: number): Readonly<Record<string, TensorValue>> {
    const { keyValueHeads, headDim } = this.config;
    const shape = [to - from, keyValueHeads, this.capacity, headDim];
    const slotSize = keyValueHeads * this.capacity * headDim;
    return Object.fromEntries(
      this.names.map((name, i) => {
        const data = this.pasts[i]!.subarray(from * slotSize, to * slotSize);
        return [name, { type: this.type, data, dims: shape } as TensorValue];
      }),
    );
  }

  /**
   * Systems give large arrays their memory when they are first written to, so room that is not used yet costs nothing:
   * growing needs no second copy beside the first, which at full size in float32 would be 0.4 GB for a moment, and garbage
   * after. For the same reason only what is in use is copied.
   */
  private makeRoom(slots: number): void {
    const { keyValueHeads, headDim } = this.config;
    const length = slots * keyValueHeads * this.room * headDim;
    const inUse = this.slots * keyValueHeads * this.capacity * headDim;
    for (const [i, past] of this.pasts.entries()) {
      if (past.length >= length) continue;
      const larger = cacheValues(this.type, length);
      larger.set(past.subarray(0, inUse));
      this.pasts[i] = larger;
    }
  }

  private grow(capacity: number): void {
    this.room = Math.max(this.room, capacity);
    this.makeRoom(this.slots);
    const { keyValueHeads, headDim } = this.config;
    for (const past of this.pasts) {
      // The last head of the last slot first: each one moves up, over places that have been moved already.
      for (let head = this.slots * keyValueHeads - 1; head > 0; head--) {
        const start = head * this.capacity * headDim;
        past.copyWithin(head * capacity * headDim, start, start + this.filled * headDim);
      }
    }
    this.capacity = capacity;
    this.views.clear();
  }
}

/** One sequence in memory: a slot of arrays that may hold others. */
export class MemoryKeyValues implements KeyValues {
  readonly outputs = ['new_rows'];

  constructor(
    readonly arrays: KeyValueArrays,
    readonly slot: number,
    private readonly onClose: () => void,
  ) {}

  inputs(positions: number): Readonly<Record<string, TensorValue>> {
    return this.arrays.inputs(this.slot, this.slot + 1, positions);
  }

  store(results: Readonly<Record<string, Tensor>>, from: number, to: number): void {
    this.arrays.store(this.slot, results['new_rows']!.data as CacheValues, from, to);
  }

  /** Takes the rows of positions [0, positions) as {@link rows} gave them. */
  load(rows: CacheValues, positions: number): void {
    this.inputs(positions);
    this.arrays.store(this.slot, rows, 0, positions);
  }

  rows(positions: number): CacheValues {
    return this.arrays.rows(this.slot, positions);
  }

  close(): void {
    this.onClose();
  }
}
