/** Files of sound for whoever asked for them: there when they are whole, or not at all. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { HiggsError, systemCode } from './errors.js';

/** Fails before any work is done where `file` could not be written later: HIGGS_OUTPUT_UNWRITABLE. */
export async function checkWritable(file: string): Promise<void> {
  try {
    const folder = path.dirname(path.resolve(file));
    if (!(await fs.stat(folder)).isDirectory()) throw new Error(`"${folder}" is no folder`);
    await fs.access(folder, fs.constants.W_OK);
    const there = await fs.stat(file).catch(() => undefined);
    if (there?.isDirectory()) throw new Error('it is a folder');
  } catch (thrown) {
    throw unwritable(file, thrown);
  }
}

/**
 * Writes beside `file` and renames: nothing half-written is ever found under its name, and nothing stays after a failure.
 * A link stays one, and what is no file (a device, a pipe) is written into. Parts are written one behind the other. Throws
 * HIGGS_DISK_FULL or HIGGS_OUTPUT_UNWRITABLE.
 */
export async function writeWhole(file: string, bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
  const target = await fs.realpath(file).catch(() => path.resolve(file));
  const beside = `${target}.${randomBytes(4).toString('hex')}.part`;
  try {
    const there = await fs.stat(target).catch(() => undefined);
    if (there !== undefined && !there.isFile() && !there.isDirectory()) {
      await fs.writeFile(target, bytes);
      return;
    }
    await fs.writeFile(beside, bytes, { flag: 'wx' });
    await fs.rename(beside, target);
  } catch (thrown) {
    await fs.rm(beside, { force: true }).catch(() => undefined);
    throw unwritable(file, thrown);
  }
}

function unwritable(file: string, cause: unknown): HiggsError {
  if (systemCode(cause) === 'ENOSPC' || systemCode(cause) === 'EDQUOT') {
    return new HiggsError('HIGGS_DISK_FULL', `The disk is full: "${file}" could not be written.`, { cause });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new HiggsError('HIGGS_OUTPUT_UNWRITABLE', `The file "${file}" cannot be written: ${why}.`, { cause });
}
