/**
 * Compares quantised exports of the language model with float32 on sequences whose codes are given:
 *
 *     npm run quality [-- [--model DIR] [--json FILE] [--update]]
 *
 * DIR holds `model/`, `codec/` and `voices/` as models/embedded does, which is taken where it is left out; `--update` writes
 * the table into docs/quality.md. A minute or two for the embedded voice.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { resolveModelFolders } from '../src/engine/checkpoint/index.js';
import { exportLanguageModel } from '../src/engine/export/index.js';
import { EMBEDDED_DIR } from '../src/engine/package-files.js';
import { openTokenizer } from '../src/engine/prompt/index.js';
import { openCodec, openLanguageModel, type LoadedLanguageModel } from '../src/engine/runtime/index.js';
import { weightBytes } from '../src/engine/runtime/session.js';
import { writeVariant } from './model-variant.js';
import { variantsFor, type Variant } from './quality/formats.js';
import { compareScores, scoresOn, stepMilliseconds } from './quality/measure.js';
import { updatePage } from './page-part.js';
import { qualityTable, type QualityRow } from './quality/report.js';
import { makeSequences } from './quality/sequences.js';

const THREADS = 1;

async function measureAll(root: string, folder: string): Promise<QualityRow[]> {
  const { modelDir, codecDir } = await resolveModelFolders(root);
  const whole = await openIn(modelDir, folder, { name: 'float32', bits: 32 });
  const codec = await openCodec({ codecDir, cacheDir: folder, device: 'cpu', threads: THREADS });
  const tokenizer = await openTokenizer(modelDir);
  const sequences = await makeSequences(path.join(root, 'voices'), whole.model, codec, tokenizer);
  await codec.close();
  const reference = await scoresOn(sequences, whole.model);

  const measure = async ({ model, megabytes }: Opened, { name }: Variant): Promise<QualityRow> => {
    const scores = await scoresOn(sequences, model);
    const measured = compareScores(sequences, scores, reference, model.shape);
    const row = { name, megabytes, stepMilliseconds: await stepMilliseconds(sequences.at(-1)!, model), ...measured };
    process.stderr.write(`${name}: ${row.meanCosine.toFixed(5)}\n`);
    return row;
  };
  const rows = [await measure(whole, { name: 'float32', bits: 32 })];
  await whole.model.close();
  for (const variant of variantsFor(whole.model.config.layers)) {
    const own = await mkdtemp(path.join(folder, 'variant-'));
    const opened = await openIn(modelDir, own, variant);
    rows.push(await measure(opened, variant));
    await opened.model.close();
    await rm(own, { recursive: true });
  }
  return rows;
}

interface Opened {
  readonly model: LoadedLanguageModel;
  readonly megabytes: number;
}

async function openIn(modelDir: string, folder: string, { bits, formatOf, cacheBits }: Variant): Promise<Opened> {
  let dir = modelDir;
  if (formatOf !== undefined) await writeVariant(modelDir, (dir = path.join(folder, 'model')), bits, { formatOf });
  const options = { modelDir: dir, cacheDir: folder, bits };
  // Formats of weights are compared with nothing else rounded.
  const cache = cacheBits ?? (formatOf === undefined ? undefined : 32);
  const model = await openLanguageModel({ ...options, device: 'cpu', threads: THREADS, cacheBits: cache });
  const { graphFile } = await exportLanguageModel(options);
  return { model, megabytes: (await weightBytes(graphFile)) / 1e6 };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { model: { type: 'string' }, json: { type: 'string' }, update: { type: 'boolean' } },
  });
  const from = process.env.INIT_CWD ?? process.cwd();
  const folder = await mkdtemp(path.join(tmpdir(), 'higgs-quality-'));
  try {
    const rows = await measureAll(values.model === undefined ? EMBEDDED_DIR : path.resolve(from, values.model), folder);
    const table = qualityTable(rows);
    process.stdout.write(`${table}\n`);
    if (values.json !== undefined) await writeFile(path.resolve(from, values.json), JSON.stringify(rows, undefined, 1));
    if (values.update === true) await updatePage('quality.md', 'npm run quality -- --update', table);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
