/**
 * Heads whose size is no multiple of 16, which the attention operator refuses, with zeros inside each half: first half, zeros,
 * second half, zeros. The halves turn against each other as before, and zeros add nothing to any product, so in float32 the
 * results are the same.
 */
import type { LanguageModelConfig, TensorEntry, TensorSource } from '../checkpoint/types.js';

/** What onnxruntime's GroupQueryAttention takes (1.30). */
const MULTIPLE = 16;

/** The size that heads have in the graph, and so in keys and values. */
export function storedHeadDim({ headDim }: Pick<LanguageModelConfig, 'headDim'>): number {
  return Math.ceil(headDim / MULTIPLE) * MULTIPLE;
}

/** For each channel of a stored head the one of the true head, or -1 where zeros stand. */
function channelsOf(headDim: number, stored: number): Int32Array {
  return Int32Array.from({ length: stored }, (_, channel) => {
    const half = channel < stored / 2 ? 0 : 1;
    const within = channel - (half * stored) / 2;
    return within < headDim / 2 ? (half * headDim) / 2 + within : -1;
  });
}

/** frequencies [headDim / 2] for heads of the stored size; what turns zeros does not matter. */
export function padFrequencies(frequencies: Float32Array, config: LanguageModelConfig): Float32Array {
  const padded = new Float32Array(storedHeadDim(config) / 2);
  padded.set(frequencies);
  return padded;
}

/** `tensors` with the stored head size in the attention's weights; themselves where that is the true one. */
export function padHeads(tensors: TensorSource, config: LanguageModelConfig): TensorSource {
  return storedHeadDim(config) === config.headDim ? tensors : new PaddedHeads(tensors, config);
}

const ROWS = /\.self_attn\.[qkv]_proj\.weight$/;
const COLUMNS = /\.self_attn\.o_proj\.weight$/;

class PaddedHeads implements TensorSource {
  readonly entries: ReadonlyMap<string, TensorEntry>;
  private readonly stored: number;
  private readonly channels: Int32Array;

  constructor(
    private readonly tensors: TensorSource,
    private readonly config: LanguageModelConfig,
  ) {
    this.stored = storedHeadDim(config);
    this.channels = channelsOf(config.headDim, this.stored);
    this.entries = new Map([...tensors.entries].map(([name, entry]) => [name, this.padEntry(entry)]));
  }

  locate(name: string): string {
    return this.tensors.locate(name);
  }

  async readFloat32(name: string, fromRow = 0, toRow = this.entries.get(name)?.shape[0] ?? 1): Promise<Float32Array> {
    if (ROWS.test(name)) return this.readRows(name, fromRow, toRow);
    const values = await this.tensors.readFloat32(name, fromRow, toRow);
    return COLUMNS.test(name) ? this.padColumns(values) : values;
  }

  /** Of tables and norms alone, which have no heads. */
  readBytes(name: string, fromRow?: number, toRow?: number): Promise<Uint8Array> {
    return this.tensors.readBytes(name, fromRow, toRow);
  }

  fingerprint(): Promise<string> {
    return this.tensors.fingerprint();
  }

  close(): Promise<void> {
    return this.tensors.close();
  }

  private padEntry(entry: TensorEntry): TensorEntry {
    const [rows = 0, columns = 0] = entry.shape;
    const grown = (size: number): number => (size / this.config.headDim) * this.stored;
    if (ROWS.test(entry.name)) return { ...entry, shape: [grown(rows), columns] };
    return COLUMNS.test(entry.name) ? { ...entry, shape: [rows, grown(columns)] } : entry;
  }

  private async readRows(name: string, fromRow: number, toRow: number): Promise<Float32Array> {
    const { config, stored, channels } = this;
    const columns = this.entries.get(name)!.shape[1]!;
    const [firstHead, endHead] = [Math.floor(fromRow / stored), Math.ceil(toRow / stored)];
    const values = await this.tensors.readFloat32(name, firstHead * config.headDim, endHead * config.headDim);
    const rows = new Float32Array((toRow - fromRow) * columns);
    for (let row = fromRow; row < toRow; row++) {
      const channel = channels[row % stored]!;
      if (channel < 0) continue;
      const from = ((Math.floor(row / stored) - firstHead) * config.headDim + channel) * columns;
      rows.set(values.subarray(from, from + columns), (row - fromRow) * columns);
    }
    return rows;
  }

  private padColumns(values: Float32Array): Float32Array {
    const { config, stored, channels } = this;
    const heads = values.length / config.headDim;
    const padded = new Float32Array(heads * stored);
    for (let head = 0; head < heads; head++) {
      for (const [at, channel] of channels.entries()) {
        if (channel >= 0) padded[head * stored + at] = values[head * config.headDim + channel]!;
      }
    }
    return padded;
  }
}
