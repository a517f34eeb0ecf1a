/**
 * Weights that lie beyond 2 and 4 GiB, in files with holes: they count as large and take hardly any room on the disk.
 * A tensor read from the place that 32 bits would leave of its own is zeros, which every test here would see.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTensors } from '../../../src/engine/checkpoint/index.js';
import { GraphBuilder } from '../../../src/engine/export/graph-builder.js';
import { dataFileName, encodeModel, modelFileName } from '../../../src/engine/export/onnx-writer.js';
import { writeProjection, type WeightFormat } from '../../../src/engine/export/projection.js';
import { float32Tensor, openSession } from '../../../src/engine/runtime/session.js';
import { safetensorsBytes } from '../checkpoint/make-safetensors.js';

const GIB = 2 ** 30;
const SIZE = 64;
const matrix = Float32Array.from({ length: SIZE * SIZE }, (_, i) => Math.sin(i) / 8);
const input = Float32Array.from({ length: SIZE }, (_, i) => Math.cos(i));

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'higgs-large-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Bytes that a file really takes. */
const bytesOnDisk = (file: string): number => 512 * statSync(file).blocks;

/** A checkpoint of one file: `gapBytes` of a tensor nobody reads, then `matrix` [SIZE, SIZE] in float32. */
async function writeCheckpoint(gapBytes: number): Promise<void> {
  const header = safetensorsBytes({}, (entries) => {
    entries['gap'] = { dtype: 'U8', shape: [gapBytes], data_offsets: [0, gapBytes] };
    const end = gapBytes + matrix.byteLength;
    entries['far.weight'] = { dtype: 'F32', shape: [SIZE, SIZE], data_offsets: [gapBytes, end] };
  });
  const file = await open(path.join(dir, 'model.safetensors'), 'w');
  await file.write(header, 0, header.byteLength, 0);
  await file.write(new Uint8Array(matrix.buffer), 0, matrix.byteLength, header.byteLength + gapBytes);
  await file.close();
}

/** What `input` times the matrix is, rows being outputs. */
function product(): number[] {
  return Array.from({ length: SIZE }, (_, row) =>
    input.reduce((sum, value, column) => sum + value * matrix[row * SIZE + column]!, 0),
  );
}

/** A graph of one product with the checkpoint's matrix; its weights lie `offset` bytes behind the data file's beginning. */
async function writeGraph(offset: number, format: WeightFormat): Promise<string> {
  const data = await open(path.join(dir, dataFileName('far')), 'w');
  let end = offset;
  const graph = new GraphBuilder('far', async (_name, byteLength, blocks) => {
    const kept: Uint8Array[] = [];
    for await (const block of blocks) kept.push(block);
    const bytes = Buffer.concat(kept);
    const at = end;
    end += byteLength;
    await data.write(bytes, 0, byteLength, at);
    return { offset: at, byteLength };
  });
  const tensors = await openTensors(dir);
  const project = await writeProjection(graph, 'far', tensors, ['far.weight'], format);
  graph.output('y', 'float32', [1, SIZE], project(graph, graph.input('x', 'float32', [1, SIZE])));
  await tensors.close();
  await data.close();
  const file = path.join(dir, modelFileName('far'));
  writeFileSync(file, encodeModel(graph, dataFileName('far')));
  return file;
}

test.each([
  ['2 GiB in float32', 2 * GIB, undefined, 5],
  ['4 GiB in float32', 4 * GIB, undefined, 5],
  ['6 GiB in float32', 6 * GIB, undefined, 5],
  ['4 GiB in 8 bits', 4 * GIB, { bits: 8, blockSize: 32, accuracyLevel: 4 }, 1],
  ['4 GiB in 4 bits', 4 * GIB, { bits: 4, blockSize: 32, accuracyLevel: 4 }, 0],
] as const)('a matrix beyond %s gives the right products', async (_name, offset, format, digits) => {
  await writeCheckpoint(offset);
  const file = await writeGraph(offset, format);
  const session = await openSession(file, { device: 'cpu', threads: 1 });
  const { y } = await session.run({ x: float32Tensor(input, [1, SIZE]) });
  await session.close();
  const found = [...(y!.data as Float32Array)];
  expect(Math.max(...product())).toBeGreaterThan(2);
  product().forEach((expected, row) => expect(found[row]).toBeCloseTo(expected, digits));
  for (const large of ['model.safetensors', dataFileName('far')]) {
    const { size } = statSync(path.join(dir, large));
    expect(size).toBeGreaterThan(offset);
    expect(bytesOnDisk(path.join(dir, large)), `${large} has a hole`).toBeLessThan(2 ** 20);
  }
});
