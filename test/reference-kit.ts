/** The small random-weight models of test/fixtures/reference and what the reference implementation gives for them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const KIT_NAMES = ['small', 'wide-heads', 'twelve-books'] as const;
export type KitName = (typeof KIT_NAMES)[number];

/** A tensor of expected.safetensors; integers are exact below 2^53. */
export interface ExpectedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export interface ReferenceKit {
  readonly name: KitName;
  readonly modelDir: string;
  readonly codecDir: string;
  /** The names in expected.safetensors. */
  readonly names: readonly string[];
  /** F32 as Float32Array, I64, I32 and BOOL as Int32Array. Throws where there is no such tensor. */
  tensor(name: string): ExpectedTensor;
  floats(name: string): Float32Array;
  integers(name: string): Int32Array;
  /** expected.json */
  readonly json: unknown;
}

export function openKit(name: KitName): ReferenceKit {
  const folder = path.join(__dirname, 'fixtures', 'reference', name);
  const file = readFileSync(path.join(folder, 'expected.safetensors'));
  const headerBytes = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, 8 + headerBytes)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  delete header.__metadata__;

  const tensor = (key: string): ExpectedTensor => {
    const entry = header[key];
    if (!entry) throw new Error(`${name} has no ${key}`);
    const [begin, end] = entry.data_offsets;
    // A copy, so that the bytes are aligned.
    const bytes = new Uint8Array(file.subarray(8 + headerBytes + begin, 8 + headerBytes + end));
    return { shape: entry.shape, data: asArray(entry.dtype, bytes.buffer) };
  };
  const ofType = <T extends Float32Array | Int32Array>(key: string, type: new () => T): T => {
    const { data } = tensor(key);
    if (!(data instanceof type)) throw new Error(`${key} of ${name} is no ${type.name}`);
    return data;
  };
  return {
    name,
    modelDir: path.join(folder, 'model'),
    codecDir: path.join(folder, 'codec'),
    names: Object.keys(header),
    tensor,
    floats: (key) => ofType(key, Float32Array),
    integers: (key) => ofType(key, Int32Array),
    json: JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as unknown,
  };
}

function asArray(type: string, bytes: ArrayBuffer): Float32Array | Int32Array {
  switch (type) {
    case 'F32':
      return new Float32Array(bytes);
    case 'I32':
      return new Int32Array(bytes);
    case 'I64':
      return Int32Array.from(new BigInt64Array(bytes), Number);
    case 'BOOL':
      return Int32Array.from(new Uint8Array(bytes));
    default:
      throw new Error(`No reader for ${type}`);
  }
}

/** The largest absolute difference of two arrays of one length; NaN where either holds one. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} values, ${expected.length} expected`);
  let largest = 0;
  for (let index = 0; index < actual.length; index++) {
    const difference = Math.abs(actual[index]! - expected[index]!);
    if (!(difference <= largest)) largest = difference;
    if (Number.isNaN(difference)) return NaN;
  }
  return largest;
}
