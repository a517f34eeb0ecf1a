/** Which file a sound goes into, and that no two sounds go into one by accident. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { HiggsError } from '../../src/engine/index.js';
import { checkWritable, writeWhole } from '../../src/engine/package-api.js';
import type { OVERWRITE_RULES } from './catalogue.js';
import { numbered } from './file-pattern.js';

export type OverwriteRule = (typeof OVERWRITE_RULES)[number];

/** A place for a sound. */
export interface OutputFile {
  readonly file: string;
  /** It is there and stays as it is: there is nothing to speak. */
  readonly isKept: boolean;
  /** Writes the whole of it, or nothing. Throws HIGGS_DISK_FULL or HIGGS_OUTPUT_UNWRITABLE. */
  write(bytes: Uint8Array): Promise<void>;
  /** Gives the name back; to be called once, whether or not it was written. */
  release(): void;
}

/** Names that this process will write: a file that is not there yet is taken all the same. */
const claimed = new Map<string, number>();

/**
 * Takes `file` by `rule`: `replace` writes over it, `number` takes the next free `name-2`, `keep` leaves one that is
 * there, `error` refuses it. Folders below `existingFolder` are made. Throws HIGGS_OUTPUT_UNWRITABLE, before any work.
 */
export async function claimFile(file: string, rule: OverwriteRule, existingFolder: string): Promise<OutputFile> {
  const folder = path.dirname(file);
  if (path.relative(existingFolder, folder) !== '') {
    await checkWritable(path.join(existingFolder, 'probe'));
    await fs.mkdir(folder, { recursive: true }).catch((cause: unknown) => {
      throw new HiggsError('HIGGS_OUTPUT_UNWRITABLE', `The folder "${folder}" cannot be made.`, { cause });
    });
  }
  await checkWritable(file);
  const name = rule === 'number' ? await freeName(file) : claim(file);
  try {
    const isThere = rule !== 'replace' && rule !== 'number' && (await exists(name));
    const isTaken = rule === 'error' && (isThere || claimed.get(name)! > 1);
    if (isTaken) throw new HiggsError('HIGGS_OUTPUT_UNWRITABLE', `The file "${name}" is there already.`);
    return { file: name, isKept: isThere, write: (bytes) => write(name, rule, bytes), release: () => release(name) };
  } catch (thrown) {
    release(name);
    throw thrown;
  }
}

async function freeName(file: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? file : numbered(file, number);
    // Claimed before the disk is asked, so that nobody else asks for the same name meanwhile.
    if (claimed.has(name)) continue;
    claim(name);
    if (!(await exists(name))) return name;
    release(name);
  }
}

async function write(file: string, rule: OverwriteRule, bytes: Uint8Array): Promise<void> {
  // Another message may have been quicker; what it wrote is what was asked for.
  if (rule === 'keep' && (await exists(file))) return;
  await writeWhole(file, bytes);
}

function claim(file: string): string {
  claimed.set(file, (claimed.get(file) ?? 0) + 1);
  return file;
}

function release(file: string): void {
  const others = (claimed.get(file) ?? 1) - 1;
  if (others > 0) claimed.set(file, others);
  else claimed.delete(file);
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
