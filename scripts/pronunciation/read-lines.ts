/**
 * Prints what the embedded voice reads for each line of standard input, by the code that ships:
 *
 *     node dist/scripts/pronunciation/read-lines.js [--british] [--file FILE] < texts
 *
 * Numbers, dates and the like are put into words first, tags stay; a line that holds nothing to read stays empty.
 */
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { EMBEDDED_DIR } from '../../src/engine/package-files.js';
import { Pronunciation } from '../../src/engine/pronunciation/index.js';
import { readText } from '../../src/engine/text/index.js';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { british: { type: 'boolean' }, file: { type: 'string' } } });
  const pronunciation = await Pronunciation.open(values.file ?? path.join(EMBEDDED_DIR, 'model', 'pronunciation.bin'));
  const reader = pronunciation.reader(values.british === true ? 'british' : 'american');
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    process.stdout.write(`${reader.readTagged(readText(line, { language: 'en', knowsPhones: true }))}\n`);
  }
}

void main().catch((thrown: unknown) => {
  process.stderr.write(`${String(thrown)}\n`);
  process.exitCode = 1;
});
