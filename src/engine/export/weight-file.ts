/** The data file beside a model file, written block by block. */
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { HiggsError } from '../errors.js';
import { onDisk } from '../disk-errors.js';
import type { Blocks, Placement } from './graph-builder.js';

/** Smaller tensors lie in the model file itself: shapes must be known there when a graph is loaded. */
const INLINE_BYTES = 1024;
/** Pages of a file can be mapped where a tensor starts on one. */
const ALIGNMENT = 4096;

export interface WriteProgress {
  readonly signal?: AbortSignal | undefined;
  /** Told after each block how many bytes it had. */
  readonly onBytes?: ((byteLength: number) => void) | undefined;
}

/** Throws HIGGS_DISK_FULL, HIGGS_CACHE_UNWRITABLE, HIGGS_ABORTED. */
export class WeightFile {
  private end = 0;

  private constructor(
    private readonly dir: string,
    private readonly handle: FileHandle,
    private readonly progress: WriteProgress,
  ) {}

  static async create(file: string, progress: WriteProgress = {}): Promise<WeightFile> {
    const dir = path.dirname(file);
    return new WeightFile(dir, await onDisk(dir, () => open(file, 'w')), progress);
  }

  /** Takes `blocks`, which must have `byteLength` bytes together. */
  async store(name: string, byteLength: number, blocks: Blocks): Promise<Placement> {
    const inline = byteLength <= INLINE_BYTES;
    const offset = Math.ceil(this.end / ALIGNMENT) * ALIGNMENT;
    const kept: Uint8Array[] = [];
    let taken = 0;
    for await (const block of blocks) {
      if (this.progress.signal?.aborted === true) throw new HiggsError('HIGGS_ABORTED', 'The export was stopped.');
      if (inline) kept.push(block);
      else await onDisk(this.dir, () => writeAt(this.handle, block, offset + taken));
      taken += block.byteLength;
      this.progress.onBytes?.(block.byteLength);
    }
    if (taken !== byteLength) {
      throw new HiggsError('HIGGS_INTERNAL', `The weight "${name}" has ${taken} bytes instead of ${byteLength}.`);
    }
    if (inline) return { inline: Buffer.concat(kept) };
    this.end = offset + taken;
    return { offset, byteLength };
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

async function writeAt(handle: FileHandle, block: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < block.byteLength;) {
    const { bytesWritten } = await handle.write(block, done, block.byteLength - done, position + done);
    done += bytesWritten;
  }
}
