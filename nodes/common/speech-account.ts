/** What msg.higgs tells about speech: plain data, so that it can be shown, stored and sent on. */
import { mediaTypeOf, subtitlesOf, type SpeakResult } from '../../src/engine/index.js';
import type { SpeakingValues } from './speaking-inputs.js';

/** The sound that is handed out: at its new speed, with chimes. */
export interface SoundFacts {
  readonly seconds: number;
  readonly sampleRateHz: number;
  readonly channels: number;
}

/** Plain values, and the text of the subtitles where there are to be some. */
export type Account = Readonly<Record<string, unknown>> & { readonly subtitleText?: string };

/** What was spoken, and what was made of it. `marks` lie where they are in the sound that is handed out. */
export function speechAccount(
  result: SpeakResult,
  sound: SoundFacts,
  marks: SpeakResult['marks'],
  { format, subtitles }: Pick<SpeakingValues, 'format' | 'subtitles'>,
): Account {
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
    ...(subtitles === 'none' ? {} : { subtitleText: subtitlesOf(marks, subtitles) }),
  };
}
