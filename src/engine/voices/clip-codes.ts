/** Codes of reference clips, so that a voice is encoded once and not at every sentence. */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { codeFrames, type CodeFrames } from '../codes.js';
import { notice } from '../notices.js';
import { removeHalfWritten, writeWhole } from '../output-file.js';

/** Goes up with every change of the files' form. */
const FORM = 2;

export interface ClipCodesOptions {
  /** Codes lie in its `clip-codes` folder. */
  readonly cacheDir: string;
  /** What tells this codec and its precision from others: the same clip has other codes with another. */
  readonly codecKey: string;
  /** Clips whose codes stay in memory, the last used ones. Default 32. */
  readonly keptInMemory?: number;
}

/**
 * Codes by the clip's bytes and the codec, in memory and on disk. Several processes may share the folder: files are written
 * whole under a name that says what is in them, so it does not matter who writes one.
 */
export class ClipCodes {
  private readonly folder: string;
  private readonly codecKey: string;
  private readonly keptInMemory: number;
  /** In order of use, the oldest first; encodings under way are among them, so a clip is never encoded twice at a time. */
  private readonly kept = new Map<string, Promise<CodeFrames>>();

  constructor({ cacheDir, codecKey, keptInMemory = 32 }: ClipCodesOptions) {
    this.folder = path.join(cacheDir, 'clip-codes');
    this.codecKey = codecKey;
    this.keptInMemory = keptInMemory;
  }

  /**
   * The codes of `clip` (a file's bytes), by `encode` where nobody has them yet. Rejects with what `encode` rejects with, and
   * keeps nothing then. A cache that cannot be read or written costs time, nothing else.
   */
  async codesOf(clip: Uint8Array, encode: () => Promise<CodeFrames>): Promise<CodeFrames> {
    const key = createHash('sha256').update(`${FORM} ${this.codecKey}`).update('\0').update(clip).digest('hex');
    const codes = this.kept.get(key) ?? this.load(key, encode);
    this.kept.delete(key);
    this.kept.set(key, codes);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.keptInMemory) break;
      this.kept.delete(oldest);
    }
    try {
      return await codes;
    } catch (thrown) {
      if (this.kept.get(key) === codes) this.kept.delete(key);
      throw thrown;
    }
  }

  private async load(key: string, encode: () => Promise<CodeFrames>): Promise<CodeFrames> {
    const file = path.join(this.folder, `${key}.json`);
    const found = await readCodes(file);
    if (found !== undefined) return found;
    const codes = await encode();
    const { numCodebooks } = codes;
    try {
      await fs.mkdir(this.folder, { recursive: true });
      await removeHalfWritten(this.folder);
      const content = { numCodebooks, codes: Array.from(codes.codes), sha256: checksumOf(codes) };
      await writeWhole(file, Buffer.from(JSON.stringify(content)));
    } catch {
      // Spoken all the same; the next process encodes the clip again.
    }
    return codes;
  }
}

/** Undefined where there is no such file. One that is damaged is removed, and that is said. */
async function readCodes(file: string): Promise<CodeFrames | undefined> {
  const text = await fs.readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const codes = parseCodes(text);
  if (codes !== undefined) return codes;
  notice(`The kept codes of a clip, ${file}, are damaged. The clip is encoded again.`);
  await fs.rm(file, { force: true }).catch(() => undefined);
  return undefined;
}

function parseCodes(text: string): CodeFrames | undefined {
  try {
    const { numCodebooks, codes, sha256 } = JSON.parse(text) as Partial<Record<string, unknown>>;
    if (!Array.isArray(codes) || !codes.every((code) => Number.isInteger(code) && code >= 0)) return undefined;
    if (typeof numCodebooks !== 'number' || codes.length === 0 || codes.length % numCodebooks !== 0) return undefined;
    const found = codeFrames(numCodebooks, Int32Array.from(codes as number[]));
    return sha256 === checksumOf(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function checksumOf({ numCodebooks, codes }: CodeFrames): string {
  return createHash('sha256').update(`${numCodebooks}: ${codes.join()}`).digest('hex');
}
