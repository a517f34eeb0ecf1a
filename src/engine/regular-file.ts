/**
 * Files that others have put there, opened without trust: a pipe would hold its reader for ever, a device never ends, and a link
 * may lead to what nobody meant to show.
 */
import { constants } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { HiggsError, systemCode } from './errors.js';

/** A tokenizer of 128,000 words has 17 MB. */
const LARGEST_TEXT_BYTES = 100e6;

/** Not there on Windows, whatever the types say. */
const NONBLOCK = (constants as Readonly<Record<string, number | undefined>>).O_NONBLOCK ?? 0;

/** Why a file is not read, as the end of a sentence that begins with its name. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
}

export interface RegularFileOptions {
  /** The file, and what it links to, must lie in here, or in the hub's cache of the same repository. Left out: anywhere. */
  readonly within?: string;
}

/** Opens a file for reading; throws {@link FileRefused} for what is no regular file, and the system's errors. */
export async function openRegular(file: string, { within }: RegularFileOptions = {}): Promise<FileHandle> {
  if (within !== undefined) await checkPlace(file, within);
  // Opening a pipe would wait for somebody to write into it; NONBLOCK changes nothing for files. Windows has no such flag.
  const handle = await open(file, constants.O_RDONLY | NONBLOCK).catch((thrown: unknown) => {
    // A socket, or a device without a driver.
    if ((thrown as NodeJS.ErrnoException).code === 'ENXIO')
      throw new FileRefused('is a socket or a device, not a file');
    throw thrown;
  });
  try {
    const found = await handle.stat();
    if (found.isFile()) return handle;
    const kinds = [
      [found.isDirectory(), 'a folder'],
      [found.isFIFO(), 'a named pipe'],
      [found.isCharacterDevice() || found.isBlockDevice(), 'a device'],
    ] as const;
    throw new FileRefused(`is ${kinds.find(([is]) => is)?.[1] ?? 'something else'}, not a file`);
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

/** A whole file of up to `limitBytes`; throws what {@link openRegular} throws. */
export async function readRegular(file: string, limitBytes: number, options: RegularFileOptions = {}): Promise<Buffer> {
  const handle = await openRegular(file, options);
  try {
    const { size } = await handle.stat();
    if (size > limitBytes) throw new FileRefused(`is larger than ${limitBytes / 1e6} MB`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/**
 * A text of a checkpoint, which lies in the file's folder; undefined where there is none. Throws HIGGS_CHECKPOINT_BROKEN that names
 * the file where it is no file, larger than any of its kind, a link out of its folder, or not to be read.
 */
export async function readCheckpointText(file: string): Promise<string | undefined> {
  try {
    return (await readRegular(file, LARGEST_TEXT_BYTES, { within: path.dirname(file) })).toString('utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    const why = error instanceof FileRefused ? error.message : 'cannot be read';
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The file ${file} ${why}.`, { cause: error });
  }
}

async function checkPlace(file: string, within: string): Promise<void> {
  const [place, folder] = await Promise.all([realpath(file), realpath(within)]);
  if ([folder, ...hubFolder(within), ...hubFolder(folder)].some((root) => place.startsWith(root + path.sep))) return;
  throw new FileRefused(`is a link to ${place}, outside of its folder`);
}

/** A download of the hub's: `snapshots/COMMIT/…` are links into `blobs`, both in the repository's folder. */
function hubFolder(dir: string): string[] {
  const parts = path.resolve(dir).split(path.sep);
  const at = parts.findLastIndex(
    (part, index) => part === 'snapshots' && /^[0-9a-f]{40}$/.test(parts[index + 1] ?? ''),
  );
  return at < 1 ? [] : [path.join(parts.slice(0, at).join(path.sep), 'blobs')];
}
