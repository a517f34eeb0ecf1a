/** More positions than the config names, and heads of 24 channels: as the reference's class has it (test/fixtures/long-context). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { codeFrames } from '../../../src/engine/codes.js';
import { openLanguageModel } from '../../../src/engine/runtime/index.js';
import { largestDifference } from '../../helpers/compare.js';
import { temporaryFolder } from '../../engine-kit.js';

const FIXTURE = path.join(__dirname, '..', '..', 'fixtures', 'long-context');
const EXPECTED = JSON.parse(readFileSync(path.join(FIXTURE, 'expected.json'), 'utf8')) as readonly {
  readonly positions: number;
  readonly logits: readonly number[];
}[];
const AUDIO_POSITIONS = 12;
const TEXT_BEHIND = 5;
const cacheDir = temporaryFolder();

/** The sequence of make.py, fed; gives its last position's scores, and what its keys and values take of memory. */
async function scoresAfter(length: number, bits: 8 | 32, cacheBits?: 8 | 32): Promise<Float32Array> {
  const modelDir = path.join(FIXTURE, 'model');
  const model = await openLanguageModel({ modelDir, cacheDir, device: 'cpu', threads: 1, bits, cacheBits });
  const { numCodebooks, codebookSize } = model.shape;
  const context = model.open(64);
  const text = Int32Array.from({ length }, (_, at) => (at * 7919) % 97);
  const codes = Int32Array.from(
    { length: AUDIO_POSITIONS * numCodebooks },
    (_, at) => (Math.floor(at / numCodebooks) * 31 + (at % numCodebooks) * 7) % codebookSize,
  );
  await context.feed({ kind: 'text', ids: text.subarray(0, length - AUDIO_POSITIONS - TEXT_BEHIND) });
  await context.feed({ kind: 'audio', frames: codeFrames(numCodebooks, codes) });
  const scores = await context.feed({ kind: 'text', ids: text.subarray(length - TEXT_BEHIND) });
  await model.close();
  return scores;
}

test.each(EXPECTED)('after $positions positions the scores are the reference’s', async ({ positions, logits }) => {
  expect(largestDifference(await scoresAfter(positions, 32), Float32Array.from(logits))).toBeLessThan(1e-3);
});

test('whole keys and values are nearer to the reference than those in 8 bits', async () => {
  const { positions, logits } = EXPECTED[1]!;
  const distance = async (cacheBits: 8 | 32): Promise<number> => {
    const scores = await scoresAfter(positions, 8, cacheBits);
    return Math.sqrt(scores.reduce((sum, score, at) => sum + (score - logits[at]!) ** 2, 0));
  };
  expect(await distance(32)).toBeLessThan(await distance(8));
});
