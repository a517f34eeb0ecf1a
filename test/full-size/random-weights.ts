/** Random weights by the gigabyte: one block of normal numbers, each tensor begins at another place of it. */
import fs from 'node:fs';
import path from 'node:path';

/** A prime, so that rows of no matrix meet the block's beginning at the same place twice. */
const BLOCK_LENGTH = 4_194_301;

/** How a tensor's numbers are spread. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

export interface RandomTensor {
  readonly name: string;
  /** Where in the block it begins follows from this; left out: from its name. */
  readonly seed?: string;
  readonly shape: readonly number[];
  readonly spread: Spread;
  /** Rows of the first dimension that are zero: `at`, `at + every`, ... */
  readonly zeroRows?: { readonly at: number; readonly every: number };
}

export type RandomType = 'F32' | 'BF16';
const BYTES: Readonly<Record<RandomType, number>> = { F32: 4, BF16: 2 };

/** Of variance 1, the same ones each time. */
function normalBlock(): Float32Array {
  const block = new Float32Array(BLOCK_LENGTH);
  let state = 0x9e37_79b9;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 2 ** 32;
  };
  for (let i = 0; i < block.length; i += 2) {
    // Box and Muller's two at a time.
    const [radius, angle] = [Math.sqrt(-2 * Math.log(uniform())), 2 * Math.PI * uniform()];
    block[i] = radius * Math.cos(angle);
    if (i + 1 < block.length) block[i + 1] = radius * Math.sin(angle);
  }
  return block;
}

/** Writes random safetensors files; the same tensors in the same order give the same bytes. */
export class RandomWeights {
  private readonly normal = normalBlock();
  private readonly blocks = new Map<string, Uint8Array>();

  constructor(private readonly type: RandomType) {}

  /** `model.safetensors`, or shards with an index where it would be larger than `shardBytes`. Gives all tensors' bytes. */
  write(dir: string, tensors: readonly RandomTensor[], shardBytes = Infinity): number {
    const shards: RandomTensor[][] = [[]];
    let filled = 0;
    for (const tensor of tensors) {
      const bytes = this.byteLength(tensor);
      if (filled > 0 && filled + bytes > shardBytes) {
        shards.push([]);
        filled = 0;
      }
      shards.at(-1)!.push(tensor);
      filled += bytes;
    }
    const number = (index: number): string => String(index).padStart(5, '0');
    const nameOf = (index: number): string =>
      shards.length === 1 ? 'model.safetensors' : `model-${number(index + 1)}-of-${number(shards.length)}.safetensors`;
    shards.forEach((shard, index) => this.writeFile(path.join(dir, nameOf(index)), shard));
    const total = tensors.reduce((sum, tensor) => sum + this.byteLength(tensor), 0);
    if (shards.length > 1) {
      const places = shards.flatMap((shard, index) => shard.map(({ name }) => [name, nameOf(index)] as const));
      const index = { metadata: { total_size: total }, weight_map: Object.fromEntries(places) };
      fs.writeFileSync(path.join(dir, 'model.safetensors.index.json'), JSON.stringify(index, undefined, 2));
    }
    return total;
  }

  private writeFile(file: string, tensors: readonly RandomTensor[]): void {
    const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
    let end = 0;
    for (const tensor of tensors) {
      const begin = end;
      end += this.byteLength(tensor);
      header[tensor.name] = { dtype: this.type, shape: tensor.shape, data_offsets: [begin, end] };
    }
    const json = JSON.stringify(header);
    const padded = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(BigInt(padded.byteLength));
    const target = fs.openSync(file, 'w');
    fs.writeSync(target, prefix);
    fs.writeSync(target, padded);
    const dataStart = prefix.byteLength + padded.byteLength;
    let at = dataStart;
    for (const tensor of tensors) {
      this.writeTensor(target, tensor, at);
      at += this.byteLength(tensor);
    }
    fs.closeSync(target);
  }

  private writeTensor(target: number, tensor: RandomTensor, at: number): void {
    const block = this.blockOf(tensor.spread);
    const size = BYTES[this.type];
    const byteLength = this.byteLength(tensor);
    let from = (hash(tensor.seed ?? tensor.name) % BLOCK_LENGTH) * size;
    for (let done = 0; done < byteLength;) {
      const piece = block.subarray(from, Math.min(block.byteLength, from + byteLength - done));
      done += fs.writeSync(target, piece, 0, piece.byteLength, at + done);
      from = (from + piece.byteLength) % block.byteLength;
    }
    if (tensor.zeroRows === undefined) return;
    const rowBytes = byteLength / tensor.shape[0]!;
    for (let row = tensor.zeroRows.at; row < tensor.shape[0]!; row += tensor.zeroRows.every) {
      fs.writeSync(target, Buffer.alloc(rowBytes), 0, rowBytes, at + row * rowBytes);
    }
  }

  private byteLength({ shape }: RandomTensor): number {
    return shape.reduce((product, size) => product * size, BYTES[this.type]);
  }

  /** The block brought to a spread and a type; few of them are in use. */
  private blockOf({ mean, deviation }: Spread): Uint8Array {
    const key = `${mean} ${deviation}`;
    let block = this.blocks.get(key);
    if (block === undefined) {
      const numbers = this.normal.map((value) => mean + deviation * value);
      block = new Uint8Array(this.type === 'F32' ? numbers.buffer : toBfloat16(numbers).buffer);
      this.blocks.set(key, block);
    }
    return block;
  }
}

/** The upper halves: towards zero, which is as random. */
function toBfloat16(numbers: Float32Array): Uint16Array {
  const words = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  return Uint16Array.from({ length: words.length }, (_, i) => words[i]! >>> 16);
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x0100_0193) >>> 0;
  return value;
}
