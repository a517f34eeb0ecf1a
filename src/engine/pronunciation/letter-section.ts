/** The model of letters as it lies in the pronunciation file: its chunks as JSON, its weights as bytes. */
import { HiggsError } from '../errors.js';
import type { LetterModel } from './letters.js';

interface ChunkSection {
  readonly step: number;
  readonly chunks: Readonly<Record<string, readonly string[]>>;
}

/** Throws HIGGS_CHECKPOINT_BROKEN where the sections of `file` hold no such model. */
export function readLetterModel(chunkSection: Uint8Array, weights: Uint8Array, file: string): LetterModel {
  try {
    const { step, chunks } = JSON.parse(Buffer.from(chunkSection).toString()) as ChunkSection;
    if (weights.length === 0 || (weights.length & (weights.length - 1)) !== 0) throw new RangeError('odd size');
    return {
      step,
      chunks: new Map(Object.entries(chunks)),
      weights: new Int8Array(weights.buffer, weights.byteOffset, weights.length),
    };
  } catch (cause) {
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The letters in ${file} cannot be read.`, { cause });
  }
}

export function writeChunkSection({ step, chunks }: LetterModel): Buffer {
  return Buffer.from(JSON.stringify({ step, chunks: Object.fromEntries(chunks) } satisfies ChunkSection));
}
