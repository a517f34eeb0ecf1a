/**
 * Sound on its way from the worker. It crosses as ArrayBuffers, which V8 itself copies: Node.js 22.7 to 22.9 copies a
 * Float32Array that lies unaligned in a message past its end, which ends the process (nodejs/node#54573).
 */
import type { ToParent } from './protocol.js';
import type { AudioChunk } from './requests.js';

/** A chunk whose sound is held as `Samples`. */
interface ChunkOf<Samples> extends Omit<AudioChunk, 'samples' | 'channels' | 'stems'> {
  readonly samples: Samples;
  readonly channels?: readonly [left: Samples, right: Samples];
  readonly stems?: Readonly<Record<string, Samples>>;
}

type Chunk = Extract<ToParent, { kind: 'chunk' }>;
/** What the worker's messages are while they cross. */
export type OnWire = Exclude<ToParent, Chunk> | (Omit<Chunk, 'chunk'> & { readonly chunk: ChunkOf<ArrayBuffer> });

export function toWire(message: ToParent): OnWire {
  return message.kind === 'chunk' ? { ...message, chunk: convert(message.chunk, bytesOf) } : message;
}

export function fromWire(message: OnWire): ToParent {
  return message.kind === 'chunk' ? { ...message, chunk: convert(message.chunk, samplesOf) } : message;
}

function convert<A, B>({ samples, channels, stems, ...rest }: ChunkOf<A>, change: (samples: A) => B): ChunkOf<B> {
  return {
    ...rest,
    samples: change(samples),
    ...(channels && { channels: [change(channels[0]), change(channels[1])] }),
    ...(stems && { stems: Object.fromEntries(Object.entries(stems).map(([name, value]) => [name, change(value)])) }),
  };
}

/** A copy: the samples may be part of something larger. */
function bytesOf(samples: Float32Array): ArrayBuffer {
  return new Float32Array(samples).buffer;
}

function samplesOf(bytes: ArrayBuffer): Float32Array {
  return new Float32Array(bytes);
}
