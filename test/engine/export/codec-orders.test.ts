/** A codec whose decoder widens its rate in another order than its encoder narrows it: fixtures/codec-orders/make.py. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCodecConfig } from '../../../src/engine/checkpoint/codec-config.js';
import { openTensors } from '../../../src/engine/checkpoint/safetensors.js';
import type { CodecConfig } from '../../../src/engine/checkpoint/types.js';
import { buildCodecDecoder } from '../../../src/engine/export/codec-decoder.js';
import { decoderReachFrames } from '../../../src/engine/export/codec-lengths.js';
import { writeOnnxModel } from '../../../src/engine/export/onnx-writer.js';
import { largestDifference, peakOf } from '../../helpers/compare.js';

const FIXTURE = path.join(__dirname, '..', '..', 'fixtures', 'codec-orders');
const QUANTIZERS = 4;
/** Of the whole sound's peak, as for the kits. */
const NEAR = 1e-4;

describe('a codec with other strides up than down', () => {
  let dir = '';
  let config: CodecConfig;
  let decoder: InferenceSession;
  let codes: Float32Array;
  let expected: Float32Array;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'higgs-orders-'));
    config = await readCodecConfig(FIXTURE);
    const tensors = await openTensors(FIXTURE);
    await writeOnnxModel({ dir, name: 'decoder' }, (graph) => buildCodecDecoder(graph, tensors, config));
    await tensors.close();
    decoder = await InferenceSession.create(path.join(dir, 'decoder.onnx'), { intraOpNumThreads: 1 });
    const results = await openTensors(path.join(FIXTURE, 'expected'));
    codes = await results.readFloat32('codes');
    expected = await results.readFloat32('decoded');
    await results.close();
  });

  afterAll(async () => {
    await decoder.release();
    await rm(dir, { recursive: true });
  });

  /** The sound of frames [keepFrom, keepTo) from the codes of frames [from, to). */
  async function decode(from: number, to: number, keepFrom: number, keepTo: number): Promise<Float32Array> {
    const frames = codes.length / QUANTIZERS;
    const some = new BigInt64Array(QUANTIZERS * (to - from));
    for (let book = 0; book < QUANTIZERS; book++) {
      for (let i = from; i < to; i++) some[book * (to - from) + i - from] = BigInt(codes[book * frames + i]!);
    }
    const { samples } = await decoder.run({
      codes: new Tensor('int64', some, [1, QUANTIZERS, to - from]),
      keep_from: new Tensor('int64', [BigInt(keepFrom - from)], [1]),
      keep_to: new Tensor('int64', [BigInt(keepTo - from)], [1]),
    });
    return samples!.data as Float32Array;
  }

  test('its config has both orders', () => {
    expect(config.acoustic.downsamplingRatios).toEqual([8, 5, 4, 2, 3]);
    expect(config.acoustic.upsamplingRatios).toEqual([3, 2, 4, 5, 8]);
  });

  test('its codes are decoded as the reference does', async () => {
    const sound = await decode(0, 30, 0, 30);
    expect(sound.length).toBe(expected.length);
    expect(largestDifference(sound, expected) / peakOf(expected)).toBeLessThan(NEAR);
  });

  test('a frame in the middle needs no frames beyond the decoder’s reach, and needs the last of them', async () => {
    const reach = decoderReachFrames(config);
    expect(reach).toBeGreaterThan(10);
    const at = 1;
    const whole = expected.subarray(at * config.hopSamples, (at + 1) * config.hopSamples);
    const enough = await decode(0, at + 1 + reach, at, at + 1);
    expect(largestDifference(enough, whole) / peakOf(expected)).toBeLessThan(NEAR);
    const short = await decode(0, at + reach, at, at + 1);
    expect(largestDifference(short, whole)).toBeGreaterThan(0);
  });
});
