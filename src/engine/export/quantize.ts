/**
 * Weights of 4 or 8 bits in blocks along a row, each with its scale, as onnxruntime's MatMulNBits reads them.
 * Source: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits
 */

export interface BlockFormat {
  readonly bits: 4 | 8;
  /** Weights that share a scale: a power of two, 16 or more. The last block of a row is filled up with zeros. */
  readonly blockSize: number;
}

export interface QuantizedRows {
  /** [rows, blocks, blockSize * bits / 8]; of two 4-bit weights in a byte the first is the lower half. */
  readonly packed: Uint8Array;
  /** [rows, blocks] */
  readonly scales: Float32Array;
}

export function blocksPerRow(columns: number, { blockSize }: BlockFormat): number {
  return Math.ceil(columns / blockSize);
}

/**
 * values [rows, columns]. A weight w becomes round(w / scale) + 2^(bits - 1), so that zero stays zero. The scale lets
 * the block's largest weight, with its sign, become the lowest code: of the 2^bits codes one more lies on that side.
 */
export function quantizeRows(values: Float32Array, columns: number, format: BlockFormat): QuantizedRows {
  const { bits, blockSize } = format;
  const rows = values.length / columns;
  const blocks = blocksPerRow(columns, format);
  const packed = new Uint8Array((rows * blocks * blockSize * bits) / 8);
  const scales = new Float32Array(rows * blocks);
  const middle = 2 ** (bits - 1);
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const from = row * columns + block * blockSize;
      const to = Math.min(from + blockSize, (row + 1) * columns);
      const scale = Math.fround(largestByMagnitude(values, from, to) / -middle);
      const at = row * blocks + block;
      scales[at] = scale;
      const inverse = scale === 0 ? 0 : 1 / scale;
      for (let i = 0; i < blockSize; i++) {
        const value = from + i < to ? values[from + i]! : 0;
        const code = Math.min(Math.max(Math.round(value * inverse) + middle, 0), 2 * middle - 1);
        const place = at * blockSize + i;
        if (bits === 8) packed[place] = code;
        else packed[place >> 1]! |= place % 2 === 0 ? code : code << 4;
      }
    }
  }
  return { packed, scales };
}

function largestByMagnitude(values: Float32Array, from: number, to: number): number {
  let largest = 0;
  for (let i = from; i < to; i++) if (Math.abs(values[i]!) > Math.abs(largest)) largest = values[i]!;
  return largest;
}
