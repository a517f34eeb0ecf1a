/** Takes on disk, the last used ones, up to a size. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { notice } from '../notices.js';
import { removeHalfWritten, replaceFile } from '../output-file.js';
import { decodeTake, encodeTake, type Take } from './entry.js';

const ENDING = '.take';

export interface SpeechCacheOptions {
  /** Made at the first take; several processes may share it. */
  readonly dir: string;
  /** What all takes together may weigh. */
  readonly limitBytes: number;
}

/**
 * Files are written whole under names that say what is in them, so it does not matter which process writes or removes one.
 * A folder that cannot be read or written costs time, nothing else: nothing here rejects.
 */
export class SpeechCache {
  constructor(private readonly options: SpeechCacheOptions) {}

  /** The take under `key` (a file name), which counts as used now; a damaged one is removed, and that is said. */
  async get(key: string): Promise<Take | undefined> {
    const file = this.fileOf(key);
    try {
      const take = decodeTake(await fs.readFile(file));
      if (take !== undefined) {
        await fs.utimes(file, new Date(), new Date());
        return take;
      }
      notice(`The kept sound ${file} is damaged. It is made anew.`);
      await fs.rm(file, { force: true });
      return undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps `take`, and removes what was not used for longest until all fit; one that alone is too large is not kept. */
  async put(key: string, take: Take): Promise<void> {
    const { dir, limitBytes } = this.options;
    const bytes = encodeTake(take);
    if (bytes.length > limitBytes) return;
    try {
      await fs.mkdir(dir, { recursive: true });
      await replaceFile(this.fileOf(key), bytes, 0o600);
      await this.shrink();
    } catch {
      // Made anew the next time.
    }
  }

  private async shrink(): Promise<void> {
    const { dir, limitBytes } = this.options;
    await removeHalfWritten(dir);
    const files: { file: string; bytes: number; usedMs: number }[] = [];
    for (const name of await fs.readdir(dir)) {
      const file = path.join(dir, name);
      // Another process may have removed it meanwhile.
      const found = await fs.stat(file).catch(() => undefined);
      if (found === undefined) continue;
      if (name.endsWith(ENDING)) files.push({ file, bytes: found.size, usedMs: found.mtimeMs });
    }
    files.sort((a, b) => a.usedMs - b.usedMs);
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { file, bytes } of files) {
      if (total <= limitBytes) return;
      await fs.rm(file, { force: true });
      total -= bytes;
    }
  }

  private fileOf(key: string): string {
    return path.join(this.options.dir, `${key}${ENDING}`);
  }
}
