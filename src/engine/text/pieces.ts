/**
 * Long text in pieces that the model speaks one after another: by speaker turn, then by sentence, and inside a sentence only
 * where it is longer than the limit (at a clause's end, then between words, never inside one).
 */
import { TAG_PATTERN } from './sound-tags.js';

export interface PieceOptions {
  /** The reference's example cuts at about 200; the default. */
  readonly maxWords?: number;
  /** For small models; 0 or left out: no such limit. */
  readonly maxCharacters?: number;
  /** BCP 47 tag, for the ends of sentences; left out: English. */
  readonly language?: string;
}

const USUAL_MAX_WORDS = 200;
const SPEAKER_TAG = /^\[SPEAKER\d{1,3}\]$/;
/** A sentence does not end behind these, whatever follows; lower case, without the full stop. */
const NO_END = new Set(
  'mr mrs ms dr prof st no nr jr sr vs e.g i.e approx dept fig vol inc ltd co mt ave rd gen col sgt capt rev hon z.b d.h u.a bzw ca hr fr tel str'.split(
    ' ',
  ),
);

type Fits = (text: string) => boolean;

/**
 * `text` (normalised or not) in pieces within the limit; joined with blanks they give all its words, in order. A word longer
 * than the limit is a piece of its own. Where a speaker's turn is cut, its tag is repeated. No text, no pieces.
 */
export function splitIntoPieces(text: string, options: PieceOptions = {}): string[] {
  const { maxWords = USUAL_MAX_WORDS, maxCharacters = 0, language = 'en' } = options;
  const fits: Fits = (piece) => countWords(piece) <= maxWords && (maxCharacters === 0 || piece.length <= maxCharacters);
  return turnsOf(text).flatMap(({ tag, words }) => {
    const tagged = (piece: string): string => (tag === '' ? piece : `${tag} ${piece}`);
    const tooLong = (piece: string): boolean => !fits(tagged(piece));
    return pack(sentencesOf(words, language), (piece) => !tooLong(piece)).map(tagged);
  });
}

/** Sentences of `text`, blanks around and within them made single; lines and the ends that abbreviations fake do not count. */
export function sentencesOf(text: string, language = 'en'): string[] {
  const sentences: string[] = [];
  for (const line of text.split('\n')) {
    let open = '';
    for (const { segment, index } of segmenterOf(language, 'sentence').segment(line)) {
      open += segment;
      if (endsHere(open, line.slice(index + segment.length))) {
        sentences.push(open);
        open = '';
      }
    }
    sentences.push(open);
  }
  return sentences.map(singleBlanks).filter((sentence) => sentence !== '');
}

/** Words as a reader counts them; in scripts without blanks, as a dictionary does. Tags are none. */
export function countWords(text: string): number {
  if (/^[\p{Script=Latin}\p{P}\p{S}\p{N}\s]*$/u.test(text))
    return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  let count = 0;
  for (const { isWordLike } of segmenterOf('und', 'word').segment(text)) if (isWordLike === true) count += 1;
  return count;
}

function turnsOf(text: string): { tag: string; words: string }[] {
  const turns: { tag: string; words: string }[] = [{ tag: '', words: '' }];
  for (const part of text.split(TAG_PATTERN)) {
    if (SPEAKER_TAG.test(part)) turns.push({ tag: part, words: '' });
    else turns.at(-1)!.words += part;
  }
  return turns.filter(({ words }) => words.trim() !== '');
}

function endsHere(sentence: string, rest: string): boolean {
  const lastWord = /(\S+)\s*$/.exec(sentence)?.[1] ?? '';
  // "Stop!" he said.
  if (/["']$/.test(lastWord)) return !/^\p{Ll}/u.test(rest);
  if (!lastWord.endsWith('.')) return true;
  const stem = lastWord.slice(0, -1).replace(/^["'(]+/, '');
  // "J. Smith" and "am 3. Mai" go on, but "seven p m." and a line's "Or 4." end.
  const isNumbering = /^(?:\p{Lu}|\d{1,2})$/u.test(stem) && rest !== '';
  return !NO_END.has(stem.toLowerCase()) && !isNumbering;
}

/** Joins neighbours as long as they fit; parts that do not fit alone are cut first. */
function pack(sentences: readonly string[], fits: Fits): string[] {
  const pieces: string[] = [];
  for (const part of sentences.flatMap((sentence) => (fits(sentence) ? [sentence] : cutSentence(sentence, fits)))) {
    const joined = pieces.length === 0 ? part : `${pieces.at(-1) ?? ''} ${part}`;
    if (pieces.length > 0 && fits(joined)) pieces[pieces.length - 1] = joined;
    else pieces.push(part);
  }
  return pieces;
}

function cutSentence(sentence: string, fits: Fits): string[] {
  const clauses = sentence.split(/(?<=[,;:，、；：]["']?)\s+|(?<=[，、；：])/u);
  if (clauses.length > 1) return pack(clauses, fits);
  const words = sentence.split(' ');
  if (words.length > 1) return pack(words, fits);
  return unspacedWords(sentence, fits);
}

/** A run without blanks: scripts that write none are cut between their words, a long word stays whole. */
function unspacedWords(run: string, fits: Fits): string[] {
  if (
    !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u.test(
      run,
    )
  )
    return [run];
  const parts: string[] = [];
  for (const { segment } of segmenterOf('und', 'word').segment(run)) {
    const joined = `${parts.at(-1) ?? ''}${segment}`;
    // A mark stays with its word, over the limit if need be.
    const isMark = /^\p{P}+$/u.test(segment);
    if (parts.length > 0 && (isMark || fits(joined))) parts[parts.length - 1] = joined;
    else parts.push(segment);
  }
  return parts;
}

function singleBlanks(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenterOf(language: string, granularity: 'sentence' | 'word'): Intl.Segmenter {
  const tag = canonicalTag(language);
  const key = `${tag} ${granularity}`;
  const known = segmenters.get(key) ?? new Intl.Segmenter(tag, { granularity });
  segmenters.set(key, known);
  return known;
}

/** A tag that Intl takes; a malformed one means no language in particular. */
function canonicalTag(language: string): string {
  try {
    return Intl.getCanonicalLocales(language.replaceAll('_', '-'))[0] ?? 'und';
  } catch {
    return 'und';
  }
}
