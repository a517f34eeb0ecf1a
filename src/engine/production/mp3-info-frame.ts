/**
 * The frame of silence that stands before the others of a whole MP3 and tells how many there are, where to seek, and how
 * many samples at both ends are the encoder's own: "Info" by Xing, with LAME's extension
 * (http://gabriel.mp3-tech.org/mp3infotag.html). Players show the right length by it and play without gaps.
 */

/** Samples that LAME puts before the first one (`ENCDELAY`). */
const ENCODER_DELAY = 576;
const MPEG_1_BITRATES_KBPS = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MPEG_2_BITRATES_KBPS = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const MPEG_1_RATES_HZ = [44_100, 48_000, 32_000];
const MPEG_2_RATES_HZ = [22_050, 24_000, 16_000];
/** "Info", flags, frames, bytes, 100 places to seek, quality; then LAME's own 36 bytes. */
const INFO_BYTES = 4 + 4 + 4 + 4 + 100 + 4 + 36;
const FRAMES_BYTES_TOC_QUALITY = 0x0f;

/** `mp3` behind such a frame; `sampleCount` of one channel, at the rate of the MP3. What is no layer 3 is given back as it is. */
export function withInfoFrame(mp3: Uint8Array, sampleCount: number): Uint8Array {
  const frames = framesIn(mp3);
  const [first] = frames;
  if (first === undefined) return mp3;
  const { header, samplesPerFrame } = first;
  const info = Buffer.alloc(infoFrameBytes(header));
  info.set(infoHeader(header));
  // The last frames only bring the decoder, which is late itself, to its end. Counted are those that hold sound: players
  // show their length, trim by the difference to the padding, and may play up to a frame of silence behind it.
  const frameCount = Math.ceil((ENCODER_DELAY + sampleCount) / samplesPerFrame);
  let at = 4 + sideInfoBytes(header);
  at += info.write('Info', at, 'latin1');
  at = info.writeUInt32BE(FRAMES_BYTES_TOC_QUALITY, at);
  at = info.writeUInt32BE(frameCount, at);
  const byteCount = info.length + mp3.length;
  at = info.writeUInt32BE(byteCount, at);
  for (let percent = 0; percent < 100; percent += 1) {
    const frame = frames[Math.floor((percent * frames.length) / 100)]!;
    at = info.writeUInt8(Math.min(255, Math.floor((256 * (info.length + frame.offset)) / byteCount)), at);
  }
  at = info.writeUInt32BE(0, at);
  at += info.write('LAME3.100', at, 'latin1');
  // Revision, lowpass, gains, flags and the bit rate: unknown, as their zeros say.
  at += 12;
  const padding = frameCount * samplesPerFrame - ENCODER_DELAY - sampleCount;
  info.writeUIntBE((ENCODER_DELAY << 12) | Math.min(4095, padding), at, 3);
  info.writeUInt32BE(byteCount, at + 7);
  return Buffer.concat([info, mp3]);
}

interface Frame {
  readonly offset: number;
  readonly header: Header;
  readonly samplesPerFrame: number;
}

interface Header {
  readonly isMpeg1: boolean;
  readonly isMono: boolean;
  readonly rateHz: number;
  readonly bytes: Uint8Array;
}

function framesIn(mp3: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  for (let offset = 0; offset + 4 <= mp3.length;) {
    const header = readHeader(mp3.subarray(offset, offset + 4));
    if (header === undefined) break;
    frames.push({ offset, header, samplesPerFrame: header.isMpeg1 ? 1152 : 576 });
    offset += frameBytes(header, header.bytes[2]! >> 4, (header.bytes[2]! >> 1) & 1);
  }
  return frames;
}

function readHeader(bytes: Uint8Array): Header | undefined {
  const [sync, kind, rate, mode] = [bytes[0]!, bytes[1]!, bytes[2]!, bytes[3]!];
  const isLayer3 = sync === 0xff && (kind & 0xe6) === 0xe2;
  const version = (kind >> 3) & 3;
  const bitrate = rate >> 4;
  if (!isLayer3 || version < 2 || bitrate === 0 || bitrate === 15) return undefined;
  const isMpeg1 = version === 3;
  const rateHz = (isMpeg1 ? MPEG_1_RATES_HZ : MPEG_2_RATES_HZ)[(rate >> 2) & 3];
  return rateHz === undefined ? undefined : { isMpeg1, isMono: mode >> 6 === 3, rateHz, bytes };
}

function frameBytes({ isMpeg1, rateHz }: Header, bitrateIndex: number, padding: number): number {
  const kbps = (isMpeg1 ? MPEG_1_BITRATES_KBPS : MPEG_2_BITRATES_KBPS)[bitrateIndex - 1]!;
  return Math.floor(((isMpeg1 ? 144 : 72) * kbps * 1000) / rateHz) + padding;
}

/** The smallest bit rate whose frame has room. */
function infoBitrateIndex(header: Header): number {
  const needed = 4 + sideInfoBytes(header) + INFO_BYTES;
  return MPEG_1_BITRATES_KBPS.findIndex((_, index) => frameBytes(header, index + 1, 0) >= needed) + 1;
}

function infoFrameBytes(header: Header): number {
  return frameBytes(header, infoBitrateIndex(header), 0);
}

/** As the other frames' header, with a bit rate of its own, without padding and check sum. */
function infoHeader(header: Header): Uint8Array {
  const { bytes } = header;
  return Uint8Array.of(bytes[0]!, bytes[1]! | 1, (infoBitrateIndex(header) << 4) | (bytes[2]! & 0x0c), bytes[3]!);
}

function sideInfoBytes({ isMpeg1, isMono }: Header): number {
  if (isMpeg1) return isMono ? 17 : 32;
  return isMono ? 9 : 17;
}
