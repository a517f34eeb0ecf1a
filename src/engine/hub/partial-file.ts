/** A file while it is downloaded: what is there already counts, and its checksum grows with it. */
import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { HubFile } from './file-list.js';
import { throwIfAborted } from './retry.js';

const READ_BYTES = 2 ** 20;

/**
 * The checksum that the hub calls a file by: sha256 of its bytes where it is a large file, else git's name of a blob,
 * which is the sha1 of "blob LENGTH", a zero byte and the bytes.
 */
export function hashOf(file: HubFile): Hash {
  if (file.etag.length === 64) return createHash('sha256');
  return createHash('sha1').update(`blob ${file.byteLength}\0`);
}

export class PartialFile {
  private constructor(
    private readonly handle: FileHandle,
    private readonly file: HubFile,
    private hash: Hash,
    private length: number,
  ) {}

  /** Opens `name`, made where it is missing, and reads what is there; more than the file can have is dropped. */
  static async open(name: string, file: HubFile, signal: AbortSignal): Promise<PartialFile> {
    await mkdir(path.dirname(name), { recursive: true });
    const handle = await open(name, constants.O_RDWR | constants.O_CREAT);
    const partial = new PartialFile(handle, file, hashOf(file), 0);
    try {
      if ((await handle.stat()).size > file.byteLength) await handle.truncate(0);
      await partial.readWhatIsThere(signal);
    } catch (error) {
      await handle.close();
      throw error;
    }
    return partial;
  }

  /** Bytes that are there, from the file's first on. */
  get byteLength(): number {
    return this.length;
  }

  /** Bytes that are missing. */
  get missing(): number {
    return this.file.byteLength - this.length;
  }

  async append(part: Uint8Array): Promise<void> {
    for (let done = 0; done < part.length;) {
      const { bytesWritten } = await this.handle.write(part, done, part.length - done, this.length + done);
      done += bytesWritten;
    }
    this.add(part);
  }

  /** Drops everything. */
  async restart(): Promise<void> {
    await this.handle.truncate(0);
    this.hash = hashOf(this.file);
    this.length = 0;
  }

  /** Whether the bytes are the ones that the hub has; they must all be there. */
  isRight(): boolean {
    return this.missing === 0 && this.hash.copy().digest('hex') === this.file.etag;
  }

  /** On the disk for good, so that after a power cut its name names these bytes and no others. */
  async sync(): Promise<void> {
    await this.handle.sync();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async readWhatIsThere(signal: AbortSignal): Promise<void> {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (;;) {
      throwIfAborted(signal);
      const { bytesRead } = await this.handle.read(buffer, 0, READ_BYTES, this.length);
      if (bytesRead === 0) return;
      this.add(buffer.subarray(0, bytesRead));
    }
  }

  private add(part: Uint8Array): void {
    this.hash.update(part);
    this.length += part.length;
  }
}
