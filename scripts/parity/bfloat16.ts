/** The nearest bfloat16 of each, ties to even, as torch rounds. */
export function roundedToBfloat16(values: Float32Array): Float32Array {
  const words = new Uint32Array(Float32Array.from(values).buffer);
  const rounded = words.map((word) => ((word + 0x7fff + ((word >>> 16) & 1)) >>> 16) << 16);
  return new Float32Array(rounded.buffer);
}
