import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blocksPerRow, quantizeRows } from '../../../src/engine/export/quantize.js';
import { inverseFrequencies, rotaryTables } from '../../../src/engine/export/rotary.js';
import { SMALL_ROPE } from '../../helpers/kit.js';

const weights = fc
  .array(fc.integer({ min: -4000, max: 4000 }), { minLength: 1, maxLength: 100 })
  .map((values) => Float32Array.from(values, (value) => value / 1000));

test.each([
  [4, 2],
  [8, 1],
] as const)('with %i bits every weight comes back within %i of its block’s scales', (bits, most) => {
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 3 }), (row, rows) => {
      const blockSize = 16;
      const values = Float32Array.from({ length: row.length * rows }, (_, i) => row[i % row.length]! * (1 + i / 50));
      const { packed, scales } = quantizeRows(values, row.length, { bits, blockSize });
      const blocks = blocksPerRow(row.length, { bits, blockSize });
      expect(scales.length).toBe(rows * blocks);
      expect(packed.length).toBe((rows * blocks * blockSize * bits) / 8);
      for (const [i, value] of values.entries()) {
        const [line, column] = [Math.floor(i / row.length), i % row.length];
        const place = line * blocks * blockSize + column;
        const byte = packed[Math.floor((place * bits) / 8)]!;
        const code = bits === 8 ? byte : (byte >> (4 * (place % 2))) & 15;
        const scale = scales[line * blocks + Math.floor(column / blockSize)]!;
        const found = (code - 2 ** (bits - 1)) * scale;
        // Rounding is half a scale; on the side of the largest weight’s opposite the codes end one sooner.
        expect(Math.abs(found - value)).toBeLessThanOrEqual(most * Math.abs(scale) * 1.0001);
      }
    }),
  );
});

test('zeros stay zeros, those that fill up the last block too', () => {
  const { packed, scales } = quantizeRows(Float32Array.of(0, 0, 0, 1, 0), 5, { bits: 4, blockSize: 16 });
  expect(packed.length).toBe(8);
  expect([...packed].flatMap((byte) => [byte & 15, byte >> 4]).filter((code) => code === 8)).toHaveLength(15);
  expect(scales[0]).not.toBe(0);
  expect([...quantizeRows(new Float32Array(16), 16, { bits: 8, blockSize: 16 }).packed]).toEqual(
    new Array(16).fill(128),
  );
});

test('4-bit scales are chosen for the least error: never more than with the largest weight at -8', () => {
  fc.assert(
    fc.property(weights, (values) => {
      const block = { bits: 4, blockSize: 128 } as const;
      const { packed, scales } = quantizeRows(values, values.length, block);
      const error = (scale: number, code: (value: number, i: number) => number): number =>
        values.reduce((sum, value, i) => sum + (value - scale * code(value, i)) ** 2, 0);
      const largest = values.reduce((found, value) => (Math.abs(value) > Math.abs(found) ? value : found), 0);
      const plain = largest / -8;
      const chosen = error(scales[0]!, (_, i) => ((packed[i >> 1]! >> (4 * (i % 2))) & 15) - 8);
      const simple = error(plain, (value) => (plain === 0 ? 0 : Math.min(7, Math.max(-8, Math.round(value / plain)))));
      expect(chosen).toBeLessThanOrEqual(simple * 1.0001 + 1e-9);
    }),
  );
});

test('rotary frequencies are the reference’s: llama3 stretches slow turns alone', () => {
  // The kit `small` in the reference: HiggsAudioV2RotaryEmbedding.inv_freq.
  const expected = [1, 0.193922758102417, 0.03760603070259094, 0.00729266507551074];
  const found = inverseFrequencies(SMALL_ROPE, 16);
  expected.forEach((value, i) => expect(found[i]! / value).toBeCloseTo(1, 6));
  // The slowest turn is below the lower factor.
  const plain = inverseFrequencies({ type: 'default', theta: 500_000 }, 16);
  expect(found[7]! / plain[7]!).toBeCloseTo(1 / 32, 6);
});

test('tables hold the cosine and sine of each position’s angles', () => {
  const { cosines, sines } = rotaryTables(Float32Array.of(1, 0.1), 3);
  [0, 0, 1, 0.1, 2, 0.2].forEach((angle, i) => {
    expect(cosines[i]).toBeCloseTo(Math.cos(angle), 6);
    expect(sines[i]).toBeCloseTo(Math.sin(angle), 6);
  });
});
