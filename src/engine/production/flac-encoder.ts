/**
 * FLAC of 16 bits: fixed predictors and Rice codes, which is what speech needs to lose half its size or more.
 * Source: RFC 9639. Every file is in its streamable subset: a player may begin at any frame.
 */
import { createHash } from 'node:crypto';
import { BitWriter } from './bit-writer.js';
import { writeSubframe } from './flac-subframe.js';
import { interleave, quantize } from './pcm.js';
import type { Sound, SoundEncoder, SoundShape } from './types.js';

const BITS = 16;
const BLOCK_LENGTH = 4096;
/** Rates above this do not fit into a frame's header as Hz, but as tens of Hz. */
const MOST_HZ_IN_16_BITS = 0xffff;

/** The bytes of the frames and what the head of the file tells of them. */
interface FlacFacts {
  readonly frameCount: number;
  /** The sizes in bytes of the smallest and the largest frame; 0: unknown. */
  readonly leastBytes: number;
  readonly mostBytes: number;
  /** Of the interleaved samples; zeros: unknown. */
  readonly md5: Uint8Array;
}

const UNKNOWN: FlacFacts = { frameCount: 0, leastBytes: 0, mostBytes: 0, md5: new Uint8Array(16) };

/** For sound that still comes: its length and check sum are told as unknown. */
export function openFlacEncoder(shape: SoundShape): SoundEncoder {
  let head: Uint8Array | undefined = streamHead(shape, UNKNOWN);
  let waiting: Int32Array[] = Array.from({ length: shape.channelCount }, () => new Int32Array(0));
  let frameNumber = 0;
  const takeFrames = (all: boolean): Uint8Array => {
    const parts: Uint8Array[] = head ? [head] : [];
    head = undefined;
    const length = waiting[0]!.length;
    let from = 0;
    while (length - from >= BLOCK_LENGTH || (all && from < length)) {
      const to = Math.min(length, from + BLOCK_LENGTH);
      parts.push(
        writeFrame(
          waiting.map((channel) => channel.subarray(from, to)),
          frameNumber++,
          shape.sampleRateHz,
        ),
      );
      from = to;
    }
    waiting = waiting.map((channel) => channel.slice(from));
    return Buffer.concat(parts);
  };
  return {
    push: (channels) => {
      waiting = waiting.map((channel, index) => joined(channel, quantized(channels[index]!)));
      return takeFrames(false);
    },
    end: () => takeFrames(true),
  };
}

/** A whole file, its length and check sum told. */
export function writeFlac({ channels, sampleRateHz }: Sound): Uint8Array {
  const whole = channels.map(quantized);
  const frameCount = whole[0]?.length ?? 0;
  const frames: Uint8Array[] = [];
  for (let from = 0; from < frameCount; from += BLOCK_LENGTH) {
    const block = whole.map((channel) => channel.subarray(from, from + BLOCK_LENGTH));
    frames.push(writeFrame(block, frames.length, sampleRateHz));
  }
  const sizes = frames.map((frame) => frame.length);
  const head = streamHead(
    { sampleRateHz, channelCount: channels.length },
    {
      frameCount,
      leastBytes: sizes.reduce((least, size) => Math.min(least, size), sizes[0] ?? 0),
      mostBytes: sizes.reduce((most, size) => Math.max(most, size), 0),
      md5: createHash('md5').update(interleave(channels, 16)).digest(),
    },
  );
  return Buffer.concat([head, ...frames]);
}

function streamHead({ sampleRateHz, channelCount }: SoundShape, facts: FlacFacts): Uint8Array {
  const bits = new BitWriter();
  for (const letter of Buffer.from('fLaC', 'latin1')) bits.write(letter, 8);
  // The last (and only) block of metadata, of the kind STREAMINFO, 34 bytes long.
  bits.write(0x80, 8);
  bits.write(34, 24);
  bits.write(BLOCK_LENGTH, 16);
  bits.write(BLOCK_LENGTH, 16);
  bits.write(facts.leastBytes, 24);
  bits.write(facts.mostBytes, 24);
  bits.write(sampleRateHz, 20);
  bits.write(channelCount - 1, 3);
  bits.write(BITS - 1, 5);
  bits.write(Math.floor(facts.frameCount / 2 ** 32), 4);
  bits.write(facts.frameCount % 2 ** 32, 32);
  for (const byte of facts.md5) bits.write(byte, 8);
  return bits.view();
}

/** A frame of [channelCount][1 … 4096] samples. */
function writeFrame(channels: readonly Int32Array[], frameNumber: number, sampleRateHz: number): Uint8Array {
  const inTens = sampleRateHz > MOST_HZ_IN_16_BITS;
  const bits = new BitWriter();
  bits.write(0b1111_1111_1111_1000, 16); // sync; blocks of one fixed length
  bits.write(0b0111, 4); // the block's length stands below in 16 bits,
  bits.write(inTens ? 0b1110 : 0b1101, 4); // and so does the rate, in tens of Hz or in Hz
  bits.write(channels.length - 1, 4);
  bits.write(0b100, 3); // 16 bits a sample
  bits.write(0, 1);
  writeNumber(bits, frameNumber);
  bits.write(channels[0]!.length - 1, 16);
  bits.write(inTens ? Math.round(sampleRateHz / 10) : sampleRateHz, 16);
  bits.write(crc8(bits.view()), 8);
  for (const channel of channels) writeSubframe(bits, channel, BITS);
  bits.align();
  bits.write(crc16(bits.view()), 16);
  return bits.view();
}

/** As UTF-8 writes a character, up to 31 bits. */
function writeNumber(bits: BitWriter, value: number): void {
  if (value < 0x80) {
    bits.write(value, 8);
    return;
  }
  let followers = 1;
  while (value >= 2 ** (6 + 5 * followers)) followers++;
  const lead = (0xff << (7 - followers)) & 0xff;
  bits.write(lead | Math.floor(value / 2 ** (6 * followers)), 8);
  for (let left = followers - 1; left >= 0; left--) {
    bits.write(0x80 | (Math.floor(value / 2 ** (6 * left)) & 0x3f), 8);
  }
}

function quantized(samples: Float32Array): Int32Array {
  return Int32Array.from(samples, (sample) => quantize(sample, BITS));
}

function joined(before: Int32Array, after: Int32Array): Int32Array {
  const both = new Int32Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}

/** x^8 + x^2 + x + 1 */
function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x80 ? 0x107 : 0);
  }
  return crc;
}

/** x^16 + x^15 + x^2 + 1 */
const CRC16_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x8000 ? 0x18005 : 0);
  return crc;
});

function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ CRC16_TABLE[(crc >> 8) ^ byte]!;
  return crc;
}
