/** Where a WAV file keeps what: its header, read with every length checked against the bytes that are there. */
import { HiggsError } from '../errors.js';

/** How samples are written in the file. Bits of PCM are those of the container (a 20-bit sample in 3 bytes has 24). */
export type WavCoding =
  | { readonly kind: 'pcm'; readonly bits: 8 | 16 | 24 | 32 }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly kind: 'a-law' | 'mu-law' };

export interface WavLayout {
  readonly container: 'RIFF' | 'RIFX';
  readonly coding: WavCoding;
  readonly channels: number;
  readonly sampleRateHz: number;
  /** Bytes of one sample of each channel. */
  readonly frameBytes: number;
  /** The samples' bytes: whole frames, within the file. */
  readonly dataStart: number;
  readonly dataEnd: number;
}

export const CHANNEL_LIMIT = 64;
export const RATE_RANGE_HZ = { min: 1_000, max: 768_000 } as const;

const EXTENSIBLE = 0xfffe;
const PCM_BITS = [8, 16, 24, 32] as const;
const FLOAT_BITS = [32, 64] as const;
/** Files have a dozen; each costs a look. */
const MOST_CHUNKS = 10_000;
/** What other files begin with, to tell their sender what they are. */
const OTHER_FORMATS: readonly (readonly [start: string, at: number, name: string])[] = [
  ['ID3', 0, 'an MP3 file'],
  ['\u00ff\u00fb', 0, 'an MP3 file'],
  ['OggS', 0, 'an Ogg file'],
  ['fLaC', 0, 'a FLAC file'],
  ['FORM', 0, 'an AIFF file'],
  ['ftyp', 4, 'an MP4 or M4A file'],
  ['\u001aE\u00df\u00a3', 0, 'a WebM or Matroska file'],
];

/** Reads a RIFF, RIFX or RF64 header. Throws HIGGS_CLIP_UNREADABLE that says what is wrong with the file. */
export function readWavLayout(bytes: Uint8Array): WavLayout {
  const text = (at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length));
  const outer = text(0, 4);
  if (bytes.length < 12 || !['RIFF', 'RIFX', 'RF64', 'BW64'].includes(outer) || text(8, 4) !== 'WAVE') {
    const known = OTHER_FORMATS.find(([start, at]) => text(at, start.length) === start);
    const what =
      bytes.length === 0 ? 'is empty' : known === undefined ? 'is no WAV file' : `is ${known[2]}, not a WAV file`;
    throw unreadable(what);
  }
  const container = outer === 'RIFX' ? 'RIFX' : 'RIFF';
  const littleEndian = container === 'RIFF';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  const formatId = chunkId('fmt ');
  const dataId = chunkId('data');
  let format: DataView | undefined;
  let data: { start: number; end: number } | undefined;
  let chunks = 0;
  // Each turn goes on by 8 bytes at least. A length beyond the file's end (a recording cut short, or a stream whose writer
  // never knew it) means: up to the end.
  for (let at = 12; at + 8 <= bytes.length && (format === undefined || data === undefined);) {
    if (++chunks > MOST_CHUNKS) throw unreadable(`has more than ${MOST_CHUNKS} parts`);
    const id = view.getUint32(at);
    const size = view.getUint32(at + 4, littleEndian);
    const start = at + 8;
    const end = Math.min(start + size, bytes.length);
    if (id === formatId && end - start >= 16) {
      format ??= new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
    }
    if (id === dataId) data ??= { start, end };
    at = start + size + (size % 2);
  }
  if (format === undefined) throw unreadable('has no description of its format');
  if (data === undefined) throw unreadable('holds no samples');
  return layoutOf(format, data, container);
}

/** The four letters as the number that stands for them, first letter highest. */
function chunkId(letters: string): number {
  return Buffer.from(letters, 'latin1').readUInt32BE(0);
}

function layoutOf(format: DataView, data: { start: number; end: number }, container: 'RIFF' | 'RIFX'): WavLayout {
  const littleEndian = container === 'RIFF';
  const word = (at: number) => format.getUint16(at, littleEndian);
  const channels = word(2);
  const sampleRateHz = format.getUint32(4, littleEndian);
  if (channels < 1 || channels > CHANNEL_LIMIT) throw unreadable(`claims to have ${channels} channels`);
  if (sampleRateHz < RATE_RANGE_HZ.min || sampleRateHz > RATE_RANGE_HZ.max) {
    throw unreadable(`claims to have ${sampleRateHz} samples a second`);
  }
  // The extensible format keeps the real tag in the first word of its subformat.
  const tag = word(0) === EXTENSIBLE && format.byteLength >= 26 ? word(24) : word(0);
  const coding = codingOf(tag, word(14));
  const frameBytes = channels * (('bits' in coding ? coding.bits : 8) / 8);
  const frames = Math.floor((data.end - data.start) / frameBytes);
  if (frames === 0) throw unreadable('holds no samples');
  return {
    container,
    coding,
    channels,
    sampleRateHz,
    frameBytes,
    dataStart: data.start,
    dataEnd: data.start + frames * frameBytes,
  };
}

function codingOf(tag: number, bitsPerSample: number): WavCoding {
  const containerBits = Math.ceil(bitsPerSample / 8) * 8;
  const pcmBits = PCM_BITS.find((bits) => bits === containerBits);
  const floatBits = FLOAT_BITS.find((bits) => bits === containerBits);
  if (tag === 1 && pcmBits !== undefined) return { kind: 'pcm', bits: pcmBits };
  if (tag === 3 && floatBits !== undefined) return { kind: 'float', bits: floatBits };
  if (tag === 6) return { kind: 'a-law' };
  if (tag === 7) return { kind: 'mu-law' };
  throw unreadable(`has a coding that is not supported (tag ${tag}, ${bitsPerSample} bits)`);
}

/** `what` goes on from "The sound file …". */
export function unreadable(what: string, cause?: unknown): HiggsError {
  return new HiggsError(
    'HIGGS_CLIP_UNREADABLE',
    `The sound file ${what}.`,
    cause === undefined ? undefined : { cause },
  );
}
