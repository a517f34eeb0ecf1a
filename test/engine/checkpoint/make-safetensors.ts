/** Writes safetensors files for tests, so that each test can break one thing. */
import { writeFileSync } from 'node:fs';

export interface MadeTensor {
  readonly type: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export function float32Tensor(shape: readonly number[], values: readonly number[] | Float32Array): MadeTensor {
  return { type: 'F32', shape, bytes: new Uint8Array(Float32Array.from(values).buffer) };
}

export function safetensorsBytes(
  tensors: Readonly<Record<string, MadeTensor>>,
  change: (header: Record<string, { dtype: string; shape: readonly number[]; data_offsets: number[] }>) => void = () =>
    undefined,
): Buffer {
  const header: Record<string, { dtype: string; shape: readonly number[]; data_offsets: number[] }> = {};
  let end = 0;
  for (const [name, { type, shape, bytes }] of Object.entries(tensors)) {
    header[name] = { dtype: type, shape, data_offsets: [end, end + bytes.byteLength] };
    end += bytes.byteLength;
  }
  change(header);
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.byteLength));
  return Buffer.concat([length, json, ...Object.values(tensors).map(({ bytes }) => bytes)]);
}

export function writeSafetensors(file: string, tensors: Readonly<Record<string, MadeTensor>>): void {
  writeFileSync(file, safetensorsBytes(tensors));
}
