/**
 * Sound on its way from the child. It crosses as ArrayBuffers, which V8 itself copies: Node.js 22.7 to 22.9 copies a
 * Float32Array that lies unaligned in a message past its end, which ends the process (nodejs/node#54573).
 */
import type { ToParent } from './protocol.js';
import type { AudioChunk } from './requests.js';

interface WireChunk extends Omit<AudioChunk, 'samples' | 'channels' | 'stems'> {
  readonly samples: ArrayBuffer;
  readonly channels?: readonly [left: ArrayBuffer, right: ArrayBuffer];
  readonly stems?: Readonly<Record<string, ArrayBuffer>>;
}

type Chunk = Extract<ToParent, { kind: 'chunk' }>;
/** What the child's messages are while they cross. */
export type OnWire = Exclude<ToParent, Chunk> | (Omit<Chunk, 'chunk'> & { readonly chunk: WireChunk });

export function toWire(message: ToParent): OnWire {
  if (message.kind !== 'chunk') return message;
  const { samples, channels, stems, ...rest } = message.chunk;
  return {
    ...message,
    chunk: {
      ...rest,
      samples: bytesOf(samples),
      ...(channels && { channels: [bytesOf(channels[0]), bytesOf(channels[1])] }),
      ...(stems && { stems: mapValues(stems, bytesOf) }),
    },
  };
}

export function fromWire(message: OnWire): ToParent {
  if (message.kind !== 'chunk') return message;
  const { samples, channels, stems, ...rest } = message.chunk;
  return {
    ...message,
    chunk: {
      ...rest,
      samples: new Float32Array(samples),
      ...(channels && { channels: [new Float32Array(channels[0]), new Float32Array(channels[1])] }),
      ...(stems && { stems: mapValues(stems, (bytes) => new Float32Array(bytes)) }),
    },
  };
}

/** A copy: the samples may be part of something larger. */
function bytesOf(samples: Float32Array): ArrayBuffer {
  return new Float32Array(samples).buffer;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
