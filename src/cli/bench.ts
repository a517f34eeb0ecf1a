/** `higgs-tts bench`. */
import { writeFile } from 'node:fs/promises';
import { bench as measure, reportText } from '../bench/index.js';
import { numberOf, textOf, UsageError, type Values } from './command-line.js';
import { engineOptions } from './engine-session.js';

const ROUNDS = 5;

export async function bench(values: Values, texts: readonly string[]): Promise<void> {
  if (texts.length > 0) throw new UsageError('bench takes no texts.');
  const peersDir = process.env['HIGGS_PEERS_DIR'];
  if (values['peers'] === true && peersDir === undefined) {
    throw new UsageError('--peers needs HIGGS_PEERS_DIR, a folder that scripts/peers/install.sh has filled.');
  }
  const report = await measure({
    engine: engineOptions(values),
    rounds: Math.max(1, numberOf(values, 'rounds') ?? ROUNDS),
    peersDir: values['peers'] === true ? peersDir : undefined,
    speechOnly: values['speech-only'] === true,
    onProgress: (what) => process.stderr.write(`${what}\n`),
  });
  process.stdout.write(reportText(report));
  const file = textOf(values, 'json');
  if (file !== undefined) await writeFile(file, JSON.stringify(report, undefined, 2));
}
