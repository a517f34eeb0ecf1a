/** What a process of its own is asked to do, and what it answers: one task, a line of JSON for each part of the answer. */
import type { DeviceSettings } from '../engine/device-settings.js';
import type { Device, WeightBits } from '../engine/options.js';
import type { Unit } from '../bench/figures.js';

export type CheckedBackend = Exclude<Device, 'auto'>;

/** What onnxruntime of this release is known to do wrong, or not at all, on some devices. */
export const TRAPS = ['read back', 'long runs', 'new buffers', 'graph capture'] as const;
export type Trap = (typeof TRAPS)[number];

export interface FramesTask {
  readonly do: 'frames';
  readonly device: CheckedBackend;
  readonly settings?: DeviceSettings | undefined;
  readonly cacheDir: string;
  /** Rows of the delay pattern, at most. */
  readonly rows: number;
  /** No row is begun after so long, but for the first few. */
  readonly seconds: number;
}

export interface MeasureTask {
  readonly do: 'measure';
  readonly device: CheckedBackend;
  readonly settings?: DeviceSettings | undefined;
  readonly modelDir: string;
  readonly codecDir?: string | undefined;
  readonly cacheDir: string;
  readonly bits?: WeightBits | undefined;
  readonly threads: number;
  /** Values of a figure, at most. */
  readonly values: number;
  /** No figure is begun after so long. */
  readonly seconds: number;
}

export type Task =
  | { readonly do: 'backends' }
  | { readonly do: 'trap'; readonly trap: Trap; readonly device: CheckedBackend }
  | FramesTask
  | MeasureTask;

export interface Backends {
  readonly kind: 'native' | 'wasm';
  readonly onnxruntime: string;
  /** Devices that this build of onnxruntime knows and this machine may have. */
  readonly mayWork: readonly CheckedBackend[];
}

/** A part of an answer; the last line is `done` or `failed`, unless the process dies. */
export type Line =
  | { readonly backends: Backends }
  /** Codes of the rows so far, and with 4 bits the scores after the prompt. */
  | { readonly rows: readonly (readonly number[])[] }
  | { readonly scores: readonly number[] }
  | { readonly what: string; readonly unit: Unit; readonly values: readonly number[] }
  | { readonly layers: number; readonly bits: WeightBits }
  /** Of a trap. */
  | { readonly found: TrapResult }
  | { readonly done: true }
  | { readonly failed: string };

export interface TrapResult {
  readonly trap: Trap;
  /** Whether the device does it right. */
  readonly ok: boolean;
  /** What was seen, in words. */
  readonly saw: string;
  /** Of `long runs`: so many new positions at once are right. */
  readonly longestRunPositions?: number;
}
