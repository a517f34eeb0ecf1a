/** Reference kits as `refkit.py` writes them: two checkpoints, and what the reference gives for them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** One of a kit's saved tensors, in row-major order. */
export interface KitTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

export interface KitMessage {
  readonly role: 'system' | 'scene' | 'user' | 'assistant';
  readonly content: readonly ({ type: 'text'; text: string } | { type: 'audio'; wave: number })[];
}

export interface KitExpectations {
  readonly texts: readonly { text: string; ids: number[] }[];
  readonly conversations: Readonly<
    Record<
      string,
      { messages: KitMessage[]; waves: number[]; text: string; steps: number; ended: boolean; decoded_samples: number }
    >
  >;
  readonly codec: readonly { samples: number; frames: number; decoded_samples: number }[];
  readonly sampling: readonly { temperature: number; top_k: number | null; top_p: number | null }[];
  /** At the `pushed_step`-th call of the head (1 is the prompt's), the eos of codebook `pushed_book` got `by` more. */
  readonly closing: { pushed_step: number; pushed_book: number; by: number; conversation: string };
}

export interface Kit {
  /** The folder's own name. */
  readonly name: string;
  readonly dir: string;
  readonly modelDir: string;
  readonly codecDir: string;
  readonly expected: KitExpectations;
  readonly tensorNames: readonly string[];
  /** A float tensor's values and shape; throws where the kit has none of that name. */
  floats(name: string): { shape: readonly number[]; values: Float32Array };
  /** An integer tensor's, its 64-bit numbers as 32-bit ones. */
  ints(name: string): { shape: readonly number[]; values: Int32Array };
}

const PARTS = ['expected.json', 'expected.safetensors', 'model', 'codec'];

/** The kits that `dir` is or holds, in order of their names; none where it holds none. */
export function findKits(dir: string): string[] {
  if (isKit(dir)) return [dir];
  return readdirSync(dir)
    .sort()
    .map((name) => path.join(dir, name))
    .filter((child) => isFolder(child) && isKit(child));
}

export function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

export function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isKit(dir: string): boolean {
  return PARTS.every((part) => statSync(path.join(dir, part), { throwIfNoEntry: false }) !== undefined);
}

/** Reads a kit's expectations whole; throws where they are damaged. */
export function readKit(dir: string): Kit {
  const name = path.basename(path.resolve(dir));
  const expected = JSON.parse(readFileSync(path.join(dir, 'expected.json'), 'utf8')) as KitExpectations;
  const tensors = readTensors(path.join(dir, 'expected.safetensors'));
  const find = (tensorName: string): KitTensor => {
    const tensor = tensors.get(tensorName);
    if (tensor === undefined) throw new Error(`The kit "${name}" has no tensor "${tensorName}".`);
    return tensor;
  };
  return {
    name,
    dir,
    modelDir: path.join(dir, 'model'),
    codecDir: path.join(dir, 'codec'),
    expected,
    tensorNames: [...tensors.keys()],
    floats(tensorName) {
      const { shape, values } = find(tensorName);
      if (!(values instanceof Float32Array)) throw new Error(`The tensor "${tensorName}" holds no floats.`);
      return { shape, values };
    },
    ints(tensorName) {
      const { shape, values } = find(tensorName);
      if (!(values instanceof Int32Array)) throw new Error(`The tensor "${tensorName}" holds no integers.`);
      return { shape, values };
    },
  };
}

/** A small reader of its own, so that what results are held against does not pass through the code under test. */
function readTensors(file: string): Map<string, KitTensor> {
  const bytes = readFileSync(file);
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors = new Map<string, KitTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const [begin, end] = entry.data_offsets;
    const data = new Uint8Array(bytes.subarray(8 + headerBytes + begin, 8 + headerBytes + end)).buffer;
    tensors.set(name, { shape: entry.shape, values: valuesOf(entry.dtype, data) });
  }
  return tensors;
}

function valuesOf(type: string, data: ArrayBuffer): Float32Array | Int32Array {
  if (type === 'F32') return new Float32Array(data);
  if (type === 'I64') return Int32Array.from(new BigInt64Array(data), Number);
  throw new Error(`Kits hold no tensors of the type ${type}.`);
}
