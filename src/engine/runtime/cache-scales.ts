/**
 * What 1 stands for in keys and values that are kept in 8 bits: a scale for each channel of each layer, measured once for a
 * model and kept on disk.
 *
 * They are measured on tokens and codes at random: what speech comes to lies as near to that as to what one sentence comes
 * to (docs/quality.md), and nobody has to know a tokenizer for it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LanguageModelConfig } from '../checkpoint/types.js';
import { codeFrames } from '../codes.js';
import { onDisk } from '../disk-errors.js';
import { cacheEntry } from '../export/cache.js';
import { rowValues } from './key-values.js';
import type { LoadedLanguageModel } from './session-language-model.js';

const FILE = 'scales.bin';
const TEXT_POSITIONS = 64;
const AUDIO_POSITIONS = 192;
/** Speech goes beyond what was measured by half in one channel of ten, by 1.7 times in one of a hundred; the rest is cut. */
const MARGIN = 1.75;
const LARGEST = 127;
/** For channels that never were anything but 0. */
const LEAST = 1e-6;

export interface CacheScalesOptions {
  readonly cacheDir: string;
  /** The files' key: other for other weights and bits. */
  readonly modelKey: string;
  /** The model with keys and values in float32; closed when it has been measured. */
  readonly openWhole: () => Promise<LoadedLanguageModel>;
}

/**
 * The graph's `cache_scales`: [2 * layers * heads * head size]. Throws what opening and running the model throw,
 * HIGGS_CACHE_UNWRITABLE, HIGGS_DISK_FULL.
 */
export async function cacheScales({ cacheDir, modelKey, openWhole }: CacheScalesOptions): Promise<Float32Array> {
  const entry = await cacheEntry(cacheDir, 'cache-scales', { model: modelKey }, async (dir) => {
    const model = await openWhole();
    try {
      const scales = await measureScales(model);
      await onDisk(dir, () => writeFile(path.join(dir, FILE), scales));
    } finally {
      await model.close();
    }
  });
  const bytes = await readFile(path.join(entry, FILE));
  return new Float32Array(new Uint8Array(bytes).buffer);
}

async function measureScales(model: LoadedLanguageModel): Promise<Float32Array> {
  const { config, shape } = model;
  const { numCodebooks, codebookSize } = shape;
  const ids = Int32Array.from({ length: TEXT_POSITIONS }, (_, at) => scatter(at) % config.vocabularySize);
  const codes = Int32Array.from({ length: AUDIO_POSITIONS * numCodebooks }, (_, at) => scatter(at) % codebookSize);
  const context = model.open(TEXT_POSITIONS + AUDIO_POSITIONS);
  await context.feed({ kind: 'text', ids });
  await context.feed({ kind: 'audio', frames: codeFrames(numCodebooks, codes) });
  const scales = scalesOf(context.keysAndValues() as Float32Array, config);
  context.close();
  return scales;
}

/** Whole numbers from 0 to 2^24 - 1 without an order that shows (Knuth's multiplicative hash). */
function scatter(at: number): number {
  return Math.imul(at + 1, 0x9e37_79b1) >>> 8;
}

/**
 * Scales for rows [2 * layers, heads, positions, head size] as they were met. A key's two halves are turned against each other
 * by its position (RoPE), so both get what either may come to.
 */
export function scalesOf(rows: Float32Array, config: LanguageModelConfig): Float32Array {
  const { layers, keyValueHeads, headDim } = config;
  const positions = rows.length / rowValues(config, 1);
  const half = headDim / 2;
  const scales = new Float32Array(rowValues(config, 1));
  for (let head = 0; head < 2 * layers * keyValueHeads; head++) {
    const isKey = Math.floor(head / keyValueHeads) % 2 === 0;
    const most = new Float64Array(headDim);
    for (let position = 0; position < positions; position++) {
      const start = (head * positions + position) * headDim;
      for (let channel = 0; channel < headDim; channel++) {
        const value = rows[start + channel]!;
        const met = isKey ? Math.hypot(value, rows[start + ((channel + half) % headDim)]!) : Math.abs(value);
        most[channel] = Math.max(most[channel]!, met);
      }
    }
    for (const [channel, met] of most.entries()) {
      scales[head * headDim + channel] = Math.max(LEAST, (MARGIN * met) / LARGEST);
    }
  }
  return scales;
}
