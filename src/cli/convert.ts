/** `higgs-tts convert`. */
import { convertCheckpoint, WEIGHT_BITS } from '../engine/index.js';
import { checkChoice } from '../engine/package-api.js';
import { numberOf, textOf, UsageError, type Values } from './command-line.js';
import { withCtrlC } from './engine-session.js';
import { ProgressLine } from './terminal.js';

export async function convert(values: Values, texts: readonly string[]): Promise<void> {
  const [model, ...more] = texts;
  const outDir = textOf(values, 'out');
  if (model === undefined || more.length > 0) throw new UsageError('convert takes one checkpoint folder.');
  if (outDir === undefined) throw new UsageError('convert needs --out DIR.');
  const bits = checkChoice('bits', numberOf(values, 'bits'), WEIGHT_BITS);
  const codec = textOf(values, 'codec');
  const progress = new ProgressLine();
  try {
    await withCtrlC((signal) =>
      convertCheckpoint({ model, codec, outDir, bits, signal, onProgress: (event) => progress.show(event) }),
    );
  } finally {
    progress.clear();
  }
  const facts = { model, out: outDir, bits };
  process.stdout.write(
    values.json === true
      ? `${JSON.stringify(facts)}\n`
      : `${outDir}: the model of ${model} with ${bits}-bit weights; use it with --model ${outDir}\n`,
  );
}
