/** Folders that may be full, or not ours to write. */
import { mkdir, stat, statfs } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { HiggsError, systemCode } from '../errors.js';
import { replaceFile } from '../output-file.js';

/** Left free beyond the files themselves: file systems need room for their own tables. */
const SPARE_BYTES = 64 * 2 ** 20;

/** Throws HIGGS_DISK_FULL where `byteLength` more bytes would not fit into `dir`, which need not be there yet. */
export async function checkSpace(dir: string, byteLength: number): Promise<void> {
  const free = await freeBytes(dir);
  if (free === undefined || byteLength === 0 || free >= byteLength + SPARE_BYTES) return;
  throw new HiggsError(
    'HIGGS_DISK_FULL',
    `${gigabytes(byteLength)} are to be downloaded to ${dir}, and ${gigabytes(free)} are free.`,
  );
}

/** Undefined where the file system does not tell. */
async function freeBytes(dir: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(dir);
    return bavail * bsize;
  } catch (error) {
    const parent = path.dirname(dir);
    return systemCode(error) === 'ENOENT' && parent !== dir ? await freeBytes(parent) : undefined;
  }
}

function gigabytes(byteLength: number): string {
  return `${(byteLength / 1e9).toFixed(2)} GB`;
}

/** The length of the file that `file` is or leads to; undefined where there is none. */
export async function lengthOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true ? found.size : undefined;
}

/** Writes a small file in one step, with the folders above it: readers find the old text or the new one. */
export async function writeText(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await replaceFile(file, Buffer.from(text));
}

/** A name that nobody else has, in the same folder. */
export function nameBeside(file: string): string {
  return `${file}.${randomBytes(4).toString('hex')}.tmp`;
}
