import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCodecConfig } from '../../../src/engine/checkpoint/codec-config.js';
import { openTensors } from '../../../src/engine/checkpoint/safetensors.js';
import { buildCodecDecoder } from '../../../src/engine/export/codec-decoder.js';
import { buildCodecEncoder } from '../../../src/engine/export/codec-encoder.js';
import { acousticPadding, SEMANTIC_PADDING_SAMPLES } from '../../../src/engine/export/codec-lengths.js';
import { writeOnnxModel } from '../../../src/engine/export/onnx-writer.js';
import { largestDifference, peakOf } from '../../helpers/compare.js';
import { KITS, loadKit } from '../../helpers/kit.js';

const clips = [0, 1, 2, 3, 4, 5];

function padded(samples: Float32Array, padding: number): Float32Array {
  const result = new Float32Array(samples.length + 2 * padding);
  result.set(samples, padding);
  return result;
}

describe.each(KITS)('the graphs of the codec of %s', (name) => {
  const kit = loadKit(name);
  let dir = '';
  let decoder: InferenceSession;
  let encoder: InferenceSession;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'higgs-codec-'));
    const config = await readCodecConfig(kit.codecDir);
    const tensors = await openTensors(kit.codecDir);
    await writeOnnxModel({ dir, name: 'decoder' }, (graph) => buildCodecDecoder(graph, tensors, config));
    await writeOnnxModel({ dir, name: 'encoder' }, (graph) => buildCodecEncoder(graph, tensors, config));
    await tensors.close();
    const options = { intraOpNumThreads: 1 };
    decoder = await InferenceSession.create(path.join(dir, 'decoder.onnx'), options);
    encoder = await InferenceSession.create(path.join(dir, 'encoder.onnx'), options);
  });

  afterAll(async () => {
    await decoder.release();
    await encoder.release();
    await rm(dir, { recursive: true });
  });

  // The random weights give sounds with peaks of 1e5 to 6e6, so the limit is taken of the peak; in float32 the reference
  // itself is up to 6e-5 of it away from the same model in float64.
  test.each([...clips, 'random'])('codec.%s.codes are decoded within 1e-4 of the peak', async (clip) => {
    const { shape, values } = kit.ints(`codec.${clip}.codes`);
    const codes = BigInt64Array.from(values, (code) => BigInt(code));
    const { samples } = await decoder.run({
      codes: new Tensor('int64', codes, [1, ...shape]),
      keep_from: new Tensor('int64', [0n], [1]),
      keep_to: new Tensor('int64', [BigInt(shape[1]!)], [1]),
    });
    const expected = kit.floats(`codec.${clip}.decoded`).values;
    expect(samples!.dims).toEqual([1, 1, expected.length]);
    expect(largestDifference(samples!.data as Float32Array, expected) / peakOf(expected)).toBeLessThan(1e-4);
  });

  test.each(clips)('codec.%s.wave is encoded to the reference’s features and codes', async (clip) => {
    const config = await readCodecConfig(kit.codecDir);
    const wave = kit.floats(`codec.${clip}.wave`).values;
    const heard = padded(kit.floats(`codec.${clip}.resampled`).values, SEMANTIC_PADDING_SAMPLES);
    const seen = padded(wave, acousticPadding(config, wave.length));
    const { codes, semantic_features: features } = await encoder.run({
      wave: new Tensor('float32', seen, [1, 1, seen.length]),
      semantic_wave: new Tensor('float32', heard, [1, 1, heard.length]),
    });
    const expected = kit.floats(`codec.${clip}.semantic`).values;
    expect(largestDifference(features!.data as Float32Array, expected)).toBeLessThan(1e-4);
    const { shape, values } = kit.ints(`codec.${clip}.codes`);
    expect(codes!.dims).toEqual([1, ...shape]);
    expect(Int32Array.from(codes!.data as BigInt64Array, Number)).toEqual(values);
  });
});
