/** Any WAV as raw PCM of 16 bits, from its first part on where it has 16 bits already. */
import { encodeSound, HiggsError, openSoundEncoder, readSound } from '../../engine/index.js';
import { readWavLayout, type WavLayout } from '../../engine/package-api.js';
import { checkedContainer, collect, one } from '../collect.js';
import { TELLING_BYTES, WAV } from '../container.js';
import type { PcmShape } from '../types.js';

export interface Pcm {
  readonly shape: PcmShape;
  readonly samples: AsyncIterable<Uint8Array>;
}

/** Headers are a few hundred bytes; pictures and the like in front of the samples can be more. */
const HEADER_LIMIT_BYTES = 1_000_000;
/** What a writer that does not know the length puts in its place. */
const UNKNOWN_LENGTH = 0xffff_0000;

/** Enough of the sound to tell what it is, and all of it. */
export interface Opened {
  readonly isWav: boolean;
  readonly parts: AsyncIterable<Uint8Array>;
}

/** Throws HIGGS_SOUND_UNPLAYABLE for what is no sound. */
export async function open(parts: AsyncIterable<Uint8Array>): Promise<Opened> {
  const source = parts[Symbol.asyncIterator]();
  const head = await headOf(source, (bytes) => bytes.byteLength >= TELLING_BYTES);
  return { isWav: checkedContainer(head).mediaType === WAV.mediaType, parts: joined(head, source) };
}

/** Throws HIGGS_CLIP_UNREADABLE for a WAV file that cannot be read. */
export async function pcmOfWav(parts: AsyncIterable<Uint8Array>): Promise<Pcm> {
  const source = parts[Symbol.asyncIterator]();
  let layout: WavLayout | undefined;
  const head = await headOf(source, (bytes) => {
    layout = layoutOf(bytes);
    return layout !== undefined || bytes.byteLength > HEADER_LIMIT_BYTES;
  });
  // Says what is wrong with it.
  layout ??= readWavLayout(head);
  const { coding, container, channels, sampleRateHz, dataStart } = layout;
  if (coding.kind === 'pcm' && coding.bits === 16 && container === 'RIFF') {
    const shape = { sampleRateHz, channelCount: channels };
    const told = new DataView(head.buffer, head.byteOffset).getUint32(dataStart - 4, true);
    const byteCount = told === 0 || told >= UNKNOWN_LENGTH ? Infinity : told;
    return { shape, samples: cut(joined(head.subarray(dataStart), source), byteCount) };
  }
  const sound = readSound(await collect(joined(head, source)));
  const bytes = await encodeSound(sound, 'pcm16');
  return { shape: { sampleRateHz: sound.sampleRateHz, channelCount: sound.channels.length }, samples: one(bytes) };
}

/** Whole frames, each sample times `gain`. */
export async function* atGain(samples: AsyncIterable<Uint8Array>, { channelCount }: PcmShape, gain: number) {
  const frameBytes = 2 * channelCount;
  let rest: Uint8Array = new Uint8Array(0);
  for await (const part of samples) {
    const all = rest.byteLength === 0 ? part : Buffer.concat([rest, part]);
    const whole = all.byteLength - (all.byteLength % frameBytes);
    rest = all.subarray(whole);
    if (whole > 0) yield gain === 1 ? all.subarray(0, whole) : multiplied(all.subarray(0, whole), gain);
  }
}

/** A WAV file whose length nobody knows yet. */
export async function* withHeader(samples: AsyncIterable<Uint8Array>, shape: PcmShape) {
  // An encoder that ends before anything was pushed has written its header alone.
  const encoder = await openSoundEncoder('wav16', shape);
  yield await encoder.end();
  yield* samples;
}

function layoutOf(bytes: Uint8Array): WavLayout | undefined {
  try {
    return readWavLayout(bytes);
  } catch (thrown) {
    if (HiggsError.from(thrown).code !== 'HIGGS_CLIP_UNREADABLE') throw thrown;
    return undefined;
  }
}

/** The first parts together, until they are `enough` or there are no more. */
async function headOf(source: AsyncIterator<Uint8Array>, enough: (bytes: Uint8Array) => boolean): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  for (;;) {
    const step = await source.next();
    if (step.done === true) return head;
    head = head.byteLength === 0 ? step.value : Buffer.concat([head, step.value]);
    if (enough(head)) return head;
  }
}

async function* joined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (;;) {
    const step = await rest.next();
    if (step.done === true) return;
    yield step.value;
  }
}

async function* cut(parts: AsyncIterable<Uint8Array>, byteCount: number): AsyncGenerator<Uint8Array> {
  let left = byteCount;
  for await (const part of parts) {
    yield part.subarray(0, Math.min(part.byteLength, left));
    left -= part.byteLength;
    if (left <= 0) return;
  }
}

function multiplied(bytes: Uint8Array, gain: number): Uint8Array {
  const result = Buffer.from(bytes);
  for (let at = 0; at + 1 < result.length; at += 2) result.writeInt16LE(Math.round(result.readInt16LE(at) * gain), at);
  return result;
}
