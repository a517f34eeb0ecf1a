/** Files that are there when they are whole, or not at all: sound for whoever asked for it, and whatever the engine keeps. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { absolutePath } from './absolute-path.js';
import { HiggsError, systemCode } from './errors.js';

/** What a file is called until it is whole. */
const HALF_WRITTEN = '.part';
/** A half-written file that is older than this was left by a process that is gone. */
const STALE_MS = 60 * 60 * 1000;

/** Fails before any work is done where `file` could not be written later: HIGGS_OUTPUT_UNWRITABLE. */
export async function checkWritable(file: string): Promise<void> {
  try {
    const folder = path.dirname(absolutePath(file));
    if (!(await fs.stat(folder)).isDirectory()) throw new Error(`"${folder}" is no folder`);
    await fs.access(folder, fs.constants.W_OK);
    const there = await fs.stat(file).catch(() => undefined);
    if (there?.isDirectory()) throw new Error('it is a folder');
  } catch (thrown) {
    throw unwritable(file, thrown);
  }
}

/**
 * {@link replaceFile}, but a link stays one, and what is no file (a device, a pipe) is written into. Throws HIGGS_DISK_FULL or
 * HIGGS_OUTPUT_UNWRITABLE.
 */
export async function writeWhole(file: string, bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
  try {
    const target = await fs.realpath(file).catch(() => absolutePath(file));
    const there = await fs.stat(target).catch(() => undefined);
    if (there === undefined || there.isFile() || there.isDirectory()) await replaceFile(target, bytes);
    else await fs.writeFile(target, bytes);
  } catch (thrown) {
    throw unwritable(file, thrown);
  }
}

/**
 * Writes beside `file`, brings it to the disk, and renames: nothing half-written is ever found under its name, not even after a
 * power cut, and nothing stays after a failure. Parts are written one behind the other. `mode` as the system takes it, for a new
 * file. Throws the system's errors.
 */
export async function replaceFile(
  file: string,
  bytes: Uint8Array | readonly Uint8Array[],
  mode = 0o666,
): Promise<void> {
  const beside = `${file}.${randomBytes(4).toString('hex')}${HALF_WRITTEN}`;
  try {
    await fs.writeFile(beside, bytes, { flag: 'wx', mode });
    await syncFile(beside);
    await fs.rename(beside, file);
  } catch (thrown) {
    await fs.rm(beside, { force: true }).catch(() => undefined);
    throw thrown;
  }
  await syncFolder(path.dirname(file));
}

/** Removes what processes left in `dir` that ended while they wrote. Throws the system's errors. */
export async function removeHalfWritten(dir: string): Promise<void> {
  for (const name of await fs.readdir(dir)) {
    if (!name.endsWith(HALF_WRITTEN)) continue;
    const file = path.join(dir, name);
    // Another process may have finished or removed it meanwhile.
    const found = await fs.stat(file).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS) await fs.rm(file, { force: true });
  }
}

/** Settles when the file's bytes are on the disk. */
export async function syncFile(file: string): Promise<void> {
  // Windows flushes for writers alone.
  const handle = await fs.open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Settles when all files under `dir` and their names are on the disk. */
export async function syncTree(dir: string): Promise<void> {
  for (const entry of await fs.readdir(dir, { withFileTypes: true })) {
    const place = path.join(dir, entry.name);
    if (entry.isDirectory()) await syncTree(place);
    else if (entry.isFile()) await syncFile(place);
  }
  await syncFolder(dir);
}

/** Settles when the folder's names are on the disk, where a system has a way to say so. */
export async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.open(dir, 'r');
  try {
    await handle.sync();
  } catch (thrown) {
    if (!['EINVAL', 'ENOTSUP', 'EBADF'].includes(systemCode(thrown) ?? '')) throw thrown;
  } finally {
    await handle.close();
  }
}

function unwritable(file: string, cause: unknown): HiggsError {
  if (cause instanceof HiggsError) return cause;
  if (systemCode(cause) === 'ENOSPC' || systemCode(cause) === 'EDQUOT') {
    return new HiggsError('HIGGS_DISK_FULL', `The disk is full: "${file}" could not be written.`, { cause });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new HiggsError('HIGGS_OUTPUT_UNWRITABLE', `The file "${file}" cannot be written: ${why}.`, { cause });
}
