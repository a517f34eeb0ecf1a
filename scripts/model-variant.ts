/** A language model exported otherwise than the engine does by itself, to be compared with what it does. */
import { copyFile, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { openLanguageModelTensors, readLanguageModelConfig } from '../src/engine/checkpoint/index.js';
import { CONVERTED_FOLDER, writeLanguageModel } from '../src/engine/export/language-model.js';
import { buildLanguageModel, type LanguageModelGraphOptions } from '../src/engine/export/language-model-graph.js';
import { sealFolder } from '../src/engine/export/seal.js';
import { writeOnnxModel } from '../src/engine/export/onnx-writer.js';
import type { WeightBits } from '../src/engine/options.js';

/** What a config is read from. */
const CONFIG_FILES = ['config.json', 'generation_config.json', 'tokenizer.json'];
/** Enough for comparisons; the tables of angles are as long. */
const MAX_POSITIONS = 2048;

/**
 * Makes `dir` (which must not exist) a converted model of `modelDir` whose graph is built with `options`; it is opened as
 * one of `bits`.
 */
export async function writeVariant(
  modelDir: string,
  dir: string,
  bits: WeightBits,
  options: Omit<LanguageModelGraphOptions, 'maxPositions'>,
): Promise<void> {
  const converted = path.join(dir, CONVERTED_FOLDER);
  await mkdir(converted, { recursive: true });
  for (const file of CONFIG_FILES) {
    const from = path.join(modelDir, file);
    if (await isThere(from)) await copyFile(from, path.join(dir, file));
  }
  await writeLanguageModel({ modelDir, bits }, converted);
  const config = await readLanguageModelConfig(modelDir);
  const tensors = await openLanguageModelTensors(modelDir, config);
  await writeOnnxModel({ dir: converted, name: 'language-model' }, (graph) =>
    buildLanguageModel(graph, config, tensors, {
      ...options,
      maxPositions: Math.min(config.maxPositions, MAX_POSITIONS),
    }),
  );
  await tensors.close();
  await sealFolder(converted);
}

async function isThere(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  );
}
