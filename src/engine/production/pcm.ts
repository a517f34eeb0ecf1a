/** Samples as whole numbers, channels interleaved: what raw PCM, WAV and FLAC hold. */

/**
 * The nearest whole number of `bits` for a sample, without dither, clipped at full scale; no number counts as silence.
 * Clipping the top at 2^(bits-1) - 1 keeps -1 exact.
 */
export function quantize(sample: number, bits: number): number {
  const scale = 2 ** (bits - 1);
  return Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale))) || 0;
}

/** Channels of equal length, interleaved, as little-endian whole numbers of 16 or 24 bits or as 32-bit floats. */
export function interleave(channels: readonly Float32Array[], coding: 16 | 24 | 'float'): Uint8Array {
  const sampleBytes = coding === 'float' ? 4 : coding / 8;
  const frameCount = channels[0]?.length ?? 0;
  const bytes = new Uint8Array(frameCount * channels.length * sampleBytes);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (let frame = 0; frame < frameCount; frame++) {
    for (const channel of channels) {
      const sample = channel[frame]!;
      if (coding === 'float') view.setFloat32(at, sample, true);
      else if (coding === 16) view.setInt16(at, quantize(sample, 16), true);
      else {
        const value = quantize(sample, 24);
        view.setUint16(at, value & 0xffff, true);
        view.setInt8(at + 2, value >> 16);
      }
      at += sampleBytes;
    }
  }
  return bytes;
}
