/** From the reference's prompts to its frames and its sound, through the graphs as onnxruntime runs them. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { alignFrames, generateFrames } from '../../../src/engine/frames/index.js';
import {
  openCodec,
  openLanguageModel,
  type LoadedCodec,
  type LoadedLanguageModel,
} from '../../../src/engine/runtime/index.js';
import { decodeStream, joinSamples } from '../../../src/engine/sound/index.js';
import { largestDifference, peakOf } from '../../helpers/compare.js';
import { KITS, loadKit } from '../../helpers/kit.js';
import { kitGreedyRule, kitPrompt, kitShape, kitTokens, recordedCoins } from '../../helpers/replay.js';
import { drain } from '../../helpers/streams.js';

let cacheDir: string;
beforeAll(async () => {
  cacheDir = await fs.mkdtemp(path.join(os.tmpdir(), 'higgs-generate-'));
});
afterAll(() => fs.rm(cacheDir, { recursive: true, force: true }));

// One kit's rotary frequencies were rounded when it was made; see the helper.
vi.mock('../../../src/engine/export/rotary.js', async (original) => {
  const { asKitsWereMade } = await import('../../helpers/kit-frequencies.js');
  return asKitsWereMade(await original());
});

describe.each(KITS)('kit %s', (name) => {
  const kit = loadKit(name);
  const shape = kitShape(kit);
  const ids = kitTokens(kit);
  let model: LoadedLanguageModel;
  let codec: LoadedCodec;
  beforeAll(async () => {
    const common = { cacheDir, device: 'cpu', threads: 1 } as const;
    model = await openLanguageModel({ ...common, modelDir: kit.modelDir, bits: 32 });
    codec = await openCodec({ ...common, codecDir: kit.codecDir });
  });
  afterAll(async () => {
    await model.close();
    await codec.close();
  });

  test.each(Object.keys(kit.expected.conversations))(
    '"%s" gives the reference’s frames, tokens and sound',
    async (talk) => {
      expect(model.shape).toEqual(shape);
      const prompt = kitPrompt(kit, talk);
      const { coin, left } = recordedCoins(kit, talk);
      const context = model.open(prompt.positionCount + 40);
      const codes: number[] = [];
      const rows = generateFrames({
        context,
        prompt,
        shape,
        rule: kitGreedyRule(kit),
        coin,
        maxFrames: 40 - shape.numCodebooks,
      });
      async function* seen() {
        for (;;) {
          const step = await rows.next();
          if (step.done === true) return step.value;
          codes.push(...step.value);
          yield step.value;
        }
      }
      const sound = decodeStream(alignFrames(seen(), shape, { keepEosFrames: true }), codec);
      const { values: chunks, result } = await drain(sound);
      context.close();

      expect(codes).toEqual(Array.from(kit.ints(`${talk}.greedy_frames`).values));
      const tokens = Array.from(kit.ints(`${talk}.greedy_tokens`).values);
      expect(result.textTokens.map((token) => ids[token])).toEqual(tokens);
      expect(left()).toBe(0);
      const samples = joinSamples(chunks);
      const expected = kit.floats(`${talk}.audio`).values;
      // Random weights give sounds with peaks of 1e5 to 5e6, so the limit is taken of the peak; the reference itself is
      // off by 4e-5 of it from one run to another.
      expect(largestDifference(samples, expected) / peakOf(expected)).toBeLessThan(1e-4);
    },
  );
});
