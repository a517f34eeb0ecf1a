/**
 * Keys and values of prompts' beginnings, in memory and on disk: what tells a voice (system text, clip and transcript) is the
 * same for each text that it speaks, so it goes through the model once.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { notice } from '../notices.js';
import { removeHalfWritten, writeWhole } from '../output-file.js';
import type { PromptRun } from '../prompt/types.js';
import { CACHE_BYTES, cacheValues, type CacheType, type CacheValues } from './key-values.js';

/** A file holds a checksum of its rows, then the rows. Against damage, not against people: SHA-1 is the quickest here. */
const HEADER_BYTES = 20;
/** Goes up with every change of the files' form. */
const FORM = 2;
const ENDING = '.kv';

export interface PrefixStoreOptions {
  /** Files lie in its `prefixes` folder. */
  readonly cacheDir: string;
  /** What tells this model, its precision and its exporter from others. */
  readonly modelKey: string;
  /** What rows are kept as. Default float32. */
  readonly type?: CacheType;
  /** Four voices of ten seconds of the published model, all that a small one ever has; others are read from the disk. */
  readonly memoryBytes?: number;
  readonly diskBytes?: number;
}

/** Rows are [2 * layers, heads, positions, head size]: keys and values of layer 0, of layer 1, ... */
export class PrefixStore {
  private readonly folder: string;
  private readonly modelKey: string;
  private readonly type: CacheType;
  private readonly memoryBytes: number;
  private readonly diskBytes: number;
  /** In order of use, the oldest first; those that are being made are among them, so none is made twice at a time. */
  private readonly kept = new Map<string, { rows: Promise<CacheValues>; byteLength: number }>();
  private writing: Promise<void> = Promise.resolve();

  constructor({ cacheDir, modelKey, type = 'float32', memoryBytes = 80e6, diskBytes = 1e9 }: PrefixStoreOptions) {
    this.folder = path.join(cacheDir, 'prefixes');
    this.modelKey = modelKey;
    this.type = type;
    this.memoryBytes = memoryBytes;
    this.diskBytes = diskBytes;
  }

  /**
   * The rows of `runs`, `length` values, by `make` where nobody has them. Rejects with what its own `make` rejects with, and
   * keeps nothing then. A cache that cannot be read or written costs time, nothing else.
   */
  async rowsOf(runs: readonly PromptRun[], length: number, make: () => Promise<CacheValues>): Promise<CacheValues> {
    const key = this.keyOf(runs);
    for (;;) {
      const found = this.kept.get(key);
      const entry = found ?? { rows: this.load(key, length, make), byteLength: CACHE_BYTES[this.type] * length };
      this.kept.delete(key);
      this.kept.set(key, entry);
      this.forgetOldest();
      try {
        return await entry.rows;
      } catch (thrown) {
        if (this.kept.get(key) === entry) this.kept.delete(key);
        // Someone else's was stopped, or failed; that is theirs alone.
        if (found === undefined) throw thrown;
      }
    }
  }

  /** Settles when what was to be written is. */
  async close(): Promise<void> {
    this.kept.clear();
    await this.writing;
  }

  private forgetOldest(): void {
    let bytes = 0;
    for (const { byteLength } of this.kept.values()) bytes += byteLength;
    for (const [key, { byteLength }] of this.kept) {
      if (bytes <= this.memoryBytes) return;
      this.kept.delete(key);
      bytes -= byteLength;
    }
  }

  private async load(key: string, length: number, make: () => Promise<CacheValues>): Promise<CacheValues> {
    const file = path.join(this.folder, `${key}${ENDING}`);
    const found = await readRows(file, cacheValues(this.type, length));
    if (found !== undefined) return found;
    const rows = await make();
    // Nobody waits for the disk; spoken all the same where it cannot be written.
    this.writing = this.writing.then(() => this.write(file, rows)).catch(() => undefined);
    return rows;
  }

  private async write(file: string, rows: CacheValues): Promise<void> {
    const bytes = bytesOf(rows);
    if (bytes.byteLength > this.diskBytes) return;
    await mkdir(this.folder, { recursive: true });
    await removeHalfWritten(this.folder);
    await this.makeRoom(bytes.byteLength);
    await writeWhole(file, [checksumOf(bytes), bytes]);
  }

  /** Removes the files that were not used for longest. */
  private async makeRoom(byteLength: number): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith(ENDING));
    const files = await Promise.all(
      names.map(async (name) => {
        const file = path.join(this.folder, name);
        const { size, mtimeMs } = await stat(file);
        return { file, size, mtimeMs };
      }),
    );
    let bytes = files.reduce((sum, { size }) => sum + size, byteLength);
    for (const { file, size } of files.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (bytes <= this.diskBytes) return;
      await rm(file, { force: true });
      bytes -= size;
    }
  }

  private keyOf(runs: readonly PromptRun[]): string {
    const hash = createHash('sha256').update(`${FORM} ${this.modelKey}`);
    for (const run of runs) {
      const numbers = run.kind === 'text' ? run.ids : run.frames.codes;
      hash.update(`\0${run.kind} ${numbers.length}\0`).update(bytesOf(numbers));
    }
    return hash.digest('hex');
  }
}

/** A file's rows, in `rows`; undefined where there is no such file. One that is damaged is removed, and that is said. */
async function readRows(file: string, rows: CacheValues): Promise<CacheValues | undefined> {
  try {
    const bytes = await readFile(file);
    const payload = bytes.subarray(HEADER_BYTES);
    if (payload.byteLength === rows.byteLength && checksumOf(payload).equals(bytes.subarray(0, HEADER_BYTES))) {
      bytesOf(rows).set(payload);
      const now = new Date();
      await utimes(file, now, now).catch(() => undefined);
      return rows;
    }
    notice(`The kept prefix ${file} is damaged. It is made anew.`);
    await rm(file, { force: true });
  } catch {
    // Not there, or not to be read: made again.
  }
  return undefined;
}

function checksumOf(bytes: Uint8Array): Buffer {
  return createHash('sha1').update(bytes).digest();
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
