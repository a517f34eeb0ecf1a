/** A codec whose HuBERT norms like the large one, each convolution and before each part of a layer: fixtures/large-hubert/make.py. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { openCodecTensors } from '../../../src/engine/checkpoint/codec-tensors.js';
import { readCodecConfig } from '../../../src/engine/checkpoint/codec-config.js';
import { openTensors } from '../../../src/engine/checkpoint/safetensors.js';
import { buildCodecEncoder } from '../../../src/engine/export/codec-encoder.js';
import { acousticPadding, SEMANTIC_PADDING_SAMPLES } from '../../../src/engine/export/codec-lengths.js';
import { writeOnnxModel } from '../../../src/engine/export/onnx-writer.js';
import { largestDifference, peakOf } from '../../helpers/compare.js';

const FIXTURE = path.join(__dirname, '..', '..', 'fixtures', 'large-hubert');

test('a wave has the reference’s features where HuBERT norms like the large one', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'higgs-large-hubert-'));
  try {
    const config = await readCodecConfig(FIXTURE);
    expect(config.hubert).toMatchObject({ convNorm: 'layer', stableLayerNorm: true, convBias: true });
    const tensors = await openCodecTensors(FIXTURE, config);
    await writeOnnxModel({ dir, name: 'encoder' }, (graph) => buildCodecEncoder(graph, tensors, config));
    await tensors.close();
    const results = await openTensors(path.join(FIXTURE, 'expected'));
    const wave = await results.readFloat32('wave');
    const expected = await results.readFloat32('features');
    await results.close();

    const encoder = await InferenceSession.create(path.join(dir, 'encoder.onnx'), { intraOpNumThreads: 1 });
    const heard = new Float32Array(wave.length + 2 * SEMANTIC_PADDING_SAMPLES);
    heard.set(wave, SEMANTIC_PADDING_SAMPLES);
    // What the other half of the encoder sees does not matter here, but for its length.
    const samples = (wave.length * config.sampleRateHz) / config.semanticSampleRateHz;
    const seen = new Float32Array(samples + 2 * acousticPadding(config, samples));
    const { semantic_features: features } = await encoder.run({
      wave: new Tensor('float32', seen, [1, 1, seen.length]),
      semantic_wave: new Tensor('float32', heard, [1, 1, heard.length]),
    });
    await encoder.release();
    expect(features!.data.length).toBe(expected.length);
    expect(peakOf(expected)).toBeGreaterThan(0.1);
    expect(largestDifference(features!.data as Float32Array, expected)).toBeLessThan(1e-4);
  } finally {
    await rm(dir, { recursive: true });
  }
});
