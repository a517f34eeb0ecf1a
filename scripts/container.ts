/**
 * The container image and the add-on for Home Assistant, as they run; scripts/peers/container.sh builds them and calls this in a
 * network of its own: `node dist/scripts/container.js FOLDER`. Prints a line for each check; ends with 1 where one failed. Logs are
 * in FOLDER/run.
 */
import fs from 'node:fs';
import path from 'node:path';
import { checkAddOn } from './container/add-on-checks.js';
import { checkImage } from './container/image-checks.js';
import { BROKER_PORT, LOGIN } from './container/speech-checks.js';
import { endAll } from './demo/processes.js';
import { say } from './demo/progress.js';
import { broker } from './home-assistant/broker.js';
import { Report } from './home-assistant/report.js';

async function main(folder: string): Promise<void> {
  const log = path.join(folder, 'run');
  fs.rmSync(log, { recursive: true, force: true });
  fs.mkdirSync(log);
  const report = new Report(() => undefined);
  try {
    await broker(log, BROKER_PORT, LOGIN).up();
    await checkImage(report, folder, log);
    await checkAddOn(report, folder, log);
    say();
    say(`${report.passed} passed, ${report.failed} failed`);
    if (report.failed > 0) process.exitCode = 1;
  } catch (thrown) {
    say(`FAILED  ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    process.exitCode = 1;
  } finally {
    await endAll();
  }
  process.exit();
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: scripts/peers/container.sh FOLDER\n');
  process.exitCode = 2;
} else {
  void main(folder);
}
