/** WAV files in and out. wavefile does the samples; lengths and headers are checked before it sees them. */
import { WaveFile } from 'wavefile';
import { SAMPLE_RATE_HZ } from '../codes.js';
import { readWavLayout, unreadable, type WavLayout } from './wav-layout.js';
import { joinFloats } from '../values.js';

/** A recording, all channels mixed into one. */
export interface Recording {
  /** Mono; full scale is -1 to 1 (float files may go beyond). */
  readonly samples: Float32Array;
  readonly sampleRateHz: number;
  /** Channels that the file had. */
  readonly channels: number;
}

/** Bytes that are decoded at a time: memory stays a small multiple of the result's. */
const SLICE_BYTES = 1 << 18;

/**
 * Reads PCM of 8 to 32 bits, float of 32 and 64, A-law and µ-law, any rate from 1 to 768 kHz, up to 64 channels, in RIFF, RIFX, RF64 and the extensible format; a file that is cut short is read as far as it goes.
 * Throws HIGGS_CLIP_UNREADABLE for anything else, in time that grows with the file's length and no faster.
 */
export function readWav(bytes: Uint8Array): Recording {
  const layout = readWavLayout(bytes);
  const { channels, sampleRateHz } = layout;
  const slices = Array.from(slicesOf(bytes, layout), (slice) => mixDown(slice, channels));
  return { samples: checked(joinFloats(slices)), sampleRateHz, channels };
}

/** As {@link readWav}, with the channels apart: one array each, all of one length. */
export function readSound(bytes: Uint8Array): { readonly channels: Float32Array[]; readonly sampleRateHz: number } {
  const layout = readWavLayout(bytes);
  const slices = Array.from(slicesOf(bytes, layout), (slice) => apart(slice, layout.channels));
  const channels = Array.from({ length: layout.channels }, (_, channel) =>
    checked(joinFloats(slices.map((slice) => slice[channel]!))),
  );
  return { channels, sampleRateHz: layout.sampleRateHz };
}

/** Interleaved samples, some at a time. */
function* slicesOf(bytes: Uint8Array, layout: WavLayout): Generator<Float64Array> {
  const { frameBytes, dataStart, dataEnd } = layout;
  const sliceBytes = Math.max(1, Math.floor(SLICE_BYTES / frameBytes)) * frameBytes;
  for (let from = dataStart; from < dataEnd; from += sliceBytes) {
    yield decodeSlice(bytes.subarray(from, Math.min(from + sliceBytes, dataEnd)), layout);
  }
}

function checked(samples: Float32Array): Float32Array {
  if (!samples.every(Number.isFinite)) throw unreadable('holds values that are no numbers');
  return samples;
}

/** Seconds of sound in a WAV file, from its header alone. Throws HIGGS_CLIP_UNREADABLE. */
export function wavSeconds(bytes: Uint8Array): number {
  const { sampleRateHz, frameBytes, dataStart, dataEnd } = readWavLayout(bytes);
  return (dataEnd - dataStart) / frameBytes / sampleRateHz;
}

/** Interleaved samples of a slice, full scale -1 to 1. */
function decodeSlice(data: Uint8Array, layout: WavLayout): Float64Array {
  const { coding } = layout;
  let samples: Float64Array;
  try {
    const wav = new WaveFile(sliceFile(data, layout));
    if (coding.kind === 'a-law') wav.fromALaw();
    if (coding.kind === 'mu-law') wav.fromMuLaw();
    samples = wav.getSamples(true);
  } catch (thrown) {
    throw unreadable('cannot be decoded', thrown);
  }
  if (coding.kind === 'float') return samples;
  const bits = coding.kind === 'pcm' ? coding.bits : 16;
  const middle = bits === 8 ? 128 : 0; // 8-bit PCM alone has no sign.
  const scale = 2 ** (bits - 1);
  return samples.map((sample) => (sample - middle) / scale);
}

/** A file of its own around a slice: a plain header, and nothing in it that the original's writer chose but the format. */
function sliceFile(data: Uint8Array, { container, coding, channels, sampleRateHz, frameBytes }: WavLayout): Uint8Array {
  const tag = { pcm: 1, float: 3, 'a-law': 6, 'mu-law': 7 }[coding.kind];
  const bits = 'bits' in coding ? coding.bits : 8;
  const file = Buffer.alloc(44 + data.length);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const littleEndian = container === 'RIFF';
  file.write(container, 0, 'latin1');
  view.setUint32(4, 36 + data.length, littleEndian);
  file.write('WAVEfmt ', 8, 'latin1');
  view.setUint32(16, 16, littleEndian);
  view.setUint16(20, tag, littleEndian);
  view.setUint16(22, channels, littleEndian);
  view.setUint32(24, sampleRateHz, littleEndian);
  view.setUint32(28, sampleRateHz * frameBytes, littleEndian);
  view.setUint16(32, frameBytes, littleEndian);
  view.setUint16(34, bits, littleEndian);
  file.write('data', 36, 'latin1');
  view.setUint32(40, data.length, littleEndian);
  file.set(data, 44);
  return file;
}

function mixDown(interleaved: Float64Array, channels: number): Float32Array {
  const mono = new Float32Array(Math.floor(interleaved.length / channels));
  for (let frame = 0; frame < mono.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += interleaved[frame * channels + channel]!;
    mono[frame] = sum / channels;
  }
  return mono;
}

function apart(interleaved: Float64Array, channels: number): Float32Array[] {
  const length = Math.floor(interleaved.length / channels);
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length }, (_sample, frame) => interleaved[frame * channels + channel]!),
  );
}

export interface WavFormat {
  /** Whole numbers of 16 or 24 bits, or 32-bit floats. Default 16. */
  readonly bits?: 16 | 24 | 32;
  /** Default 24,000. */
  readonly sampleRateHz?: number;
}

/**
 * Mono samples, -1 to 1, as a WAV file. Whole numbers are rounded to the nearest without dither and clipped at full scale,
 * so a file that was read is written as it was; floats are written as they are. The same samples give the same bytes.
 */
export function encodeWav(
  samples: Float32Array,
  { bits = 16, sampleRateHz = SAMPLE_RATE_HZ }: WavFormat = {},
): Uint8Array {
  const wav = new WaveFile();
  wav.fromScratch(1, sampleRateHz, bits === 32 ? '32f' : String(bits), bits === 32 ? samples : quantize(samples, bits));
  return wav.toBuffer();
}

function quantize(samples: Float32Array, bits: number): Int32Array {
  const scale = 2 ** (bits - 1);
  return Int32Array.from(samples, (sample) => Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale))));
}
