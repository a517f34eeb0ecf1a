import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { keyValueBytes, weightBytesOfStep } from '../../src/bench/floor.js';
import { writeGguf } from '../../src/bench/gguf.js';
import { readLanguageModelConfig } from '../../src/engine/checkpoint/language-model-config.js';
import { EMBEDDED_DIR } from '../../src/engine/package-files.js';

const config = readLanguageModelConfig(path.join(EMBEDDED_DIR, 'model'));

test('a GGUF file is as long as its tensors say', async () => {
  const shape = await config;
  const dir = await fs.mkdtemp(path.join(os.tmpdir(), 'higgs-gguf-'));
  const file = path.join(dir, 'model.gguf');
  writeGguf(file, shape);
  const bytes = await fs.readFile(file);
  await fs.rm(dir, { recursive: true });
  expect(bytes.subarray(0, 4).toString()).toBe('GGUF');
  expect(bytes.readUInt32LE(4)).toBe(3);
  const tensors = Number(bytes.readBigUInt64LE(8));
  expect(tensors).toBe(9 * shape.layers + 3);
  const { hiddenSize, heads, keyValueHeads, headDim, feedForwardSize, layers, numCodebooks, codebookSize } = shape;
  const layer = hiddenSize * (headDim * (2 * heads + 2 * keyValueHeads) + 3 * feedForwardSize);
  const weights = layers * layer + 2 * hiddenSize * numCodebooks * codebookSize;
  const header = bytes.length - (weights / 32) * 18 - 4 * hiddenSize * (2 * layers + 1);
  expect(header).toBeGreaterThan(0);
  expect(header).toBeLessThan(200_000);
});

test('a step reads fewer bytes of fewer bits, and more of more positions', async () => {
  const shape = await config;
  const [whole, eight, four] = ([32, 8, 4] as const).map((bits) => weightBytesOfStep(shape, bits));
  expect(whole! / eight!).toBeCloseTo(32 / 9, 5);
  expect(four).toBeLessThan(eight!);
  expect(keyValueBytes(shape, 8, 512)).toBe(4 * keyValueBytes(shape, 8, 128));
  expect(keyValueBytes(shape, 32, 128)).toBe(4 * keyValueBytes(shape, 8, 128));
});
