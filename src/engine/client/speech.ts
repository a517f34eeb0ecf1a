/** Speech as its caller gets it: whole, or chunk by chunk in a loop. */
import { HiggsError } from '../errors.js';
import type { SoundFormat } from '../options.js';
import { writeWhole } from '../output-file.js';
import { encodeSound, formatOf } from '../production/index.js';
import type { AudioChunk, SpeakOptions, SpeakResult } from '../requests.js';
import { joinChunks } from '../sound/index.js';
import type { Speech } from '../speech-engine.js';
import type { CallEnd } from './call.js';

/** What a call that was to give speech ended with; its sound is that of its chunks. */
export function speechOf({ answer, chunks }: CallEnd): Speech {
  if (answer.to !== 'speech') throw wrongAnswer(answer.to);
  const result: SpeakResult = { ...answer.outcome, ...joinChunks(chunks) };
  const encode = (format: SoundFormat = 'wav16') => encodeSound(result, format);
  const save = async (file: string) => writeWhole(file, await encode(formatOf(file)));
  // Not fields: a copy of the result, as JSON or over a message channel, is its data alone.
  return Object.defineProperties({ ...result }, { encode: { value: encode }, save: { value: save } }) as Speech;
}

/** For a call that was answered by something that it did not ask for. */
export function wrongAnswer(to: string): HiggsError {
  return new HiggsError('HIGGS_INTERNAL', `The speech process answered a call with "${to}".`);
}

/** The chunks of what `speak` says, as they come; leaving the loop stops it, and is done when it has stopped. */
export async function* chunksOf(
  speak: (options: SpeakOptions) => Promise<Speech>,
  options: Omit<SpeakOptions, 'onChunk'>,
): AsyncGenerator<AudioChunk, Speech, void> {
  const left = new AbortController();
  const chunks: AudioChunk[] = [];
  const call = { isOver: false };
  let wake = () => {};
  const signal = options.signal === undefined ? left.signal : AbortSignal.any([left.signal, options.signal]);
  const onChunk = (chunk: AudioChunk) => {
    chunks.push(chunk);
    wake();
  };
  const speech = speak({ ...options, signal, onChunk });
  const ended = speech
    .catch(() => undefined)
    .then(() => {
      call.isOver = true;
      wake();
    });
  try {
    for (;;) {
      const chunk = chunks.shift();
      if (chunk !== undefined) yield chunk;
      else if (call.isOver) return await speech;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    left.abort();
    await ended;
  }
}
