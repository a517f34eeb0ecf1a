/** What is measured in a process of its own, and what each measurement gives. */
import type { ProcessMemory } from './process-memory.js';

export interface Folders {
  readonly modelDir: string;
  readonly codecDir: string;
  readonly cacheDir: string;
}

export type Task =
  /** Until it is done, or until the message `abort` comes. */
  | (Folders & { readonly kind: 'convert' })
  | (Folders & { readonly kind: 'load' })
  | (Folders & { readonly kind: 'generate'; readonly frames: number });

export interface Conversion {
  /** An error's code; left out where it was converted. */
  readonly failed?: string;
  readonly languageModelSeconds: number;
  readonly codecSeconds: number;
  /** While the language model was converted. */
  readonly bytesRead: number;
  readonly languageModelPeak: number;
  readonly peak: number;
}

export interface Loading {
  readonly tokenizerSeconds: number;
  readonly languageModelSeconds: number;
  readonly codecSeconds: number;
  readonly memory: ProcessMemory;
}

export interface Generation {
  readonly prefillPositions: number;
  readonly prefillSeconds: number;
  /** One for each frame's step. */
  readonly stepSeconds: readonly number[];
  /** At every 100th frame. */
  readonly memory: readonly { readonly frames: number; readonly at: ProcessMemory }[];
  readonly stop: string;
}

export type Report =
  | { readonly kind: 'progress'; readonly bytesDone: number; readonly bytesTotal: number }
  | { readonly kind: 'convert'; readonly result: Conversion }
  | { readonly kind: 'load'; readonly result: Loading }
  | { readonly kind: 'generate'; readonly result: readonly Generation[] };
