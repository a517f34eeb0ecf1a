/** Models as they lie in the pronunciation file: names as JSON, numbers as bytes. */
import { HiggsError } from '../errors.js';
import { HashTable } from './hash-table.js';
import type { LetterModel } from './letters.js';
import type { ClassModel } from './word-classes.js';
import type { Sections } from './pronunciation-file.js';
import type { Accent } from '../requests.js';

interface ChunkSection {
  readonly step: number;
  readonly chunks: Readonly<Record<string, readonly string[]>>;
}

/** Throws HIGGS_CHECKPOINT_BROKEN where the sections of `file` hold no such model. */
export function readLetterModel(sections: Sections, accent: Accent, file: string): LetterModel {
  return orBroken(file, 'letters', () => {
    const { step, chunks } = readJson(sections[`${accent}Chunks`]) as ChunkSection;
    const weights = sections[`${accent}Weights`];
    if (weights.length === 0 || (weights.length & (weights.length - 1)) !== 0) throw new RangeError('Odd weights.');
    return { step, chunks: new Map(Object.entries(chunks)), weights: signed(weights) };
  });
}

export function writeChunkSection({ step, chunks }: LetterModel): Buffer {
  return Buffer.from(JSON.stringify({ step, chunks: Object.fromEntries(chunks) } satisfies ChunkSection));
}

/** Throws HIGGS_CHECKPOINT_BROKEN likewise. */
export function readClassModel(sections: Sections, file: string): ClassModel {
  return orBroken(file, 'word classes', () => ({
    tags: readJson(sections.classTags) as string[],
    words: HashTable.over(sections.classWords),
    features: HashTable.over(sections.classFeatures),
    weights: signed(sections.classWeights),
  }));
}

function orBroken<T>(file: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The ${what} in ${file} cannot be read.`, { cause });
  }
}

function readJson(section: Uint8Array): unknown {
  return JSON.parse(Buffer.from(section).toString());
}

function signed(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
