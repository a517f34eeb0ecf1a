/**
 * A language model with weights at random, ready to be loaded, made in seconds: on the disk weights of
 * one size are the same ones, on the device each has its own memory.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  readLanguageModelConfig,
  requiredTensors,
  type TensorEntry,
  type TensorSource,
} from '../engine/checkpoint/index.js';
import { CONVERTED_FOLDER, writeMadeLanguageModel } from '../engine/export/index.js';
import { seededRng } from '../engine/frames/index.js';

/** A prime, so that rows of no matrix begin at the same place twice. */
const BLOCK_LENGTH = 1_048_573;
const DEVIATION = 0.02;

/** Fills `dir`, which is made, with a model of 4 bits by its config.json. */
export async function writeRandomModel(dir: string, configJson: Readonly<Record<string, unknown>>): Promise<void> {
  const converted = path.join(dir, CONVERTED_FOLDER);
  await mkdir(converted, { recursive: true });
  await writeFile(path.join(dir, 'config.json'), JSON.stringify(configJson));
  const config = await readLanguageModelConfig(dir);
  const tensors = new RandomTensors(requiredTensors(config));
  await writeMadeLanguageModel({ config, tensors, bits: 4, storedAs }, converted);
}

/** One for all weights of a size in all layers, for rounding them takes what time there is: seconds for each 50 million. */
function storedAs(name: string, byteLength: number): string {
  if (!name.startsWith('model.layers.')) return name;
  const kind = /\.(?:scales|weight)$/.exec(name)?.[0] ?? 'packed';
  return `${kind} ${byteLength}`;
}

class RandomTensors implements TensorSource {
  readonly entries: ReadonlyMap<string, TensorEntry>;
  private readonly block: Float32Array;

  constructor(shapes: ReadonlyMap<string, readonly number[]>) {
    this.entries = new Map([...shapes].map(([name, shape]) => [name, { name, shape, type: 'F32' }]));
    const rng = seededRng(1);
    // Even numbers of the deviation that weights have.
    this.block = Float32Array.from({ length: BLOCK_LENGTH }, () => DEVIATION * Math.sqrt(12) * (rng() - 0.5));
  }

  locate(name: string): string {
    return name;
  }

  async readFloat32(name: string, fromRow = 0, toRow = this.shapeOf(name)[0]!): Promise<Float32Array> {
    const [, columns = 1] = this.shapeOf(name);
    const values = new Float32Array((toRow - fromRow) * columns);
    // Gains, the only vectors, are 1 on the whole.
    if (this.shapeOf(name).length === 1) return values.fill(1);
    for (let at = 0, from = (fromRow * columns) % BLOCK_LENGTH; at < values.length; from = 0) {
      const part = this.block.subarray(from, from + values.length - at);
      values.set(part, at);
      at += part.length;
    }
    return await Promise.resolve(values);
  }

  async readBytes(name: string, fromRow?: number, toRow?: number): Promise<Uint8Array> {
    const values = await this.readFloat32(name, fromRow, toRow);
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }

  fingerprint(): Promise<string> {
    return Promise.resolve('random');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private shapeOf(name: string): readonly number[] {
    return this.entries.get(name)!.shape;
  }
}
