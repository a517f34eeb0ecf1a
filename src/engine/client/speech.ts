/** A call's end as its caller gets it. */
import { HiggsError } from '../errors.js';
import type { AudioChunk, SpeakResult } from '../requests.js';
import { joinSamples } from '../sound/index.js';
import type { CallEnd } from './call.js';

/** The result of a call that was to give speech; its sound is that of its chunks. */
export function speechOf({ answer, chunks }: CallEnd): Omit<SpeakResult, 'cached'> {
  if (answer.to !== 'speech') throw wrongAnswer(answer.to);
  return { ...answer.outcome, ...joinChunks(chunks) };
}

/** For a call that was answered by something that it did not ask for. */
export function wrongAnswer(to: string): HiggsError {
  return new HiggsError('HIGGS_INTERNAL', `The speech process answered a call with "${to}".`);
}

function joinChunks(chunks: readonly AudioChunk[]): Pick<SpeakResult, 'samples' | 'channels' | 'stems'> {
  const joined = (pick: (chunk: AudioChunk) => Float32Array) => joinSamples(chunks.map(pick));
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
