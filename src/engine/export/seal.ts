/**
 * What tells that a folder's files are still what was written: `seal.json` with each file's length and checksum, written last.
 *
 * Reading gigabytes twice at each start would cost seconds, so a large file that was found whole is noted with its times and its
 * place on the disk (`seal.checked.json`); whatever writes to a file changes these, and then it is read and compared again.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { onDisk } from '../disk-errors.js';
import { replaceFile, syncFile, syncFolder } from '../output-file.js';
import { isObject } from '../values.js';

const SEAL = 'seal.json';
const CHECKED = 'seal.checked.json';
const VERSION = 1;
/** Smaller files are always read: that takes a millisecond. */
const LARGE_BYTES = 2 ** 20;

interface Seal {
  readonly version: number;
  readonly files: Readonly<Record<string, { readonly byteLength: number; readonly sha256: string }>>;
}

/** A large file as it was when it was last found whole, by its name. */
type Checked = Readonly<Record<string, string>>;

/**
 * Brings the files of `dir` (it has no folders) to the disk and seals them. Throws HIGGS_DISK_FULL, HIGGS_CACHE_UNWRITABLE.
 */
export async function sealFolder(dir: string): Promise<void> {
  await onDisk(dir, async () => {
    const files: Record<string, { byteLength: number; sha256: string }> = {};
    const checked: Record<string, string> = {};
    for (const name of (await readdir(dir)).sort()) {
      // Of a seal before this one.
      if (name === SEAL || name === CHECKED) continue;
      const file = path.join(dir, name);
      await syncFile(file);
      const { size } = await stat(file);
      files[name] = { byteLength: size, sha256: await checksumOf(file) };
      if (size >= LARGE_BYTES) checked[name] = await stateOf(file);
    }
    const seal: Seal = { version: VERSION, files };
    await replaceFile(path.join(dir, CHECKED), jsonOf(checked));
    await replaceFile(path.join(dir, SEAL), jsonOf(seal));
    await syncFolder(dir);
  });
}

/** What is wrong with the files of a sealed folder, as a sentence's end that begins with a file's name; undefined: nothing. */
export async function findDamage(dir: string): Promise<string | undefined> {
  const seal = await readJson(path.join(dir, SEAL));
  if (!isSeal(seal)) return `"${SEAL}" is missing or damaged`;
  const known = await readJson(path.join(dir, CHECKED));
  const checked: Record<string, string> = isObject(known) ? { ...(known as Checked) } : {};
  let hasNews = false;
  for (const [name, { byteLength, sha256 }] of Object.entries(seal.files)) {
    // The names are ours, unless the seal is damaged; none of them leads out of the folder.
    const file = path.join(dir, path.basename(name));
    const size = await sizeOf(file);
    if (size === undefined) return `"${name}" is missing`;
    if (size !== byteLength) return `"${name}" has ${size} bytes instead of ${byteLength}`;
    const state = size >= LARGE_BYTES ? await stateOf(file) : undefined;
    if (state !== undefined && checked[name] === state) continue;
    if ((await checksumOf(file).catch(() => undefined)) !== sha256) return `the content of "${name}" has changed`;
    if (state !== undefined) {
      checked[name] = state;
      hasNews = true;
    }
  }
  // A folder that cannot be written is read in full each time.
  if (hasNews) await replaceFile(path.join(dir, CHECKED), jsonOf(checked)).catch(() => undefined);
  return undefined;
}

/** Other for a sealed folder of other files. Throws the system's errors. */
export async function sealKey(dir: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path.join(dir, SEAL)))
    .digest('hex');
}

async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: LARGE_BYTES }), hash);
  return hash.digest('hex');
}

/** Changes with everything that is written to the file, or put in its place. */
async function stateOf(file: string): Promise<string> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(file, { bigint: true });
  return [size, mtimeNs, ctimeNs, ino].join(' ');
}

async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true ? found.size : undefined;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function jsonOf(value: Seal | Checked): Uint8Array {
  return Buffer.from(JSON.stringify(value, undefined, 1));
}

function isSeal(value: unknown): value is Seal {
  if (!isObject(value) || value.version !== VERSION || !isObject(value.files)) return false;
  const files = Object.values(value.files);
  return files.length > 0 && files.every((file) => isObject(file) && typeof file.sha256 === 'string');
}
