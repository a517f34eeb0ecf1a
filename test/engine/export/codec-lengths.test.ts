import { describe, expect, test } from 'vitest';
import { readCodecConfig } from '../../../src/engine/checkpoint/codec-config.js';
import {
  acousticFrames,
  acousticPadding,
  decoderReachFrames,
  semanticFrames,
} from '../../../src/engine/export/codec-lengths.js';
import { KITS, loadKit } from '../../helpers/kit.js';

describe.each(KITS)('lengths in the codec of %s', (name) => {
  const kit = loadKit(name);
  const clips = kit.expected.codec;

  test('the reference’s clips, odd lengths among them, become as many frames as there', async () => {
    const config = await readCodecConfig(kit.codecDir);
    expect(clips.map(({ samples }) => semanticFrames(config, samples))).toEqual(clips.map(({ frames }) => frames));
  });

  test('any length from one hop on has a padding for which both encoders make equally many frames', async () => {
    const config = await readCodecConfig(kit.codecDir);
    const { hopSamples } = config;
    const paddings = new Set<number>();
    for (let samples = hopSamples; samples < 4 * hopSamples; samples++) {
      const padding = acousticPadding(config, samples);
      paddings.add(padding);
      expect(acousticFrames(config, samples + 2 * padding)).toBe(semanticFrames(config, samples));
    }
    expect(paddings).toEqual(new Set([0, hopSamples / 2]));
  });

  test('a frame’s sound depends on 10 frames to each side', async () => {
    expect(decoderReachFrames(await readCodecConfig(kit.codecDir))).toBe(10);
  });

  test('encoders that cannot agree are refused', async () => {
    const config = await readCodecConfig(kit.codecDir);
    expect(() => acousticPadding({ ...config, semanticDownsampleFactor: 1 }, 24_000)).toThrow(
      expect.objectContaining({ code: 'HIGGS_CHECKPOINT_UNSUPPORTED' }),
    );
  });
});
