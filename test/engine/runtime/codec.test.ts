import { existsSync } from 'node:fs';
import { cp, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTensors } from '../../../src/engine/checkpoint/safetensors.js';
import { codeFrames, type CodeFrames } from '../../../src/engine/codes.js';
import type { ProgressEvent } from '../../../src/engine/progress.js';
import { openCodec, type LoadedCodec } from '../../../src/engine/runtime/codec.js';
import { largestDifference, peakOf } from '../../helpers/compare.js';
import { KITS, loadKit, type Kit } from '../../helpers/kit.js';
import { codecOpener } from './codec-kit.js';
import { float32Tensor, safetensorsBytes, type MadeTensor } from '../checkpoint/make-safetensors.js';

const { open, folder } = codecOpener();

/** A kit's codes, [numCodebooks, frames], in order of time. */
function expectedFrames(kit: Kit, clip: number | 'random'): CodeFrames {
  const { shape, values } = kit.ints(`codec.${clip}.codes`);
  const [numCodebooks, frames] = shape as [number, number];
  return codeFrames(
    numCodebooks,
    values.map((_, index) => values[(index % numCodebooks) * frames + Math.floor(index / numCodebooks)]!),
  );
}

describe.each(KITS)('the codec of %s', (name) => {
  const kit = loadKit(name);
  let codec: LoadedCodec;
  beforeAll(async () => {
    codec = await open(kit.codecDir);
  });
  afterAll(() => codec.close());

  test.each(kit.expected.codec.map((clip, index) => ({ ...clip, index })))(
    'a clip of $samples samples becomes $frames frames, the reference’s codes and as much sound as there',
    async ({ index, frames, decoded_samples: decodedSamples }) => {
      const encoded = await codec.encode(kit.floats(`codec.${index}.wave`).values);
      expect(encoded.frameCount).toBe(frames);
      expect(encoded).toEqual(expectedFrames(kit, index));
      const expected = kit.floats(`codec.${index}.decoded`).values;
      const decoded = await codec.decode(encoded);
      expect(decoded.length).toBe(decodedSamples);
      expect(largestDifference(decoded, expected) / peakOf(expected)).toBeLessThan(1e-4);
    },
  );

  test('codes that no clip gave become the reference’s sound', async () => {
    const expected = kit.floats('codec.random.decoded').values;
    const decoded = await codec.decode(expectedFrames(kit, 'random'));
    expect(largestDifference(decoded, expected) / peakOf(expected)).toBeLessThan(1e-4);
  });
});

describe('checkpoints saved otherwise', () => {
  const kit = loadKit('small');

  /** A copy of the kit's codec with its tensors changed. */
  async function savedAs(
    name: string,
    change: (tensor: string, shape: readonly number[], values: Float32Array) => Record<string, MadeTensor>,
  ): Promise<string> {
    const dir = path.join(folder(), name);
    await cp(kit.codecDir, dir, { recursive: true });
    const source = await openTensors(kit.codecDir);
    const made: Record<string, MadeTensor> = {};
    for (const { name: tensor, shape } of source.entries.values()) {
      Object.assign(made, change(tensor, shape, await source.readFloat32(tensor)));
    }
    await source.close();
    await writeFile(path.join(dir, 'model.safetensors'), safetensorsBytes(made));
    return dir;
  }

  /** The upper halves of the values' words, and those as float32. */
  const upperHalves = (values: Float32Array): Uint16Array =>
    Uint16Array.from(new Uint32Array(Float32Array.from(values).buffer), (word) => word >>> 16);
  const widened = (halves: Uint16Array): Float32Array =>
    new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);

  test('in bfloat16 it is what the same numbers are in float32', async () => {
    const narrow = await open(
      await savedAs('bf16', (tensor, shape, values) => ({
        [tensor]: { type: 'BF16', shape, bytes: new Uint8Array(upperHalves(values).buffer) },
      })),
    );
    const wide = await open(
      await savedAs('bf16-widened', (tensor, shape, values) => ({
        [tensor]: float32Tensor(shape, [...widened(upperHalves(values))]),
      })),
    );
    const wave = kit.floats('codec.2.wave').values;
    expect(await narrow.encode(wave)).toEqual(await wide.encode(wave));
    const frames = expectedFrames(kit, 'random');
    expect(await narrow.decode(frames)).toEqual(await wide.decode(frames));
    await narrow.close();
    await wide.close();
  });

  test('with weight norm on the acoustic convolutions it gives the reference’s codes and sound', async () => {
    const dir = await savedAs('weight-norm', (tensor, shape, values) => {
      if (!/^acoustic_.*conv.*\.weight$/.test(tensor)) return { [tensor]: float32Tensor(shape, [...values]) };
      // Magnitudes of the first dimension's slices, and twice the weight as the direction.
      const rows = shape[0]!;
      const size = values.length / rows;
      const lengths = Array.from({ length: rows }, (_, row) =>
        Math.hypot(...values.subarray(row * size, (row + 1) * size)),
      );
      return {
        [`${tensor}_g`]: float32Tensor([rows, 1, 1], lengths),
        [`${tensor}_v`]: float32Tensor(
          shape,
          [...values].map((value) => 2 * value),
        ),
      };
    });
    const codec = await open(dir);
    expect(await codec.encode(kit.floats('codec.4.wave').values)).toEqual(expectedFrames(kit, 4));
    const expected = kit.floats('codec.random.decoded').values;
    const decoded = await codec.decode(expectedFrames(kit, 'random'));
    expect(largestDifference(decoded, expected) / peakOf(expected)).toBeLessThan(1e-4);
    await codec.close();
  });

  test.each(['acoustic_decoder.block.1.conv_t1.weight', 'semantic_model.encoder.layer_norm.weight', 'fc2.bias'])(
    'without %s it is refused by that name, and nothing stays in the cache',
    async (missing) => {
      const dir = await savedAs(`without-${missing}`, (tensor, shape, values): Record<string, MadeTensor> =>
        tensor === missing ? {} : { [tensor]: float32Tensor(shape, [...values]) },
      );
      const cacheDir = path.join(folder(), `cache-without-${missing}`);
      const opened = openCodec({ codecDir: dir, cacheDir, device: 'cpu', threads: 1 });
      await expect(opened).rejects.toMatchObject({
        code: 'HIGGS_CHECKPOINT_BROKEN',
        message: expect.stringContaining(missing) as string,
      });
      // It is refused before anything is made.
      expect(existsSync(cacheDir) ? await readdir(cacheDir) : []).toEqual([]);
    },
  );
});

describe('openCodec', () => {
  const kit = loadKit('small');

  test('the first opening tells of the conversion, the second takes what is there', async () => {
    const cacheDir = path.join(folder(), 'cache-twice');
    const phases: Set<string>[] = [];
    for (let time = 0; time < 2; time++) {
      const seen = new Set<string>();
      const onProgress = (event: ProgressEvent): void => void seen.add(event.phase);
      const codec = await openCodec({ codecDir: kit.codecDir, cacheDir, device: 'cpu', threads: 1, onProgress });
      await codec.close();
      phases.push(seen);
    }
    expect(phases).toEqual([new Set(['converting', 'loading']), new Set(['loading'])]);
  });

  test('an abort before the conversion ends it with HIGGS_ABORTED', async () => {
    const cacheDir = path.join(folder(), 'cache-aborted');
    const signal = AbortSignal.abort();
    await expect(
      openCodec({ codecDir: kit.codecDir, cacheDir, device: 'cpu', threads: 1, signal }),
    ).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  test('no frames are no sound, and less than a hop is no clip', async () => {
    const codec = await open(kit.codecDir);
    expect(await codec.decode(codeFrames(codec.numCodebooks, new Int32Array(0)))).toHaveLength(0);
    await expect(codec.encode(new Float32Array(959))).rejects.toMatchObject({ code: 'HIGGS_CLIP_TOO_SHORT' });
    await codec.close();
  });

  test('it runs on the CPU beside a language model on a GPU, and in WASM where that is asked for', async () => {
    const options = { codecDir: kit.codecDir, cacheDir: path.join(folder(), 'cache'), threads: 1 };
    const native = await openCodec({ ...options, device: 'webgpu' });
    const wasm = await openCodec({ ...options, device: 'wasm' });
    expect([native.device, wasm.device]).toEqual(['cpu', 'wasm']);
    const wave = kit.floats('codec.4.wave').values;
    expect(await native.encode(wave)).toEqual(expectedFrames(kit, 4));
    expect(await wasm.encode(wave)).toEqual(expectedFrames(kit, 4));
    const expected = kit.floats('codec.4.decoded').values;
    const decoded = await wasm.decode(expectedFrames(kit, 4));
    expect(largestDifference(decoded, expected) / peakOf(expected)).toBeLessThan(1e-4);
    await native.close();
    await wasm.close();
  });

  test('clips may be given at the same time', async () => {
    const codec = await open(kit.codecDir);
    const waves = [0, 1, 2].map((clip) => kit.floats(`codec.${clip}.wave`).values);
    expect(await Promise.all(waves.map((wave) => codec.encode(wave)))).toEqual(
      [0, 1, 2].map((clip) => expectedFrames(kit, clip)),
    );
    await codec.close();
  });

  test('after close every call ends with HIGGS_CLOSED, and a second close does nothing', async () => {
    const codec = await open(kit.codecDir);
    await codec.close();
    await codec.close();
    await expect(codec.decode(expectedFrames(kit, 0))).rejects.toMatchObject({ code: 'HIGGS_CLOSED' });
    await expect(codec.encode(new Float32Array(4800))).rejects.toMatchObject({ code: 'HIGGS_CLOSED' });
  });
});
