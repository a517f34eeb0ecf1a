import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { foldWeightNorm, openTensors, readWeight } from '../../../src/engine/checkpoint/index.js';
import { float32Tensor, writeSafetensors } from './make-safetensors.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'higgs-norm-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('after folding, every slice along the kept dimension has its magnitude as its norm', () => {
  const shape = fc.tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 4 }),
  );
  fc.assert(
    fc.property(shape, fc.integer({ min: 0, max: 2 }), fc.integer(), (sizes, kept, seed) => {
      const count = sizes[0] * sizes[1] * sizes[2];
      const direction = Float32Array.from({ length: count }, (_, i) => Math.sin(seed + i * 1.7) + 1.5);
      const magnitude = Float32Array.from({ length: sizes[kept]! }, (_, i) => i + 0.5);
      const folded = foldWeightNorm(
        magnitude,
        sizes.map((size, axis) => (axis === kept ? size : 1)),
        direction,
        sizes,
      )!;
      const squares = new Float64Array(sizes[kept]!);
      const inner = sizes.slice(kept + 1).reduce((product, size) => product * size, 1);
      folded.forEach((value, i) => (squares[Math.floor(i / inner) % sizes[kept]!]! += value ** 2));
      squares.forEach((square, i) => expect(Math.sqrt(square)).toBeCloseTo(magnitude[i]!, 4));
    }),
  );
});

test.each([
  ['weight_g', 'weight_v'],
  ['parametrizations.weight.original0', 'parametrizations.weight.original1'],
])('a layer saved as %s and %s gives one weight', async (magnitude, direction) => {
  writeSafetensors(path.join(dir, 'model.safetensors'), {
    [`conv.${magnitude}`]: float32Tensor([1, 1, 2], [10, 2]),
    [`conv.${direction}`]: float32Tensor([1, 2, 2], [3, 0, 4, 1]),
  });
  const tensors = await openTensors(dir);
  const { shape, values } = await readWeight(tensors, 'conv');
  expect(shape).toEqual([1, 2, 2]);
  expect([...values]).toEqual([6, 0, 8, 2]);
  await tensors.close();
});

test('a plain weight is taken as it is, and a missing or misshapen one is named', async () => {
  writeSafetensors(path.join(dir, 'model.safetensors'), {
    'fc.weight': float32Tensor([2], [1, 2]),
    'odd.weight_g': float32Tensor([3, 1], [1, 1, 1]),
    'odd.weight_v': float32Tensor([2, 2], [1, 1, 1, 1]),
  });
  const tensors = await openTensors(dir);
  expect([...(await readWeight(tensors, 'fc')).values]).toEqual([1, 2]);
  for (const layer of ['odd', 'gone']) {
    await expect(readWeight(tensors, layer)).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringContaining(`"${layer}.weight`) as unknown,
    });
  }
  await tensors.close();
});
