/** When each word of a segment sounds, by what the model looked at as it spoke. */
import { FRAMES_PER_SECOND } from '../codes.js';
import { tokenPath } from '../frames/index.js';
import { placeWords, type PromptTokenizer, type WordTokens } from '../prompt/index.js';
import type { WordTime } from '../requests.js';
import { BLOCK_SECONDS, blockLevels, loudnessOf, speechFloor } from '../sound/index.js';
import type { TextLook } from './look.js';

/**
 * So long before a word is heard its first token is looked at, for heads may look at the one behind that which sounds. Measured:
 * without it words began and ended 40 ms early (docs/voice.md).
 */
const LOOKS_AHEAD_FRAMES = 1;

/** What stands between words as models read them. */
const BETWEEN_WORDS = ' .,!?;:—…';

export interface SpokenSegment {
  readonly look: TextLook;
  /** Its text, normalised. */
  readonly text: string;
  /** Mono, 24 kHz, as they were heard. */
  readonly samples: Float32Array;
  /** A word by itself as it stands in a prompt, in phones where the model reads them, without the mark that ends a text. */
  readonly readWord: (word: string) => string;
}

/** Seconds from the segment's beginning. */
export function wordTimes(
  tokenizer: PromptTokenizer,
  { look, text, samples, readWord }: SpokenSegment,
): readonly WordTime[] {
  const between = new Set(Array.from(BETWEEN_WORDS).flatMap((sign) => Array.from(tokenizer.encode(sign))));
  const words = placeWords(text, look.tokens, (word) => tokenizer.encode(readWord(word)), between);
  return withoutSilence(timesOf(words, tokenPath(look.scores)), blockLevels(samples));
}

/**
 * Words with their seconds, by the token that is looked at in each frame. A word that was passed over lies, without a length, where
 * the next one begins.
 */
export function timesOf(words: readonly WordTokens[], path: Int32Array): WordTime[] {
  let frame = 0;
  const secondsAt = (): number =>
    (frame === 0 ? 0 : Math.min(frame + LOOKS_AHEAD_FRAMES, path.length)) / FRAMES_PER_SECOND;
  return words.map(({ text, from, to }) => {
    while (frame < path.length && path[frame]! < from) frame += 1;
    const startSeconds = secondsAt();
    while (frame < path.length && path[frame]! < to) frame += 1;
    return { text, startSeconds, endSeconds: secondsAt() };
  });
}

/**
 * Words without the silence at their ends, for the model looks at a word before it begins to sound; one that is silent stays where
 * it is. `levels`: dB, of each block of the segment.
 */
export function withoutSilence(words: readonly WordTime[], levels: Float32Array): WordTime[] {
  const floor = speechFloor(loudnessOf(levels));
  const isHeard = (level: number): boolean => level >= floor;
  return words.map((word) => {
    const from = Math.round(word.startSeconds / BLOCK_SECONDS);
    const own = levels.subarray(from, Math.round(word.endSeconds / BLOCK_SECONDS));
    const first = own.findIndex(isHeard);
    if (first < 0) return word;
    const end = own.findLastIndex(isHeard) + 1;
    return { ...word, startSeconds: (from + first) * BLOCK_SECONDS, endSeconds: (from + end) * BLOCK_SECONDS };
  });
}
