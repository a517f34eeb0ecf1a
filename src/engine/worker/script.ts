/** What people wrote, as the model should read it, between the pauses that they asked for. */
import type { SpeechOutcome } from '../protocol.js';
import { parseLexicon, type LexiconEntry } from '../lexicon.js';
import { SEGMENT_RULES } from '../options.js';
import type { ReadingFields, SegmentFields } from '../requests.js';
import {
  isSpeakable,
  languageFor,
  piecesByTurns,
  piecesByWords,
  splitAtPauses,
  type Phrase,
  type ReadingNote,
  type ReadingOptions,
} from '../text/index.js';
import type { Backend, CallTools } from './backend.js';

/** How a request's text is read; `all` is the whole of it, for its language is one. `lexicon`: the engine's own. */
export function readingOptions(
  { language, asWritten, lexicon: own }: ReadingFields,
  all: string,
  lexicon: readonly LexiconEntry[] = [],
): ReadingOptions {
  return { language: languageFor(all, language), asWritten, lexicon: [...lexicon, ...parseLexicon(own)] };
}

/**
 * Phrases with normalised words; a phrase that has nothing to speak keeps its pause alone, its text is empty. Where no
 * phrase has a word, none is spoken: a laugh alone is more than the model can do.
 */
export async function normalizePhrases<Voice, Turn>(
  backend: Pick<Backend<Voice, Turn>, 'normalize'>,
  text: string,
  reading: ReadingOptions,
  tools: CallTools,
): Promise<Phrase[]> {
  const phrases: Phrase[] = [];
  for (const { text: phrase, pauseSeconds } of splitAtPauses(text)) {
    const words = await backend.normalize(phrase, reading, tools);
    phrases.push({ text: isSpeakable(words) || /<SE/.test(words) ? words : '', pauseSeconds });
  }
  if (phrases.some(({ text: words }) => isSpeakable(words))) return phrases;
  return phrases.map(({ pauseSeconds }) => ({ text: '', pauseSeconds }));
}

/** Normalised `text` cut as the reference cuts it, where a call asks for that. */
export function segmentsAsAsked(
  text: string,
  { segmentBy, segmentWords, segmentTurns }: SegmentFields,
): string[] | undefined {
  switch (segmentBy) {
    case 'words':
      return piecesByWords(text, segmentWords ?? SEGMENT_RULES.segmentWords.fallback);
    case 'turns':
      return piecesByTurns(text, segmentTurns ?? SEGMENT_RULES.segmentTurns.fallback);
    case 'sentences':
    case undefined:
      return undefined;
  }
}

/** All letters, some numbers, more than one sentence. Twice: engines compile patterns better when they meet them again. */
const WARM_UP_TEXTS = [
  'The quick brown fox jumps over the lazy dog at 7:30 pm, on Friday, 21 March. Please close the kitchen window!',
  'Someone is at the front door. It is 20.5 °C outside, and the washing machine has finished: thank you very much.',
];

/**
 * Reads texts as a call would, up to the prompt, before anyone waits for it. The patterns of normaliser and tokenizer are compiled
 * at their first use: 40 ms that the first announcement need not take.
 */
export async function warmUp<Voice, Turn>(backend: Backend<Voice, Turn>, tools: CallTools): Promise<void> {
  const voice = await backend.openVoice({ kind: 'any', label: '' }, tools);
  const generator = backend.segmentGenerator({ seed: 0, withMusic: false }, tools);
  for (const text of WARM_UP_TEXTS) generator.split(await backend.normalize(text, {}, tools), voice);
}

/** A note as one text: what it is, and what to do. */
export function sayNote({ message, remedy }: ReadingNote): string {
  return `${message} ${remedy}`;
}

/** `outcome` with what could not be said as it was meant; nothing is added where there is nothing. */
export function withNotes(outcome: SpeechOutcome, notes: readonly ReadingNote[]): SpeechOutcome {
  return notes.length === 0 ? outcome : { ...outcome, notes: notes.map(sayNote) };
}
