/** What a model takes where a request leaves it out. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readSamplingValues } from '../../../src/engine/checkpoint/index.js';
import { PUBLISHED_SAMPLING, SAMPLING_RULES } from '../../../src/engine/options.js';
import { EMBEDDED_DIR } from '../../../src/engine/package-files.js';
import { temporaryFolder } from '../../engine-kit.js';

/** As the published repository has it. */
const PUBLISHED_FILE = {
  do_sample: true,
  temperature: 1.0,
  top_k: 50,
  top_p: 0.95,
  ras_win_len: 7,
  ras_win_max_num_repeat: 2,
};

test('the published model’s own file says what is told of it', async () => {
  const dir = temporaryFolder();
  writeFileSync(path.join(dir, 'generation_config.json'), JSON.stringify(PUBLISHED_FILE));
  expect(await readSamplingValues(dir)).toEqual(PUBLISHED_SAMPLING);
});

test('the embedded model’s file is read, in the folder that holds it or above', async () => {
  const file = path.join(EMBEDDED_DIR, 'model', 'generation_config.json');
  const own = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number | null>;
  const values = await readSamplingValues(EMBEDDED_DIR);
  expect(values).toEqual({
    temperature: own.temperature,
    topK: own.top_k,
    topP: own.top_p,
    rasWindowFrames: own.ras_win_len ?? 0,
    rasLimit: own.ras_win_max_num_repeat ?? SAMPLING_RULES.rasLimit.fallback,
  });
  const dir = temporaryFolder();
  mkdirSync(path.join(dir, 'model'));
  cpSync(file, path.join(dir, 'model', 'generation_config.json'));
  expect(await readSamplingValues(dir)).toEqual(values);
});

test('null turns RAS off, as in the reference', async () => {
  const dir = temporaryFolder();
  writeFileSync(path.join(dir, 'generation_config.json'), '{"ras_win_len": null, "ras_win_max_num_repeat": null}');
  expect((await readSamplingValues(dir)).rasWindowFrames).toBe(0);
});

test('without such a file, or where it leaves something out, the engine’s defaults hold', async () => {
  const dir = temporaryFolder();
  const { temperature, topK, topP, rasWindowFrames, rasLimit } = SAMPLING_RULES;
  const fallbacks = {
    temperature: temperature.fallback,
    topK: topK.fallback,
    topP: topP.fallback,
    rasWindowFrames: rasWindowFrames.fallback,
    rasLimit: rasLimit.fallback,
  };
  expect(await readSamplingValues(dir)).toEqual(fallbacks);
  writeFileSync(path.join(dir, 'generation_config.json'), '{"top_k": 9}');
  expect(await readSamplingValues(dir)).toEqual({ ...fallbacks, topK: 9 });
});
