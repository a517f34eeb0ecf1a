/**
 * ADTS frames of one size, by fill elements (ISO/IEC 14496-3, 4.4.2.7): no header of such a file tells its length, so players
 * and ffprobe take its bytes by the bytes of the first frames, and are right where all are alike.
 */
import { BitWriter } from './bit-writer.js';

const HEADER_BYTES = 7;
const FILL = 0b110;
const END = 0b111;
const NAME_BITS = 3;
const COUNT_BITS = 4;
/** A count of 15 says that another byte follows: 14 more than that are the bytes of the element. */
const ESCAPE = 15;
const LONGEST_FILL_BYTES = 255 + ESCAPE - 1;

/** Sizes frames so that from the first to each one there are as many bytes as so many frames of `frameBytes`, or more. */
export class ConstantRate {
  private owed = 0;

  constructor(private readonly frameBytes: number) {}

  /** A longer frame stays as it is, and those behind it get shorter until that is made up for. */
  next(frame: Uint8Array): Uint8Array {
    const padded = padFrame(frame, this.frameBytes - this.owed);
    this.owed += padded.length - this.frameBytes;
    return padded;
  }
}

/** `frame`, an ADTS frame of one block without a check sum, at `length` bytes; as it is where it is that long already. */
export function padFrame(frame: Uint8Array, length: number): Uint8Array {
  if (length <= frame.length) return frame;
  const padded = new Uint8Array(length);
  padded.set(frame);
  padded[3] = (padded[3]! & 0b1111_1100) | (length >> 11);
  padded[4] = (length >> 3) & 0xff;
  padded[5] = (padded[5]! & 0b0001_1111) | ((length & 0b111) << 5);
  const endAt = endElementAt(frame);
  const tail = new BitWriter();
  tail.write(frame[endAt >> 3]! >> (8 - (endAt & 7)), endAt & 7);
  let room = 8 * length - endAt - NAME_BITS;
  while (room >= NAME_BITS + COUNT_BITS) room -= writeFill(tail, Math.floor((room - NAME_BITS - COUNT_BITS) / 8));
  tail.write(END, NAME_BITS);
  tail.align();
  padded.set(tail.view(), endAt >> 3);
  return padded;
}

/** A fill element of `most` bytes of zeros, or a little shorter; gives its bits. */
function writeFill(writer: BitWriter, most: number): number {
  const isLong = most > ESCAPE;
  // One of them is the escape.
  const bytes = isLong ? Math.min(most - 1, LONGEST_FILL_BYTES) : Math.min(most, ESCAPE - 1);
  writer.write(FILL, NAME_BITS);
  writer.write(isLong ? ESCAPE : bytes, COUNT_BITS);
  if (isLong) writer.write(bytes - (ESCAPE - 1), 8);
  for (let index = 0; index < bytes; index += 1) writer.write(0, 8);
  return NAME_BITS + COUNT_BITS + (isLong ? 8 : 0) + 8 * bytes;
}

/** The bit at which the element that ends the block begins: it is three ones, and only zeros up to the byte's end follow. */
function endElementAt(frame: Uint8Array): number {
  let last = frame.length - 1;
  while (last > HEADER_BYTES && frame[last] === 0) last -= 1;
  const zeros = 31 - Math.clz32(frame[last]! & -frame[last]!);
  return 8 * last + 8 - zeros - NAME_BITS;
}
