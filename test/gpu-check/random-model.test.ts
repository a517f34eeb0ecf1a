/** The model that is measured where none is given, in small. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readLanguageModelConfig } from '../../src/engine/checkpoint/index.js';
import { codeFrames } from '../../src/engine/codes.js';
import { openLanguageModel } from '../../src/engine/runtime/index.js';
import { publishedConfig } from '../../src/gpu-check/published.js';
import { writeRandomModel } from '../../src/gpu-check/random-model.js';
import { temporaryFolder } from '../helpers/folders.js';

const small = {
  hidden_size: 128,
  intermediate_size: 256,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 32,
};

test('the published shapes are read as a model of so many layers', async () => {
  const dir = temporaryFolder();
  fs.writeFileSync(path.join(dir, 'config.json'), JSON.stringify(publishedConfig(28)));
  const config = await readLanguageModelConfig(dir);
  expect(config).toMatchObject({ layers: 28, hiddenSize: 3072, heads: 24, keyValueHeads: 8, feedForwardSize: 8192 });
});

test('a model at random loads and gives scores; more layers take no more of the disk', async () => {
  const bytesOf = async (layers: number): Promise<number> => {
    const dir = path.join(temporaryFolder(), 'model');
    await writeRandomModel(dir, { ...publishedConfig(layers), ...small });
    const model = await openLanguageModel({
      ...{ modelDir: dir, cacheDir: temporaryFolder(), device: 'cpu', cacheBits: 32, threads: 1 },
    });
    expect([model.bits, model.config.layers]).toEqual([4, layers]);
    const context = model.open(20);
    await context.feed({ kind: 'text', ids: Int32Array.from({ length: 9 }, (_, at) => at) });
    const { numCodebooks } = model.shape;
    const scores = await context.feed({
      kind: 'audio',
      frames: codeFrames(numCodebooks, new Int32Array(numCodebooks)),
    });
    expect(scores).toHaveLength(numCodebooks * model.shape.codebookSize);
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(new Set(scores).size).toBeGreaterThan(100);
    await model.close();
    return fs.statSync(path.join(dir, 'onnx', 'language-model.onnx.data')).size;
  };
  expect(await bytesOf(12)).toBe(await bytesOf(4));
});
