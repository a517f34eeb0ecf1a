import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readLanguageModelConfig } from '../../../src/engine/checkpoint/language-model-config.js';
import type { LanguageModelConfig } from '../../../src/engine/checkpoint/types.js';
import { cacheScales, scalesOf } from '../../../src/engine/runtime/cache-scales.js';
import { openLanguageModel } from '../../../src/engine/runtime/index.js';
import { loadKit } from '../../helpers/kit.js';

const kit = loadKit('small');
let cacheDir = '';
let config: LanguageModelConfig;
beforeAll(async () => {
  cacheDir = mkdtempSync(path.join(os.tmpdir(), 'higgs-scales-'));
  config = await readLanguageModelConfig(kit.modelDir);
});
afterAll(() => rmSync(cacheDir, { recursive: true }));

test('what was met fits into 8 bits, keys in whatever position they are met again', () => {
  const sizes = { ...config, layers: 1, keyValueHeads: 2, headDim: 4 };
  const row = fc.float({ min: -100, max: 100, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 48, maxLength: 48 }),
      fc.double({ min: 0, max: 6.3, noNaN: true }),
      (values, angle) => {
        // [keys and values, 2 heads, 3 positions, 4 channels]
        const rows = Float32Array.from(values);
        const scales = scalesOf(rows, sizes);
        expect(scales).toHaveLength(16);
        for (const [at, value] of rows.entries()) {
          const head = Math.floor(at / 12);
          const scaleOf = (channel: number): number => scales[4 * head + channel]!;
          expect(Math.abs(value / scaleOf(at % 4))).toBeLessThan(127);
          if (head >= 2 || at % 4 >= 2) continue;
          const turned = value * Math.cos(angle) - rows[at + 2]! * Math.sin(angle);
          expect(Math.abs(turned / scaleOf(at % 4))).toBeLessThan(127);
          expect(scaleOf((at % 4) + 2)).toBe(scaleOf(at % 4));
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('a model is measured once', async () => {
  const openWhole = vi.fn(() =>
    openLanguageModel({ modelDir: kit.modelDir, cacheDir, device: 'cpu', bits: 8, cacheBits: 32, threads: 1 }),
  );
  const first = await cacheScales({ cacheDir, modelKey: 'one', openWhole });
  expect(await cacheScales({ cacheDir, modelKey: 'one', openWhole })).toEqual(first);
  expect(openWhole).toHaveBeenCalledTimes(1);
  expect(await cacheScales({ cacheDir, modelKey: 'other', openWhole })).toEqual(first);
  expect(openWhole).toHaveBeenCalledTimes(2);
  expect(first).toHaveLength(2 * config.layers * config.keyValueHeads * config.headDim);
  expect(first.every((scale) => scale > 0 && Number.isFinite(scale))).toBe(true);
});
