/**
 * Kills the speech process at random moments and looks at what becomes of requests and of this process:
 *
 *     npm run soak [-- [--kills N] [--seed N] [--model DIR]]
 *
 * 100 kills take some twenty minutes. Prints tables; ends with 1 where something is not
 * as it should be.
 */
import { parseArgs } from 'node:util';
import { createEngine } from '../src/engine/index.js';
import { soakTables } from './soak/report.js';
import { soak } from './soak/soak.js';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      model: { type: 'string', default: 'embedded' },
    },
  });
  let done = 0;
  const report = await soak({
    createEngine,
    model: values.model,
    kills: Number(values.kills),
    seed: Number(values.seed),
    onRound: ({ moment, signal, ends, endSeconds }) =>
      process.stderr.write(
        `${(done += 1)}: ${signal} while ${moment}: ${ends.join(', ')} (${endSeconds.toFixed(1)} s)\n`,
      ),
  });
  process.stdout.write(`${soakTables(report)}\n`);
  if (report.problems.length > 0) process.exitCode = 1;
}

void main();
