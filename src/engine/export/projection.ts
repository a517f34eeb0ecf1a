/** Matrix products with weights from the checkpoint, whole or quantised. */
import type { TensorSource } from '../checkpoint/types.js';
import { MICROSOFT, type GraphBuilder } from './graph-builder.js';
import { blocksPerRow, quantizeRows, type BlockFormat } from './quantize.js';

/** Rows are read and quantised in blocks of about this many weights. */
const WEIGHTS_A_READ = 2 ** 21;

/**
 * How precisely a quantised product is computed, MatMulNBits' `accuracy_level`: 0 in float32, 4 with the activations
 * brought to 8 bits too, which is what makes it fast on a CPU.
 */
export type AccuracyLevel = 0 | 4;

/** `undefined` leaves weights whole, in float32. */
export type WeightFormat = (BlockFormat & { readonly accuracyLevel: AccuracyLevel }) | undefined;

/** Adds the product to a graph (the outer one or a branch's): [.., inputs] to [.., outputs]. */
export type Projection = (graph: GraphBuilder, input: string) => string;

/**
 * Writes the weights of one or more linear layers, [outputs, inputs] each, as one matrix: its outputs are theirs in
 * order. The tensors are read by blocks of rows.
 */
export async function writeProjection(
  graph: GraphBuilder,
  name: string,
  tensors: TensorSource,
  layers: readonly string[],
  format: WeightFormat,
): Promise<Projection> {
  const shapes = layers.map((layer) => tensors.entries.get(layer)!.shape as [number, number]);
  const inputs = shapes[0]![1];
  const outputs = shapes.reduce((sum, [rows]) => sum + rows, 0);
  const blocks = rowBlocks(tensors, layers, inputs);
  if (format === undefined) {
    const matrix = new Float32Array(inputs * outputs);
    let column = 0;
    for await (const rows of blocks) {
      transposeInto(matrix, outputs, column, rows, inputs);
      column += rows.length / inputs;
    }
    const weight = await graph.float32(name, [inputs, outputs], matrix);
    return (at, input) => at.node('MatMul', [input, weight]);
  }
  const scales = new Float32Array(outputs * blocksPerRow(inputs, format));
  const shape = [outputs, blocksPerRow(inputs, format), (format.blockSize * format.bits) / 8];
  const packed = await graph.weight(name, 'uint8', shape, quantizedBlocks(blocks, inputs, format, scales));
  const scale = await graph.float32(`${name}.scales`, [scales.length], scales);
  return (at, input) =>
    at.node(
      'MatMulNBits',
      [input, packed, scale],
      {
        K: inputs,
        N: outputs,
        bits: format.bits,
        block_size: format.blockSize,
        accuracy_level: format.accuracyLevel,
      },
      MICROSOFT,
    );
}

/** The layers' rows in order, about {@link WEIGHTS_A_READ} weights at a time. */
export async function* rowBlocks(
  tensors: TensorSource,
  layers: readonly string[],
  columns: number,
): AsyncGenerator<Float32Array> {
  const rowsARead = Math.max(1, Math.floor(WEIGHTS_A_READ / columns));
  for (const layer of layers) {
    const rows = tensors.entries.get(layer)!.shape[0]!;
    for (let from = 0; from < rows; from += rowsARead) {
      yield await tensors.readFloat32(layer, from, Math.min(from + rowsARead, rows));
    }
  }
}

/** Packed weights as they come; their scales are kept in `scales`. */
async function* quantizedBlocks(
  blocks: AsyncIterable<Float32Array>,
  columns: number,
  format: BlockFormat,
  scales: Float32Array,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const rows of blocks) {
    const quantized = quantizeRows(rows, columns, format);
    scales.set(quantized.scales, done);
    done += quantized.scales.length;
    yield quantized.packed;
  }
}

/** rows [n, inputs] become columns [column, column + n) of matrix [inputs, outputs]. */
function transposeInto(
  matrix: Float32Array,
  outputs: number,
  column: number,
  rows: Float32Array,
  inputs: number,
): void {
  const count = rows.length / inputs;
  for (let input = 0; input < inputs; input++) {
    const to = input * outputs + column;
    for (let row = 0; row < count; row++) matrix[to + row] = rows[row * inputs + input]!;
  }
}
