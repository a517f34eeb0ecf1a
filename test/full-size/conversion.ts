/** Converts the checkpoint: stopped, killed, and to its end. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { gigabytes, minimumAndMedian, type Figures } from './figures.js';
import { LANGUAGE_MODEL } from './sizes.js';
import type { Conversion, Folders } from './tasks.js';
import { run, start } from './workers.js';

const MOST_SECONDS = 360;
const MOST_GIGABYTES = 2;
/** Of the checkpoint, beside each byte once: its headers, configs, and samples that tell it from others. */
const READ_BESIDE = 0.01;
/** Where a conversion is stopped or killed. */
const INTERRUPT_AT = 0.2;

export function entries(cacheDir: string): string[] {
  return fs.existsSync(cacheDir) ? fs.readdirSync(cacheDir).filter((name) => name.startsWith('language-model')) : [];
}

export async function measureInterruptions(folders: Folders, figures: Figures): Promise<void> {
  const stopped = start({ kind: 'convert', ...folders }, (share) => {
    if (share > INTERRUPT_AT && stopped.child.connected) stopped.child.send('abort');
  });
  const report = await stopped.done;
  const code = report?.kind === 'convert' ? report.result.failed : undefined;
  figures.holds('a conversion that is stopped ends with HIGGS_ABORTED', code === 'HIGGS_ABORTED');
  figures.holds('and leaves nothing behind', entries(folders.cacheDir).length === 0);

  const killed = start({ kind: 'convert', ...folders }, (share) => {
    if (share > INTERRUPT_AT) killed.child.kill('SIGKILL');
  });
  await killed.done;
  figures.note(
    'a conversion that is killed leaves',
    entries(folders.cacheDir)
      .join(', ')
      .replace(/-[0-9a-f]{24}/, '-…'),
  );
}

/** `read`: bytes of the tensors that the graph needs. */
export async function measureConversion(name: string, folders: Folders, figures: Figures): Promise<Conversion> {
  const shares: number[] = [];
  const result = await run({ kind: 'convert', ...folders }, (share) => shares.push(share));
  const needed = neededBytes(path.join(folders.modelDir));
  figures.below(`${name}: time`, result.languageModelSeconds, MOST_SECONDS, 's');
  figures.below(`${name}: most memory`, gigabytes(result.languageModelPeak), MOST_GIGABYTES, 'GB');
  figures.note(
    `${name}: codec, time and most memory`,
    `${result.codecSeconds.toFixed(1)} s, ${gigabytes(result.peak).toFixed(2)} GB`,
  );
  figures.note(`${name}: weights that the graph needs`, `${gigabytes(needed).toFixed(2)} GB`);
  figures.below(`${name}: bytes read`, gigabytes(result.bytesRead), gigabytes(needed * (1 + READ_BESIDE)), 'GB');
  const rising = shares.every((share, i) => i === 0 || share >= shares[i - 1]!);
  figures.holds(`${name}: progress rises to its end (${shares.length} events)`, rising && shares.at(-1)! > 0.99);
  figures.holds(
    `${name}: one whole entry, nothing of the killed one`,
    entries(folders.cacheDir).every((entry) => !entry.includes('.tmp-')),
  );
  return result;
}

/** All tensors but the text head, which nothing uses. */
function neededBytes(modelDir: string): number {
  const index = JSON.parse(fs.readFileSync(path.join(modelDir, 'model.safetensors.index.json'), 'utf8')) as {
    metadata: { total_size: number };
  };
  return index.metadata.total_size - 2 * LANGUAGE_MODEL.vocabularySize * LANGUAGE_MODEL.hiddenSize;
}

/** A hash of an entry's quantised weights: all of the data file but the rotary tables, whose length differs. */
export async function weightsHash(cacheDir: string): Promise<string> {
  const dir = path.join(cacheDir, entries(cacheDir)[0]!);
  const manifest = JSON.parse(fs.readFileSync(path.join(dir, 'language-model.json'), 'utf8')) as {
    maxPositions: number;
  };
  const hash = createHash('sha256');
  const from = manifest.maxPositions * LANGUAGE_MODEL.headDim * 4;
  for await (const block of fs.createReadStream(path.join(dir, 'language-model.onnx.data'), {
    start: from,
    highWaterMark: 2 ** 23,
  })) {
    hash.update(block as Buffer);
  }
  return hash.digest('hex');
}

export function repeated(results: readonly Conversion[], figures: Figures): void {
  figures.note(
    'conversions, minimum / median',
    minimumAndMedian(
      results.map((result) => result.languageModelSeconds),
      's',
    ),
  );
}
