/** Graphs as onnxruntime reads them back. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GraphBuilder } from '../../../src/engine/export/graph-builder.js';
import { dataFileName, modelFileName, writeOnnxModel } from '../../../src/engine/export/onnx-writer.js';
import { boolTensor, float32Tensor, openSession, type TensorValue } from '../../../src/engine/runtime/session.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'higgs-onnx-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function run(
  inputs: Record<string, TensorValue>,
  build: (graph: GraphBuilder) => Promise<void>,
): Promise<Record<string, number[]>> {
  await writeOnnxModel({ dir, name: 'graph' }, build);
  const session = await openSession(path.join(dir, modelFileName('graph')), { device: 'cpu', threads: 1 });
  const outputs = await session.run(inputs);
  await session.close();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, Array.from(data as Float32Array, Number)]),
  );
}

const one = (...values: number[]): TensorValue => float32Tensor(Float32Array.from(values), [1, values.length]);

test('a product with weights in the data file, in blocks of any size', async () => {
  // Above the size that lies in the model file itself; two of them, so that offsets count.
  const size = 40;
  const weight = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i));
  const bytes = new Uint8Array(weight.buffer);
  function* blocks(): Generator<Uint8Array> {
    for (let at = 0; at < bytes.byteLength; at += 999) yield bytes.subarray(at, at + 999);
  }
  const x = Array.from({ length: size }, (_, i) => i - 7);
  const { y } = await run({ x: one(...x) }, async (graph) => {
    const input = graph.input('x', 'float32', [1, size]);
    const zeros = await graph.float32('zeros', [size * size], new Float32Array(size * size));
    const product = graph.node('MatMul', [input, await graph.weight('w', 'float32', [size, size], blocks())]);
    const flat = graph.node('Slice', [zeros, await graph.int64([0]), await graph.int64([size])]);
    graph.output('y', 'float32', [1, size], graph.node('Add', [product, flat]));
  });
  y!.forEach((value, column) => {
    const expected = x.reduce((sum, factor, row) => sum + factor * weight[row * size + column]!, 0);
    expect(value).toBeCloseTo(expected, 3);
  });
  expect(statSync(path.join(dir, dataFileName('graph'))).size).toBeGreaterThan(2 * 4 * size * size);
});

test.each([
  [true, [10, 20]],
  [false, [-1, -2]],
])('a branch takes the outer graph’s weights and values (%s)', async (flag, expected) => {
  const outputs = await run({ x: one(1, 2), flag: boolTensor(flag) }, async (graph) => {
    const [x, condition] = [graph.input('x', 'float32', [1, 2]), graph.input('flag', 'bool', [])];
    const ten = await graph.float32('ten', [1], Float32Array.of(10));
    const y = graph.branch(
      condition,
      'float32',
      [1, 2],
      (inner) => inner.node('Mul', [x, ten]),
      (inner) => inner.node('Neg', [x]),
    );
    graph.output('y', 'float32', [1, 2], y);
  });
  expect(outputs['y']).toEqual(expected);
});

test('attributes keep their kind: whole numbers, fractions, a float that is whole, lists, texts', async () => {
  const outputs = await run({ x: one(-4, 4) }, async (graph) => {
    const x = graph.input('x', 'float32', [1, 2]);
    graph.output('leaky', 'float32', [1, 2], graph.node('LeakyRelu', [x], { alpha: 0.25 }));
    graph.output('whole', 'float32', [1, 2], graph.node('LeakyRelu', [x], { alpha: { float: 2 } }));
    graph.output('swapped', 'float32', [2, 1], graph.node('Transpose', [x], { perm: [1, 0] }));
    graph.output('joined', 'float32', [1, 4], graph.node('Concat', [x, x], { axis: -1 }));
    graph.output('gelu', 'float32', [1, 2], graph.node('Gelu', [x], { approximate: 'tanh' }));
    graph.output('sum', 'float32', [1, 2], graph.node('Add', [x, await graph.scalar(0.5)]));
  });
  expect(outputs['leaky']).toEqual([-1, 4]);
  expect(outputs['whole']).toEqual([-8, 4]);
  expect(outputs['joined']).toEqual([-4, 4, -4, 4]);
  expect(outputs['gelu']![1]).toBeCloseTo(4, 3);
  expect(outputs['sum']).toEqual([-3.5, 4.5]);
});

test('equal constants are one tensor, and a name is taken once', async () => {
  await writeOnnxModel({ dir, name: 'graph' }, async (graph) => {
    expect(await graph.int64([1, 2])).toBe(await graph.int64([1, 2]));
    expect(await graph.int64([1, 2])).not.toBe(await graph.int64Tensor([1, 2], [1, 2]));
    expect(await graph.scalar(1)).not.toBe(await graph.scalar(2));
    graph.input('x', 'float32', [1]);
    expect(() => graph.input('x', 'float32', [1])).toThrow(expect.objectContaining({ code: 'HIGGS_INTERNAL' }));
  });
});

test('a weight of another size than its shape asks for is HIGGS_INTERNAL and is named', async () => {
  const writing = writeOnnxModel({ dir, name: 'graph' }, async (graph) => {
    await graph.weight('short', 'float32', [3], [new Uint8Array(8)]);
  });
  await expect(writing).rejects.toMatchObject({
    code: 'HIGGS_INTERNAL',
    message: expect.stringContaining('"short"') as unknown,
  });
});

test('writing stops between blocks when it is asked to', async () => {
  const stop = new AbortController();
  function* blocks(): Generator<Uint8Array> {
    yield new Uint8Array(2048);
    stop.abort();
    yield new Uint8Array(2048);
  }
  const writing = writeOnnxModel({ dir, name: 'graph', signal: stop.signal }, async (graph) => {
    await graph.weight('w', 'uint8', [4096], blocks());
  });
  await expect(writing).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
});

test('a file that is no graph is HIGGS_RUNTIME_FAILED and is named', async () => {
  const missing = path.join(dir, 'gone.onnx');
  await expect(openSession(missing, { device: 'cpu', threads: 1 })).rejects.toMatchObject({
    code: 'HIGGS_RUNTIME_FAILED',
    message: expect.stringContaining(missing) as unknown,
  });
});
