/** A sound as a whole, for those who cannot begin before. */
import { encodeSound, HiggsError, readSound } from '../engine/index.js';
import { containerOf, WAV, type Container } from './container.js';
import { fetchSound } from './fetch-sound.js';
import type { PcmShape, SoundSource } from './types.js';

/** Six hours of what the model speaks. */
const LIMIT_BYTES = 1_000_000_000;

export interface WholeSound extends Container {
  readonly bytes: Uint8Array;
  /** Where it can be told from the bytes. */
  readonly seconds?: number;
}

export function partsOf(source: SoundSource, signal: AbortSignal): AsyncIterable<Uint8Array> {
  if (source.kind === 'chunks') return stoppable(source.chunks, signal);
  return source.kind === 'url' ? fetchSound(source.url, signal) : one(source.bytes);
}

/** What still comes, until it is called off: then HIGGS_ABORTED, without waiting for the next part. */
async function* stoppable(parts: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const source = parts[Symbol.asyncIterator]();
  let stop: () => void = () => undefined;
  const stopped = new Promise<undefined>((resolve) => (stop = () => resolve(undefined)));
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const step = signal.aborted ? undefined : await Promise.race([source.next(), stopped]);
      if (step === undefined) throw new HiggsError('HIGGS_ABORTED', 'The sound was stopped.');
      if (step.done === true) return;
      yield step.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** A sound that is whole already, as one part. */
export async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

export async function collect(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  let byteCount = 0;
  for await (const part of parts) {
    byteCount += part.byteLength;
    if (byteCount > LIMIT_BYTES) {
      throw new HiggsError('HIGGS_SOUND_UNPLAYABLE', `The sound has more than ${LIMIT_BYTES / 1e6} MB.`);
    }
    all.push(part);
  }
  return all.length === 1 ? all[0]! : Buffer.concat(all);
}

/** A file that any player knows what to do with: raw PCM and WAV files become WAV files whose lengths are told. */
export async function wholeOf(source: SoundSource, signal: AbortSignal): Promise<WholeSound> {
  const bytes = await collect(partsOf(source, signal));
  const pcm = source.kind === 'url' ? undefined : source.pcm;
  if (pcm !== undefined) return asWav(soundOfPcm(bytes, pcm));
  const container = checkedContainer(bytes);
  return container.mediaType === WAV.mediaType ? asWav(readSound(bytes)) : { bytes, ...container };
}

/** Throws HIGGS_SOUND_UNPLAYABLE for what is no sound. */
export function checkedContainer(head: Uint8Array): Container {
  const container = containerOf(head);
  if (container !== undefined) return container;
  const what = head.byteLength === 0 ? 'The sound is empty.' : 'The bytes are no sound file that is known.';
  throw new HiggsError('HIGGS_SOUND_UNPLAYABLE', what);
}

async function asWav(sound: ReturnType<typeof readSound>): Promise<WholeSound> {
  const seconds = (sound.channels[0]?.length ?? 0) / sound.sampleRateHz;
  return { bytes: await encodeSound(sound, 'wav16'), ...WAV, seconds };
}

function soundOfPcm(bytes: Uint8Array, { sampleRateHz, channelCount }: PcmShape): ReturnType<typeof readSound> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frameCount = Math.floor(bytes.byteLength / (2 * channelCount));
  const channels = Array.from({ length: channelCount }, (_, channel) =>
    Float32Array.from({ length: frameCount }, (_sample, frame) => {
      const at = 2 * (frame * channelCount + channel);
      return view.getInt16(at, true) / 32_768;
    }),
  );
  return { channels, sampleRateHz };
}
