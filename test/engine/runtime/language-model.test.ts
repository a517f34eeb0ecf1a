/** The language model as onnxruntime runs it, against what the reference gives in float32. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { codeFrames, sliceFrames } from '../../../src/engine/codes.js';
import { openTensors, readLanguageModelConfig } from '../../../src/engine/checkpoint/index.js';
import { quantizeRows } from '../../../src/engine/export/quantize.js';
import { openLanguageModel, type LoadedLanguageModel, type ScoredContext } from '../../../src/engine/runtime/index.js';
import { KITS, loadKit, type Kit } from '../../helpers/kit.js';
import { float32Tensor, writeSafetensors, type MadeTensor } from '../checkpoint/make-safetensors.js';
import { kitPrompt } from '../../helpers/replay.js';

vi.mock('../../../src/engine/export/rotary.js', async (original) => {
  const { asKitsWereMade } = await import('../../helpers/kit-frequencies.js');
  return asKitsWereMade(await original());
});

/** The bound for float32. */
const TOLERANCE = 1e-3;
/** Positions whose scores a kit has after a prompt. */
const LAST_POSITIONS = 6;

let cacheDir: string;
beforeAll(() => {
  cacheDir = mkdtempSync(path.join(tmpdir(), 'higgs-runtime-'));
});
afterAll(() => rmSync(cacheDir, { recursive: true }));

function largestDifference(found: Float32Array, expected: Float32Array): number {
  expect(found.length).toBe(expected.length);
  return expected.reduce((largest, value, i) => Math.max(largest, Math.abs(value - found[i]!)), 0);
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function bestCodes(scores: Float32Array, numCodebooks: number): number[] {
  const size = scores.length / numCodebooks;
  return Array.from({ length: numCodebooks }, (_, book) => {
    const own = scores.subarray(book * size, (book + 1) * size);
    return own.indexOf(Math.max(...own));
  });
}

async function feedPrompt(context: ScoredContext, kit: Kit, conversation: string): Promise<Float32Array> {
  const { runs } = kitPrompt(kit, conversation);
  for (const run of runs.slice(0, -1)) await context.feed(run);
  return await context.feed(runs.at(-1)!, LAST_POSITIONS);
}

describe.each(KITS)('%s in float32', (name) => {
  const kit = loadKit(name);
  let model: LoadedLanguageModel;
  beforeAll(async () => {
    model = await openLanguageModel({ modelDir: kit.modelDir, cacheDir, device: 'cpu', bits: 32, threads: 1 });
  });
  afterAll(() => model.close());

  test.each(Object.keys(kit.expected.conversations))(
    '%s: scores after the prompt and after every frame are the reference’s to 1e-3',
    async (conversation) => {
      const { numCodebooks } = model.shape;
      const context = model.open(64);
      const expected = kit.floats(`${conversation}.step_logits`);
      const scoreCount = expected.shape[1]!;
      const stepScores = (step: number): Float32Array =>
        expected.values.subarray(step * scoreCount, (step + 1) * scoreCount);

      const prefill = await feedPrompt(context, kit, conversation);
      expect(largestDifference(prefill, kit.floats(`${conversation}.prefill_logits`).values)).toBeLessThan(TOLERANCE);
      expect(context.positionCount).toBe(kit.ints(`${conversation}.input_ids`).values.length);

      const frames = codeFrames(numCodebooks, kit.ints(`${conversation}.greedy_frames`).values);
      let scores = prefill.subarray(-scoreCount);
      for (let step = 0; step < frames.frameCount; step++) {
        expect(largestDifference(scores, stepScores(step))).toBeLessThan(TOLERANCE);
        expect(bestCodes(scores, numCodebooks)).toEqual(bestCodes(stepScores(step), numCodebooks));
        scores = await context.feed({ kind: 'audio', frames: sliceFrames(frames, step, step + 1) });
      }
      context.close();
    },
  );

  test('a run fed at once gives what it gives position by position, past the first capacity too', async () => {
    const [ids, codes] = [kit.ints('two-turns.input_ids').values, kit.ints('two-turns.audio_input_ids').values];
    const text = Int32Array.from({ length: 300 }, (_, i) => ids[i % 5]!);
    const frames = codeFrames(model.shape.numCodebooks, codes);
    const [atOnce, stepwise] = [model.open(1), model.open(1000)];
    await atOnce.feed({ kind: 'text', ids: text });
    const expected = await atOnce.feed({ kind: 'audio', frames });
    for (let i = 0; i < text.length; i++) await stepwise.feed({ kind: 'text', ids: text.subarray(i, i + 1) });
    let found: Float32Array = new Float32Array();
    for (let i = 0; i < frames.frameCount; i++) {
      found = await stepwise.feed({ kind: 'audio', frames: sliceFrames(frames, i, i + 1) });
    }
    expect(largestDifference(found, expected)).toBeLessThan(TOLERANCE);
  });
});

describe.each([8, 4] as const)('weights of %i bits', (bits) => {
  test.each(KITS)('%s: scores are those of float32 weights rounded to what these bits can hold', async (name) => {
    const kit = loadKit(name);
    const rounded = await copyWithRoundedWeights(kit, bits);
    const common = { cacheDir, device: 'cpu', threads: 1 } as const;
    const quantized = await openLanguageModel({ ...common, modelDir: kit.modelDir, bits, cacheBits: 32 });
    const whole = await openLanguageModel({ ...common, modelDir: rounded, bits: 32 });
    expect(quantized.bits).toBe(bits);
    for (const conversation of Object.keys(kit.expected.conversations)) {
      const [found, expected] = [quantized.open(64), whole.open(64)];
      // What is left is that activations go through 8 bits.
      const scores = await feedPrompt(found, kit, conversation);
      expect(cosine(scores, await feedPrompt(expected, kit, conversation))).toBeGreaterThan(0.999);
      // Random weights are the worst case: nothing in them is redundant.
      expect(cosine(scores, kit.floats(`${conversation}.prefill_logits`).values)).toBeGreaterThan(
        bits === 8 ? 0.999 : 0.9,
      );
    }
    await quantized.close();
    await whole.close();
  });

  test.each(KITS)('%s: keys and values in 8 bits change scores by little', async (name) => {
    const kit = loadKit(name);
    const common = { cacheDir, device: 'cpu', threads: 1, modelDir: kit.modelDir, bits } as const;
    const [inEightBits, whole] = [
      await openLanguageModel(common),
      await openLanguageModel({ ...common, cacheBits: 32 }),
    ];
    for (const conversation of Object.keys(kit.expected.conversations)) {
      const [found, expected] = [inEightBits.open(64), whole.open(64)];
      const scores = await feedPrompt(found, kit, conversation);
      // Random weights again; all that the model was shown goes through 8 bits here.
      expect(cosine(scores, await feedPrompt(expected, kit, conversation))).toBeGreaterThan(0.998);
      expect(found.keysAndValues()).toBeInstanceOf(Int8Array);
      expect(found.keysAndValues().length).toBe(expected.keysAndValues().length);
    }
    await inEightBits.close();
    await whole.close();
  });

  /** The kit's model with every matrix but the tables rounded, in float32. */
  async function copyWithRoundedWeights(kit: Kit, bits: 4 | 8): Promise<string> {
    const dir = mkdtempSync(path.join(cacheDir, `rounded-${bits}-`));
    for (const file of ['config.json', 'tokenizer.json']) {
      copyFileSync(path.join(kit.modelDir, file), path.join(dir, file));
    }
    const { layers } = await readLanguageModelConfig(kit.modelDir);
    // At 4 bits the head, the first and the last layer take 8, but for the text's FFN.
    const ends = new RegExp(`audio_lm_head|layers\\.(0|${layers - 1})\\.(self_attn|audio_mlp)\\.`);
    const bitsOf = (name: string): 4 | 8 => (ends.test(name) ? 8 : bits);
    const tensors = await openTensors(kit.modelDir);
    const made: Record<string, MadeTensor> = {};
    for (const { name, shape } of tensors.entries.values()) {
      const values = await tensors.readFloat32(name);
      const isProduct = name.includes('_proj.weight') || name.endsWith('audio_lm_head.weight');
      made[name] = float32Tensor(shape, isProduct ? roundRows(values, shape[1]!, bitsOf(name)) : values);
    }
    await tensors.close();
    writeSafetensors(path.join(dir, 'model.safetensors'), made);
    return dir;
  }

  function roundRows(values: Float32Array, columns: number, bits: 4 | 8): Float32Array {
    const blockSize = 32;
    const blocks = Math.ceil(columns / blockSize);
    const { packed, scales } = quantizeRows(values, columns, { bits, blockSize });
    return values.map((_, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      const place = row * blocks * blockSize + column;
      const byte = packed[Math.floor((place * bits) / 8)]!;
      const code = bits === 8 ? byte : (byte >> (4 * (place % 2))) & 15;
      return (code - 2 ** (bits - 1)) * scales[row * blocks + Math.floor(column / blockSize)]!;
    });
  }
});

describe('contexts', () => {
  const kit = loadKit('small');
  const ids = (length: number): Int32Array => kit.ints('plain.input_ids').values.subarray(0, length);
  let model: LoadedLanguageModel;
  beforeAll(async () => {
    model = await openLanguageModel({
      modelDir: kit.modelDir,
      cacheDir,
      device: 'cpu',
      threads: 1,
      contextPositions: 2048,
    });
  });
  afterAll(() => model.close());

  test('a small model takes 8 bits where none are asked for', () => {
    expect(model).toMatchObject({ bits: 8, device: 'cpu', warnings: [], maxPositions: 2048 });
    expect(model.shape).toEqual({ numCodebooks: 8, codebookSize: 66, bosCode: 64, eosCode: 65 });
  });

  test('two contexts do not disturb each other', async () => {
    const alone = await feedPrompt(model.open(64), kit, 'plain');
    const [a, b] = [model.open(64), model.open(64)];
    const other = kitPrompt(kit, 'scene').runs[0]!;
    const [run] = kitPrompt(kit, 'plain').runs;
    await b.feed(other);
    const found = await a.feed(run!, LAST_POSITIONS);
    expect([...found]).toEqual([...alone]);
  });

  test('past the last position that was asked for is HIGGS_CONTEXT_FULL, and the context stays usable', async () => {
    const context = model.open(2048);
    const many = Int32Array.from({ length: 2047 }, (_, i) => ids(10)[i % 10]!);
    await context.feed({ kind: 'text', ids: many });
    await expect(context.feed({ kind: 'text', ids: ids(2) })).rejects.toMatchObject({ code: 'HIGGS_CONTEXT_FULL' });
    expect(context.positionCount).toBe(2047);
    await context.feed({ kind: 'text', ids: ids(1) });
    expect(context.positionCount).toBe(2048);
  });

  test('a token that the model does not have is another model’s tokenizer’s: HIGGS_CHECKPOINT_BROKEN', async () => {
    const context = model.open(16);
    const unknown = { kind: 'text', ids: Int32Array.of(434) } as const;
    await expect(context.feed(unknown)).rejects.toMatchObject({ code: 'HIGGS_CHECKPOINT_BROKEN' });
  });

  test('after close, a context and its model refuse with HIGGS_CLOSED', async () => {
    const other = await openLanguageModel({ modelDir: kit.modelDir, cacheDir, device: 'cpu', threads: 1 });
    const context = other.open(16);
    await other.close();
    await other.close();
    await expect(context.feed({ kind: 'text', ids: ids(1) })).rejects.toMatchObject({ code: 'HIGGS_CLOSED' });
    expect(() => other.open(16)).toThrow(expect.objectContaining({ code: 'HIGGS_CLOSED' }));
  });
});
