import type { AudioChunk, SpeakResult } from '../requests.js';
import { joinFloats } from '../values.js';

/** The sound of chunks that follow each other, mono, and left, right and tracks where the first one has them. */
export function joinChunks(chunks: readonly AudioChunk[]): Pick<SpeakResult, 'samples' | 'channels' | 'stems'> {
  const joined = (pick: (chunk: AudioChunk) => Float32Array) => joinFloats(chunks.map(pick));
  const first = chunks[0];
  const stems = Object.keys(first?.stems ?? {}).map((name) => [name, joined(({ stems }) => stems![name]!)] as const);
  return {
    samples: joined(({ samples }) => samples),
    ...(first?.channels
      ? { channels: [joined(({ channels }) => channels![0]), joined(({ channels }) => channels![1])] as const }
      : {}),
    ...(stems.length > 0 ? { stems: Object.fromEntries(stems) } : {}),
  };
}
