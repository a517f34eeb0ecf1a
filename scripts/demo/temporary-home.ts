/** A whole run in a temporary folder, which is gone afterwards with every child process, however the run ends. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { endAll } from './processes.js';
import { say } from './progress.js';

/** `work` gives how many failed; this process ends with 0 where none did. */
export async function runInTemporaryHome(prefix: string, work: (home: string) => Promise<number>): Promise<never> {
  const home = await fs.mkdtemp(path.join(os.tmpdir(), prefix));
  const cleanUp = async () => {
    await endAll();
    await fs.rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(status)));
  }
  let failed = 1;
  try {
    failed = await work(home);
  } catch (thrown) {
    say(thrown instanceof Error ? thrown.message : String(thrown));
    say('0 passed, 1 failed');
  } finally {
    await cleanUp();
  }
  process.exit(failed === 0 ? 0 : 1);
}
