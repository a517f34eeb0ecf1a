import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolveModelFolders } from '../../../src/engine/checkpoint/index.js';
import { convertCheckpoint } from '../../../src/engine/export/index.js';
import type { ProgressEvent } from '../../../src/engine/progress.js';
import { openCodec, openLanguageModel } from '../../../src/engine/runtime/index.js';
import { loadKit } from '../../helpers/kit.js';

const kit = loadKit('small');
const run = { kind: 'text', ids: kit.ints('plain.input_ids').values } as const;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'higgs-convert-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('a converted folder is a model of its own: same scores, no checkpoint needed, nothing left for the cache', async () => {
  const outDir = path.join(dir, 'made', 'out');
  const cacheDir = path.join(dir, 'cache');
  const events: ProgressEvent[] = [];
  await convertCheckpoint({ model: kit.dir, outDir, bits: 4, onProgress: (event) => events.push(event) });
  expect(events[0]).toMatchObject({ phase: 'converting' });

  const { modelDir, codecDir } = await resolveModelFolders(outDir);
  expect(readdirSync(modelDir)).toEqual(expect.arrayContaining(['config.json', 'tokenizer.json', 'onnx']));
  expect(readdirSync(modelDir).filter((name) => name.endsWith('.safetensors'))).toEqual([]);
  const common = { device: 'cpu', threads: 1 } as const;
  const converted = await openLanguageModel({ ...common, modelDir, cacheDir });
  // Nothing but what was measured on it.
  for (const entry of readdirSync(cacheDir)) expect(entry).toMatch(/^cache-scales-/);
  const direct = await openLanguageModel({ ...common, modelDir: kit.modelDir, cacheDir, bits: 4 });
  expect(converted.bits).toBe(4);
  expect([...(await converted.open(64).feed(run))]).toEqual([...(await direct.open(64).feed(run))]);
  await converted.close();
  await direct.close();
  await (await openCodec({ ...common, codecDir, cacheDir })).close();

  await expect(openLanguageModel({ ...common, modelDir, cacheDir, bits: 32 })).rejects.toMatchObject({
    code: 'HIGGS_CHECKPOINT_MISSING',
    message: expect.stringMatching(/converted to 4 bits/) as unknown,
  });
});

test('a folder that holds something is left alone', async () => {
  writeFileSync(path.join(dir, 'mine.txt'), '');
  await expect(convertCheckpoint({ model: kit.dir, outDir: dir, bits: 4 })).rejects.toMatchObject({
    code: 'HIGGS_OUTPUT_UNWRITABLE',
    message: expect.stringContaining(dir) as unknown,
  });
  expect(readdirSync(dir)).toEqual(['mine.txt']);
});

test('a folder that cannot be made is HIGGS_OUTPUT_UNWRITABLE', async () => {
  writeFileSync(path.join(dir, 'file'), '');
  const outDir = path.join(dir, 'file', 'out');
  await expect(convertCheckpoint({ model: kit.dir, outDir, bits: 4 })).rejects.toMatchObject({
    code: 'HIGGS_OUTPUT_UNWRITABLE',
  });
});

test('a conversion that is stopped leaves nothing behind', async () => {
  const outDir = path.join(dir, 'out');
  mkdirSync(outDir);
  const converting = convertCheckpoint({ model: kit.dir, outDir, bits: 8, signal: AbortSignal.abort() });
  await expect(converting).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
  expect(readdirSync(dir)).toEqual(['out']);
});
