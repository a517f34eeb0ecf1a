/** WAV files that are written while their sound still comes, and raw PCM. */
import { interleave } from './pcm.js';
import type { SoundEncoder, SoundShape } from './types.js';

export type PcmCoding = 16 | 24 | 'float';

/** Both lengths of a header whose writer does not know them: the most that 32 bits hold, which readers take as "up to the end". */
const UNKNOWN_LENGTH = 0xffff_ffff;
const HEADER_BYTES = 44;

/** Raw samples without a header. */
export function openPcmEncoder(): SoundEncoder {
  return { push: (channels) => interleave(channels, 16), end: () => new Uint8Array(0) };
}

/** `frameCount` as in {@link SoundShape}: known, the header tells the lengths; else they are written as unknown. */
export function openWavEncoder(coding: PcmCoding, shape: SoundShape): SoundEncoder {
  const { frameCount } = shape;
  let header: Uint8Array | undefined = wavHeader(coding, shape);
  const takeHeader = (): Uint8Array => {
    const taken = header ?? new Uint8Array(0);
    header = undefined;
    return taken;
  };
  return {
    push: (channels) => Buffer.concat([takeHeader(), interleave(channels, coding)]),
    // Sound without samples still makes a file, and a chunk of odd length is filled up to an even one.
    end: () => Buffer.concat([takeHeader(), new Uint8Array(frameCount === undefined ? 0 : padOf(coding, shape))]),
  };
}

function wavHeader(coding: PcmCoding, shape: SoundShape): Uint8Array {
  const { channelCount, sampleRateHz } = shape;
  const { frameBytes, dataBytes } = sizesOf(coding, shape);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(Math.min(UNKNOWN_LENGTH, HEADER_BYTES - 8 + dataBytes + padOf(coding, shape)), 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(coding === 'float' ? 3 : 1, 20);
  header.writeUInt16LE(channelCount, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * frameBytes, 28);
  header.writeUInt16LE(frameBytes, 32);
  header.writeUInt16LE((8 * frameBytes) / channelCount, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(Math.min(UNKNOWN_LENGTH, dataBytes), 40);
  return header;
}

function sizesOf(coding: PcmCoding, { channelCount, frameCount }: SoundShape) {
  const frameBytes = (channelCount * (coding === 'float' ? 32 : coding)) / 8;
  return { frameBytes, dataBytes: frameCount === undefined ? UNKNOWN_LENGTH : frameCount * frameBytes };
}

function padOf(coding: PcmCoding, shape: SoundShape): number {
  return shape.frameCount === undefined ? 0 : sizesOf(coding, shape).dataBytes % 2;
}
