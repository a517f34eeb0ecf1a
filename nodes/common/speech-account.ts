/** What msg.higgs tells about speech: plain data, so that it can be shown, stored and sent on. */
import { mediaTypeOf, type SoundFormat, type SpeakResult } from '../../src/engine/index.js';

/** The sound that is handed out: at its new speed, with chimes. */
export interface SoundFacts {
  readonly seconds: number;
  readonly sampleRateHz: number;
  readonly channels: number;
}

/** What was spoken, and what was made of it. `marks` lie where they are in the sound that is handed out. */
export function speechAccount(
  result: SpeakResult,
  sound: SoundFacts,
  marks: SpeakResult['marks'],
  format: SoundFormat,
): Record<string, unknown> {
  const { workSeconds, firstSoundSeconds, frameCount: frames, seed, voice, stop, cached, retries } = result;
  const mediaType = mediaTypeOf(format);
  return {
    ...sound,
    workSeconds,
    firstSoundSeconds,
    frames,
    // Servers elsewhere may draw as they like.
    ...(seed === undefined ? {} : { seed }),
    voice,
    stop,
    cached,
    retries,
    marks,
    format,
    mediaType,
  };
}
