/** Raw sound as servers stream it: 16-bit little-endian samples, cut anywhere. */

const FULL_SCALE = 2 ** 15;

/** Bytes in, samples out; a byte that is half a sample waits for its other half. */
export class PcmReader {
  private half: number | undefined;

  push(bytes: Uint8Array): Float32Array {
    const held = this.half === undefined ? 0 : 1;
    const count = (bytes.length + held) >> 1;
    const samples = new Float32Array(count);
    const byteAt = (at: number): number => (at < held ? this.half! : bytes[at - held]!);
    for (let i = 0; i < count; i++) {
      const unsigned = byteAt(2 * i) | (byteAt(2 * i + 1) << 8);
      samples[i] = ((unsigned << 16) >> 16) / FULL_SCALE;
    }
    const isOdd = (bytes.length + held) % 2 === 1;
    this.half = isOdd ? byteAt(2 * count) : undefined;
    return samples;
  }

  /** Whether the stream ends with half a sample: it was cut. */
  get isCut(): boolean {
    return this.half !== undefined;
  }
}
