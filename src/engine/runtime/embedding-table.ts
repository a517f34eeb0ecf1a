/** Rows of an embedding table: held in memory where it is small, else read from its file as they are asked for. */
import { closeSync, openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { BYTES_PER_ELEMENT, toFloat32 } from '../checkpoint/floats.js';
import { HiggsError } from '../errors.js';
import type { EmbeddingFile } from '../export/language-model.js';

/**
 * The published model's tables (788 and 50 MB) are not held. A step needs eight rows, 6 KB each: read at once they take some
 * 30 microseconds, handed to the thread pool half a millisecond.
 */
const LARGEST_HELD_BYTES = 16 * 2 ** 20;

export class EmbeddingTable {
  private constructor(
    private readonly table: EmbeddingFile,
    /** The table's bytes, or its open file. */
    private readonly source: Uint8Array | number,
  ) {}

  /** Throws HIGGS_RUNTIME_FAILED where the file is not what its description says. */
  static async open(table: EmbeddingFile): Promise<EmbeddingTable> {
    const byteLength = table.rows * rowBytes(table);
    if (byteLength > LARGEST_HELD_BYTES) return new EmbeddingTable(table, openSync(table.file, 'r'));
    const bytes = await readFile(table.file);
    if (bytes.byteLength !== byteLength) throw cutOff(table);
    // A copy starts on a boundary that every type can be read from.
    return new EmbeddingTable(table, new Uint8Array(bytes));
  }

  get columns(): number {
    return this.table.columns;
  }

  /** Adds row `row` to `target` [columns]. Throws HIGGS_INTERNAL for a row that is not there. */
  addRow(row: number, target: Float32Array): void {
    const { rows, type } = this.table;
    if (!Number.isInteger(row) || row < 0 || row >= rows) {
      throw new HiggsError('HIGGS_INTERNAL', `Row ${row} of an embedding of ${rows} rows was asked for.`);
    }
    const values = toFloat32(type, this.readRow(row));
    for (let i = 0; i < values.length; i++) target[i]! += values[i]!;
  }

  close(): void {
    if (typeof this.source === 'number') closeSync(this.source);
  }

  private readRow(row: number): Uint8Array {
    const length = rowBytes(this.table);
    if (this.source instanceof Uint8Array) return this.source.subarray(row * length, (row + 1) * length);
    const bytes = new Uint8Array(length);
    if (readSync(this.source, bytes, 0, length, row * length) !== length) throw cutOff(this.table);
    return bytes;
  }
}

function rowBytes({ columns, type }: EmbeddingFile): number {
  return columns * BYTES_PER_ELEMENT[type];
}

function cutOff({ file }: EmbeddingFile): HiggsError {
  return new HiggsError('HIGGS_RUNTIME_FAILED', `The file ${file} was cut off; delete its folder to make it anew.`);
}
