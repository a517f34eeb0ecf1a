/** What this process holds that a worker's death could leave behind. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Holdings {
  /** This process's children; undefined where the system does not tell. */
  readonly processes: number | undefined;
  /** Open files, pipes and sockets; undefined where the system does not tell. */
  readonly descriptors: number | undefined;
  /** What keeps the event loop alive or may call back: timers, pipes, processes. */
  readonly resources: number;
  /** Files in the folders that the worker writes to. */
  readonly files: readonly string[];
  /** After a garbage collection: objects and buffers. */
  readonly heapBytes: number;
  readonly residentBytes: number;
}

export function takeHoldings(folders: readonly string[]): Holdings {
  collectGarbage();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return {
    processes: childCount(),
    descriptors: entriesOf('/proc/self/fd')?.length,
    resources: process.getActiveResourcesInfo().length,
    files: folders.flatMap((folder) => filesIn(folder)).sort(),
    heapBytes: heapUsed + arrayBuffers,
    residentBytes: rss,
  };
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What finalizers let go is collected the second time.
  collect();
  collect();
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Where a process that runs says whose child it is: the second field behind its name, which stands in brackets. */
function childCount(): number | undefined {
  const ids = entriesOf('/proc')?.filter((name) => /^\d+$/.test(name));
  return ids?.filter((id) => {
    try {
      const [, parent] = readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
      return Number(parent) === process.pid;
    } catch {
      // It has ended meanwhile.
      return false;
    }
  }).length;
}

function entriesOf(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}
