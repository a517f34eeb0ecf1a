/**
 * One process writes a file, the others wait. A lock is a file that its holder touches every few seconds; one that is
 * not touched belongs to a process that ended. It is a help, not a guard: blobs are checked and renamed when they are
 * whole, so two writers would only lose time. (Node.js has no flock, so Python's huggingface_hub does not see it; the
 * downloads of its newer versions go to files of their own.)
 */
import { onDisk } from '../disk-errors.js';
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../errors.js';
import { nameBeside } from './disk.js';
import { pause, throwIfAborted } from './retry.js';

export interface LockPace {
  readonly touchMs: number;
  /** Untouched for so long, a lock is free. */
  readonly staleMs: number;
  readonly lookMs: number;
}

export const LOCK_PACE: LockPace = { touchMs: 5000, staleMs: 30_000, lookMs: 500 };

/** Runs `use` while no other process that asks for the lock `file` does. `onWait` is called once, where one has it. */
export async function withLock<T>(
  file: string,
  signal: AbortSignal,
  onWait: () => void,
  use: () => Promise<T>,
  pace: LockPace = LOCK_PACE,
): Promise<T> {
  const owner = randomUUID();
  await onDisk(path.dirname(file), () => mkdir(path.dirname(file), { recursive: true }));
  for (let waited = false; !(await take(file, owner)); waited = true) {
    if (!waited) onWait();
    throwIfAborted(signal);
    if (await isStale(file, pace)) await remove(file);
    else await pause(pace.lookMs, signal);
  }
  const touching = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), pace.touchMs);
  try {
    return await use();
  } finally {
    clearInterval(touching);
    if ((await readFile(file, 'utf8').catch(() => '')) === owner)
      await rm(file, { force: true }).catch(() => undefined);
  }
}

async function take(file: string, owner: string): Promise<boolean> {
  return await onDisk(file, async () => {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(owner).finally(() => handle.close());
      return true;
    } catch (error) {
      // Windows answers EPERM for a moment after a file was removed.
      if (systemCode(error) === 'EEXIST' || (process.platform === 'win32' && systemCode(error) === 'EPERM'))
        return false;
      throw error;
    }
  });
}

async function isStale(file: string, { staleMs }: LockPace): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > staleMs;
}

/** By a new name first: where two see the same stale lock, one of them removes it. */
async function remove(file: string): Promise<void> {
  const aside = nameBeside(file);
  await rename(file, aside).catch(() => undefined);
  await rm(aside, { force: true });
}
