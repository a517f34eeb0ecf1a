/** Engines for tests: the build's API with the real child process, small models, nothing left behind. */
import { acquireEngine, type EngineLease, type EngineOptions, type SpeechEngine } from '@higgs-tts/node-red/engine';
import fs from 'node:fs';
import { afterAll } from 'vitest';
import { temporaryFolder } from './helpers/folders.js';

export * from './helpers/folders.js';
export * from './helpers/waiting.js';

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
