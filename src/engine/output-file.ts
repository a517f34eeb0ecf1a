/** Files of sound for whoever asked for them: there when they are whole, or not at all. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { HiggsError, systemCode } from './errors.js';

/** Fails before any work is done where `file` could not be written later: HIGGS_OUTPUT_UNWRITABLE. */
export async function checkWritable(file: string): Promise<void> {
  try {
    await fs.access(path.dirname(path.resolve(file)), fs.constants.W_OK);
    const there = await fs.stat(file).catch(() => undefined);
    if (there?.isDirectory()) throw new Error('it is a folder');
  } catch (thrown) {
    throw unwritable(file, thrown);
  }
}

/**
 * Writes beside `file` and renames: nothing half-written is ever found under its name, and nothing stays after a failure.
 * Throws HIGGS_DISK_FULL or HIGGS_OUTPUT_UNWRITABLE.
 */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path.resolve(file)}.${randomBytes(4).toString('hex')}.part`;
  try {
    await fs.writeFile(beside, bytes, { flag: 'wx' });
    await fs.rename(beside, file);
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
