/** The frame of scripts that check something real in a folder which a script of scripts/peers has set up. */
import fs from 'node:fs';
import path from 'node:path';
import { endAll } from '../demo/processes.js';
import { say } from '../demo/progress.js';
import type { Report } from './report.js';

/**
 * Runs `check` with the folder that the command line names and an empty one for logs, FOLDER/run; prints how many checks passed, ends
 * all that was started, then this process: with 1 where a check failed. `script`: who sets the folder up.
 */
export async function checkInFolder(
  script: string,
  check: (folder: string, log: string) => Promise<Report>,
): Promise<void> {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) {
    process.stderr.write(`usage: ${script} FOLDER\n`);
    process.exitCode = 2;
    return;
  }
  const log = path.join(folder, 'run');
  fs.rmSync(log, { recursive: true, force: true });
  fs.mkdirSync(log);
  try {
    const { passed, failed } = await check(folder, log);
    say();
    say(`${passed} passed, ${failed} failed`);
    if (failed > 0) process.exitCode = 1;
  } catch (thrown) {
    say(`FAILED  ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    process.exitCode = 1;
  } finally {
    await endAll();
  }
  process.exit();
}
