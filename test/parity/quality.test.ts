import { expect, test } from 'vitest';
import { variantsFor } from '../../scripts/quality/formats.js';
import { compareScores } from '../../scripts/quality/measure.js';
import type { Sequence } from '../../scripts/quality/sequences.js';
import { codeFrames } from '../../src/engine/codes.js';
import { applyDelay } from '../../src/engine/delay-pattern.js';

const shape = { numCodebooks: 2, codebookSize: 6, bosCode: 4, eosCode: 5 };
const prompt = { text: '', ids: new Int32Array(0), runs: [], positionCount: 0 };
const rows = applyDelay(codeFrames(2, Int32Array.of(0, 1, 2, 3)), shape);
const sequence = (kind: Sequence['kind']): Sequence => ({ kind, prompt, rows });
/** Scores that all speak for one code: of each codebook, at each of the rows but the first. */
const scoresFor = (code: number): Float32Array =>
  Float32Array.from({ length: (rows.frameCount - 1) * 12 }, (_, at) => (at % 6 === code ? 3 : 1));

test('a model that scores as the reference does agrees everywhere; even scores give a perplexity of all codes', () => {
  const even = new Float32Array((rows.frameCount - 1) * 12).fill(1);
  const both = [sequence('recorded'), sequence('generated')];
  const { meanCosine, lowestCosine, agreement, perplexity } = compareScores(both, [even, even], [even, even], shape);
  expect([meanCosine, lowestCosine]).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)]);
  expect(agreement).toEqual([1, 1]);
  expect(perplexity).toEqual({ recorded: expect.closeTo(6, 6) as number, generated: expect.closeTo(6, 6) as number });
});

test('only what is drawn is counted: no bos, and of eos the first alone', () => {
  const { agreement, perplexity } = compareScores([sequence('generated')], [scoresFor(0)], [scoresFor(1)], shape);
  expect(agreement).toEqual([0, 0]);
  // Codes 0, 2 and eos of the first codebook, 1 and 3 of the second; the scores speak for one of the five.
  const loss = (right: boolean): number => Math.log(Math.exp(3) + 5 * Math.exp(1)) - (right ? 3 : 1);
  expect(perplexity.generated).toBeCloseTo(Math.exp((loss(true) + 4 * loss(false)) / 5), 9);
});

test('every format has a name of its own and rounds what its bits say', () => {
  const variants = variantsFor(3);
  expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
  const products = ['self_attn.qkv', 'mlp.gate', 'audio_mlp.up'].map((product) => `model.layers.1.${product}`);
  for (const { name, formatOf, bits } of variants) {
    if (formatOf === undefined) continue;
    expect(
      products.map((product) => formatOf(product)?.bits),
      name,
    ).toContain(bits);
  }
});
