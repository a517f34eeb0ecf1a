/**
 * The full-size model, made of random weights, converted and run: docs/full-size.md.
 *
 *     npm run full-size                     all of it, then the folder is removed
 *     npm run full-size -- make             makes the checkpoint in the converted layout and leaves it there
 *     npm run full-size -- run              measures with the one that is there
 *
 * `--update` writes the figures into docs/full-size.md.
 * In HIGGS_FULL_SIZE_DIR, or the system's folder for temporary files; 30 GB of room. Linux alone: it reads /proc.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { updatePage } from '../../scripts/page-part.js';
import { measureConversion, measureInterruptions, repeated, weightsHash } from './conversion.js';
import { Figures, gigabytes } from './figures.js';
import { checkpointFolder, makeCheckpoint } from './make.js';
import { measureEngine, measureGeneration, measureLoading } from './running.js';
import type { Layout } from './language-model.js';
import type { Folders } from './tasks.js';

const dir = process.env['HIGGS_FULL_SIZE_DIR'] ?? path.join(os.tmpdir(), 'higgs-full-size');

function foldersOf(layout: Layout): Folders {
  const checkpoint = checkpointFolder(dir, layout);
  return {
    modelDir: path.join(checkpoint, 'model'),
    codecDir: path.join(checkpoint, 'codec'),
    cacheDir: path.join(dir, `${layout}-cache`),
  };
}

function make(layout: Layout): void {
  const start = performance.now();
  const bytes = makeCheckpoint(dir, layout);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const sizes = `model ${gigabytes(bytes.model).toFixed(2)} GB, codec ${gigabytes(bytes.codec).toFixed(2)} GB`;
  console.log(`Made ${checkpointFolder(dir, layout)}: ${sizes}, ${seconds} s`);
}

const remove = (folder: string): void => fs.rmSync(folder, { recursive: true, force: true });

async function measure(figures: Figures): Promise<void> {
  const converted = foldersOf('converted');
  remove(converted.cacheDir);
  await measureInterruptions(converted, figures);
  const first = await measureConversion('converted layout', converted, figures);
  await measureLoading(converted, figures);
  await measureGeneration(converted, figures);
  await measureEngine(checkpointFolder(dir, 'converted'), converted.cacheDir, figures);

  const hash = await weightsHash(converted.cacheDir);
  remove(checkpointFolder(dir, 'converted'));
  remove(converted.cacheDir);
  const original = foldersOf('original');
  make('original');
  const second = await measureConversion('original layout', original, figures);
  figures.holds('both layouts give the same weights', (await weightsHash(original.cacheDir)) === hash);
  repeated([first, second], figures);
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { update: { type: 'boolean' } } });
  const [command] = positionals;
  const figures = new Figures();
  if (command !== 'run') make('converted');
  if (command === 'make') return;
  await measure(figures);
  remove(dir);
  const machine = `${os.cpus()[0]!.model}, ${os.cpus().length} cores, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB, Node.js ${process.version}`;
  const report = `${machine}\n\n${figures.table()}`;
  console.log(`\n${report}`);
  if (values.update === true) await updatePage('full-size.md', 'npm run full-size -- --update', report);
  if (figures.all.some(({ ok }) => !ok)) process.exitCode = 1;
}

void main();
