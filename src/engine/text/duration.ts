/** How long a text takes to speak: for progress, for time marks, and for the limit that ends a generation gone astray. */
import { withoutTags } from './sound-tags.js';

/** Clear speech of normalised text (numbers in words): the embedded voices' clips run at 14 to 21, audio books at about 14. */
const CHARACTERS_PER_SECOND = 14;
/** Chinese, Japanese, Korean: a character is a syllable or more. */
const SYLLABLES_PER_SECOND = 4.5;
const SENTENCE_PAUSE_SECONDS = 0.35;
const SOUND_TAG_SECONDS = 1.5;
/** A slow reader takes twice the usual time; the rest is for breaths and a slow start. */
const LIMIT_FACTOR = 2;
const LIMIT_EXTRA_SECONDS = 2;

const SYLLABIC = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** Usual seconds for normalised `text`, 0 for an empty one: characters by rate, a pause a sentence, time for sound tags. */
export function estimateSpeechSeconds(text: string): number {
  const words = withoutTags(text);
  const syllables = words.match(SYLLABIC)?.length ?? 0;
  const characters = words.replace(SYLLABIC, '').replace(/\s+/gu, ' ').trim().length;
  const pauses = words.match(/[.!?;:](?=\s|$)/g)?.length ?? 0;
  const sounds = text.match(/<SE>/g)?.length ?? 0;
  return (
    characters / CHARACTERS_PER_SECOND +
    syllables / SYLLABLES_PER_SECOND +
    pauses * SENTENCE_PAUSE_SECONDS +
    sounds * SOUND_TAG_SECONDS
  );
}

/** No proper reading of normalised `text` takes longer: twice the estimate and 2 seconds. */
export function limitSpeechSeconds(text: string): number {
  return estimateSpeechSeconds(text) * LIMIT_FACTOR + LIMIT_EXTRA_SECONDS;
}
