/** Engines for tests: the real child, small models, folders of their own, nothing left behind. */
import { acquireEngine, type EngineLease, type EngineOptions, type SpeechEngine } from '@higgs-tts/node-red/engine';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

export const ROOT = path.join(__dirname, '..');
/** Random weights: it says nothing, at any length, fast. */
export const SMALL_MODEL = path.join(__dirname, 'fixtures', 'reference', 'small');
export const EMBEDDED_VOICES = path.join(ROOT, 'models', 'embedded', 'voices');

const folders: string[] = [];
// Registered while the file is imported, so it runs last, and also for folders that a test makes while it runs.
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A folder that is there until the test file ends. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'higgs-test-'));
  folders.push(folder);
  return folder;
}

/**
 * Opens engines that are released when the test file ends; all share one cache and one data folder, and speak anew each time.
 */
export function engineOpener(base: EngineOptions = {}): (options?: EngineOptions) => SpeechEngine {
  const leases: EngineLease[] = [];
  const [cacheDir, dataDir] = [temporaryFolder(), temporaryFolder()];
  afterAll(() => Promise.all(leases.map((lease) => lease.release())));
  return (options = {}) => {
    const lease = acquireEngine({ cacheDir, dataDir, threads: 1, speechCacheMegabytes: 0, ...base, ...options });
    leases.push(lease);
    return lease.engine;
  };
}

/** Whether a process of this id runs (one that ended but was not yet reaped counts as gone). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = fs.existsSync('/proc') ? fs.readFileSync(`/proc/${pid}/status`, 'utf8') : '';
  return !/^State:\s+Z/m.test(status);
}

/** Waits until `holds`; fails after `limitMs`. */
export async function until(holds: () => boolean, limitMs = 20_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`Not within ${limitMs} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Settles with the first progress event of `phase` that the call tells. */
export function firstEvent(phase: string): {
  readonly seen: Promise<void>;
  readonly onProgress: (event: { phase: string }) => void;
} {
  let tell: () => void = () => undefined;
  const seen = new Promise<void>((resolve) => (tell = resolve));
  return { seen, onProgress: (event) => (event.phase === phase ? tell() : undefined) };
}

/** How each call ends: 'done', or an error's code. */
export function endsOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const codeOf = (error: unknown) => (error as { code: string }).code;
  return Promise.all(calls.map((call) => call.then(() => 'done', codeOf)));
}
