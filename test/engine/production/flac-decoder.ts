/** A FLAC decoder for what RFC 9639 calls fixed, constant and verbatim subframes; checks both check sums of each frame. */
import { createHash } from 'node:crypto';

export interface DecodedFlac {
  readonly sampleRateHz: number;
  /** As the head of the file tells it; 0: unknown. */
  readonly toldFrameCount: number;
  /** Whether the told check sum is that of the samples; undefined where none is told. */
  readonly md5Holds: boolean | undefined;
  /** Whole numbers of 16 bits. */
  readonly channels: number[][];
}

class BitReader {
  position = 0;
  constructor(readonly bytes: Uint8Array) {}
  read(count: number): number {
    let value = 0;
    for (let bit = 0; bit < count; bit++, this.position++) {
      value = value * 2 + ((this.bytes[this.position >> 3]! >> (7 - (this.position & 7))) & 1);
    }
    return value;
  }
  signed(count: number): number {
    const value = this.read(count);
    return value >= 2 ** (count - 1) ? value - 2 ** count : value;
  }
  unary(): number {
    let zeros = 0;
    while (this.read(1) === 0) zeros++;
    return zeros;
  }
  get byteAt(): number {
    return Math.ceil(this.position / 8);
  }
}

export function decodeFlac(bytes: Uint8Array): DecodedFlac {
  const bits = new BitReader(bytes);
  if (bits.read(32) !== 0x66_4c_61_43 || bits.read(8) !== 0x80 || bits.read(24) !== 34) throw new Error('no FLAC');
  bits.read(32); // block lengths
  bits.read(48); // frame sizes
  const sampleRateHz = bits.read(20);
  const channelCount = bits.read(3) + 1;
  if (bits.read(5) !== 15) throw new Error('not 16 bits');
  const toldFrameCount = bits.read(36);
  const md5 = Buffer.from(bytes.subarray(26, 42));
  bits.position = 42 * 8;
  const channels: number[][] = Array.from({ length: channelCount }, () => []);
  for (let frame = 0; bits.byteAt < bytes.length; frame++) {
    const start = bits.byteAt;
    if (bits.read(16) !== 0xfff8) throw new Error('no sync');
    if (bits.read(4) !== 7) throw new Error('block length elsewhere');
    const rateCode = bits.read(4);
    if (bits.read(4) + 1 !== channelCount) throw new Error('other channels');
    if (bits.read(4) !== 0b1000) throw new Error('other bits');
    if (readNumber(bits) !== frame) throw new Error('wrong number');
    const length = bits.read(16) + 1;
    if (bits.read(16) * (rateCode === 14 ? 10 : 1) !== sampleRateHz) throw new Error('other rate');
    if (crc(bytes.subarray(start, bits.byteAt), 8, 0x07) !== bits.read(8)) throw new Error('CRC-8');
    for (const channel of channels) channel.push(...readSubframe(bits, length));
    bits.position = bits.byteAt * 8;
    const end = bits.byteAt;
    if (crc(bytes.subarray(start, end), 16, 0x8005) !== bits.read(16)) throw new Error('CRC-16');
  }
  const interleaved = Int16Array.from(channels[0]!.flatMap((_, at) => channels.map((channel) => channel[at]!)));
  const isTold = md5.some((byte) => byte !== 0);
  const md5Holds = isTold
    ? createHash('md5').update(new Uint8Array(interleaved.buffer)).digest().equals(md5)
    : undefined;
  return { sampleRateHz, toldFrameCount, md5Holds, channels };
}

function readNumber(bits: BitReader): number {
  const lead = bits.read(8);
  if (lead < 0x80) return lead;
  const followers = Math.clz32(~(lead << 24)) - 1;
  let value = lead & (0x3f >> followers);
  for (let left = followers; left > 0; left--) value = value * 64 + (bits.read(8) & 0x3f);
  return value;
}

function readSubframe(bits: BitReader, length: number): number[] {
  const kind = bits.read(8) >> 1;
  if (kind === 0) return new Array<number>(length).fill(bits.signed(16));
  if (kind === 1) return Array.from({ length }, () => bits.signed(16));
  const order = kind & 7;
  if (kind >> 3 !== 1 || order > 4) throw new Error(`kind ${kind}`);
  const samples = Array.from({ length: order }, () => bits.signed(16));
  if (bits.read(2) !== 0) throw new Error('other Rice parameters');
  const parts = 2 ** bits.read(4);
  for (let part = 0; part < parts; part++) {
    const parameter = bits.read(4);
    for (let left = length / parts - (part === 0 ? order : 0); left > 0; left--) {
      const folded = bits.unary() * 2 ** parameter + bits.read(parameter);
      const residual = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
      const [a = 0, b = 0, c = 0, d = 0] = samples.slice(-4).reverse();
      samples.push(residual + [0, a, 2 * a - b, 3 * a - 3 * b + c, 4 * a - 6 * b + 4 * c - d][order]!);
    }
  }
  return samples;
}

function crc(bytes: Uint8Array, width: number, polynomial: number): number {
  let value = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const top = Math.floor(value / 2 ** (width - 1)) ^ ((byte >> bit) & 1);
      value = ((value << 1) & (2 ** width - 1)) ^ (top === 0 ? 0 : polynomial);
    }
  }
  return value;
}
