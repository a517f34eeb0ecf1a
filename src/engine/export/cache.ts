/**
 * Graphs made from checkpoints, kept in a folder: one entry a checkpoint and set of options, written once.
 *
 * An entry is made in a folder of its own name that ends in `.tmp-PID-…`, brought to the disk, sealed (seal.ts) and renamed, so an
 * entry that is there was whole, and two processes that make the same one do not disturb each other: the second finds the
 * first's and throws its own away. What a killed process left behind is removed by the next one that writes. An entry that has
 * been damaged since is thrown away and made anew.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../errors.js';
import { onDisk } from '../disk-errors.js';
import { notice } from '../notices.js';
import { syncFolder } from '../output-file.js';
import { findDamage, sealFolder } from './seal.js';

/** Goes up with every change to what is written, so that older entries are not taken for new ones. */
const EXPORTER_VERSION = 9;
const TEMPORARY = /\.tmp-(\d+)-[0-9a-f]+$/;
/** A process id may be taken again; after this long a temporary folder is nobody's whatever its id says. */
const STALE_AFTER_MS = 24 * 60 * 60 * 1000;

/** What an entry depends on; values in any order of keys. */
export type CacheKey = Readonly<Record<string, string | number>>;

/**
 * The folder of the entry for `kind` and `key`; `write` fills it where it is not there yet.
 * Throws HIGGS_CACHE_UNWRITABLE, HIGGS_DISK_FULL and what `write` throws; nothing half-written stays then.
 */
export async function cacheEntry(
  cacheDir: string,
  kind: string,
  key: CacheKey,
  write: (dir: string) => Promise<void>,
): Promise<string> {
  const entry = path.join(cacheDir, entryName(kind, key));
  if (await isWhole(entry)) return entry;
  await onDisk(cacheDir, () => mkdir(cacheDir, { recursive: true }));
  await removeStale(cacheDir);
  const temporary = temporaryName(entry);
  await onDisk(cacheDir, () => mkdir(temporary));
  try {
    await write(temporary);
    await sealFolder(temporary);
    await moveInto(temporary, entry);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return entry;
}

/** Whether the entry is there and as it was written; one that is not is thrown away, and that is said. */
async function isWhole(entry: string): Promise<boolean> {
  const found = await stat(entry).catch(() => undefined);
  if (found === undefined) return false;
  const damage = found.isDirectory() ? await findDamage(entry) : 'it is no folder';
  if (damage === undefined) return true;
  notice(`The cache entry ${entry} is damaged: ${damage}. It is made anew.`);
  const discarded = temporaryName(entry);
  await onDisk(entry, async () => {
    // Another process may have found the same, and may be about to use what it has made anew.
    await rename(entry, discarded).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw error;
    });
    await rm(discarded, { recursive: true, force: true });
  });
  return false;
}

function temporaryName(entry: string): string {
  return `${entry}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** A folder's name: readable, then a hash over everything. */
function entryName(kind: string, key: CacheKey): string {
  const parts = Object.entries({ ...key, exporter: EXPORTER_VERSION }).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return `${kind}-${hash.slice(0, 24)}`;
}

async function moveInto(temporary: string, entry: string): Promise<void> {
  try {
    await onDisk(path.dirname(entry), () => rename(temporary, entry));
    await onDisk(path.dirname(entry), () => syncFolder(path.dirname(entry)));
  } catch (error) {
    // Another process may have been first; its entry is as good.
    if (!(await isFolder(entry))) throw error;
  }
}

async function removeStale(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    const owner = TEMPORARY.exec(name)?.[1];
    if (owner === undefined) continue;
    const folder = path.join(cacheDir, name);
    const changed = await stat(folder).then(
      (found) => found.mtimeMs,
      () => Date.now(),
    );
    if (isRunning(Number(owner)) && Date.now() - changed < STALE_AFTER_MS) continue;
    await rm(folder, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

async function isFolder(dir: string): Promise<boolean> {
  return await stat(dir).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
