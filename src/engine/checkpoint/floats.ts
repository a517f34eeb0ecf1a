/** The float types of safetensors files, to float32. All of them little-endian, as the hosts that onnxruntime runs on. */
import type { TensorType } from './types.js';

export const BYTES_PER_ELEMENT: Readonly<Record<TensorType, number>> = {
  F64: 8,
  I64: 8,
  F32: 4,
  I32: 4,
  F16: 2,
  BF16: 2,
  U8: 1,
  BOOL: 1,
};

/** The types that {@link toFloat32} takes. */
export type FloatType = 'F64' | 'F32' | 'F16' | 'BF16';

export function isFloatType(type: TensorType): type is FloatType {
  return type === 'F64' || type === 'F32' || type === 'F16' || type === 'BF16';
}

/** `bytes` as numbers; a view on them where they are aligned float32 already. F64 is rounded. */
export function toFloat32(type: FloatType, bytes: Uint8Array): Float32Array {
  const size = BYTES_PER_ELEMENT[type];
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const count = aligned.byteLength / size;
  switch (type) {
    case 'F32':
      return new Float32Array(aligned.buffer, aligned.byteOffset, count);
    case 'F64':
      return Float32Array.from(new Float64Array(aligned.buffer, aligned.byteOffset, count));
    case 'BF16': {
      const numbers = new Float32Array(count);
      widenBfloat16(new Uint16Array(aligned.buffer, aligned.byteOffset, count), numbers);
      return numbers;
    }
    case 'F16': {
      const table = halfTable();
      return Float32Array.from(new Uint16Array(aligned.buffer, aligned.byteOffset, count), (half) => table[half]!);
    }
  }
}

/** bfloat16 is the upper half of a float32. */
function widenBfloat16(halves: Uint16Array, numbers: Float32Array): void {
  const words = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  for (let i = 0; i < halves.length; i++) words[i] = halves[i]! << 16;
}

let halfValues: Float32Array | undefined;

/** All 65536 float16 values; made at the first use. */
function halfTable(): Float32Array {
  halfValues ??= Float32Array.from({ length: 0x10000 }, (_, half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  return halfValues;
}
