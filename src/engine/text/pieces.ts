/**
 * Long text in pieces that the model speaks one after another: by speaker turn, then by sentence, and inside a sentence only
 * where it is longer than the limit (see cutParts).
 */
import { cutParts, type Counted, type PieceLimits } from './cuts.js';
import { TAG_PATTERN } from './sound-tags.js';

export interface PieceOptions {
  /** The reference's example cuts at about 200; the default. */
  readonly maxWords?: number;
  /** For small models; 0 or left out: no such limit. */
  readonly maxCharacters?: number;
  /** BCP 47 tag; ends of sentences are the same in all that are known here. */
  readonly language?: string;
}

/** Stands for a blank inside what may not be cut; text has no signs of the private-use area. */
const HELD_BLANK = '\ue000';
const USUAL_MAX_WORDS = 200;
const SPEAKER_TAG = /^\[SPEAKER\d{1,3}\]$/;
/** No abbreviation is longer. */
const LONGEST_ABBREVIATION = 30;
/** A sentence does not end behind these, whatever follows; lower case, without the full stop. */
const NUMBERED = new Set('no nos nr fig figs vol ch chap p pp sec art abb bd kap'.split(' '));
const NO_END = new Set(
  'mr mrs ms dr prof st jr sr vs e.g i.e approx dept inc ltd co mt ave rd gen col sgt capt rev hon z.b d.h u.a bzw ca hr fr tel str'.split(
    ' ',
  ),
);

/**
 * `text` (normalised or not) in pieces within the limit; joined with blanks they give all its words, in order. A word longer
 * than the limit is a piece of its own. A sentence that has to be cut gets a full stop at each cut, for the model ends well on
 * that. Where a speaker's turn is cut, its tag is repeated. No text, no pieces.
 */
export function splitIntoPieces(text: string, options: PieceOptions = {}): string[] {
  const { maxWords = USUAL_MAX_WORDS, maxCharacters = 0 } = options;
  // The blanks of `[Home Assistant](/hˈoʊm əsˈɪstənt/)` are no places to cut.
  const whole = text.replace(/\[[^[\]()\n]{1,100}\]\(\/[^()/\n]{1,200}\/\)/gu, (given) =>
    given.replaceAll(' ', HELD_BLANK),
  );
  return turnsOf(whole).flatMap(({ tag, words }) => {
    const room = maxCharacters === 0 ? Infinity : Math.max(1, maxCharacters - (tag === '' ? 0 : tag.length + 1));
    return pack(sentencesOf(words), { maxWords, maxCharacters: room }).map(
      (piece) => (tag === '' ? '' : `${tag} `) + piece.replaceAll(HELD_BLANK, ' '),
    );
  });
}

/** An end of a sentence, with the quotes and brackets that it closes; a full stop needs a blank behind it. */
const END = /[.!?…؟]{1,20}["')\]]{0,4}(?=\s|$)|[。！？।]{1,20}["')\]」』]{0,4}/gu;

/** Sentences of `text`, blanks around and within them made single; lines and the ends that abbreviations fake do not count. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  for (const line of text.split('\n').map(singleBlanks)) {
    let from = 0;
    for (const { 0: mark, index } of line.matchAll(END)) {
      const end = index + mark.length;
      if (
        !endsHere(
          line.slice(Math.max(from, end - LONGEST_ABBREVIATION), end),
          line.slice(end, end + 2),
          end < line.length,
        )
      )
        continue;
      sentences.push(line.slice(from, end));
      from = end;
    }
    sentences.push(line.slice(from));
  }
  return sentences.map((sentence) => sentence.trim()).filter((sentence) => sentence !== '');
}

/** Words as a reader counts them; in scripts without blanks, as a dictionary does. Tags are none. */
export function countWords(text: string): number {
  if (/^[\p{Script=Latin}\p{P}\p{S}\p{N}\s]*$/u.test(text))
    return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  let count = 0;
  for (const { isWordLike } of wordsIn(text)) if (isWordLike === true) count += 1;
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

function endsHere(sentence: string, rest: string, goesOn: boolean): boolean {
  const lastWord = sentence.slice(sentence.trimEnd().lastIndexOf(' ') + 1).trim();
  // "Stop!" he said.
  if (/["']$/.test(lastWord)) return !/^\s?\p{Ll}/u.test(rest);
  if (!lastWord.endsWith('.') || lastWord.endsWith('..')) return true;
  const stem = lastWord.slice(0, -1).replace(/^["'(]+/, '');
  // "J. Smith" and "am 3. Mai" go on, but "seven p m." and a line's "Or 4." end.
  const isNumbering = /^(?:\p{Lu}|\d{1,2})$/u.test(stem) && goesOn;
  const isBeforeNumber = NUMBERED.has(stem.toLowerCase()) && /^\s?[#\d]/.test(rest);
  return !NO_END.has(stem.toLowerCase()) && !isBeforeNumber && !isNumbering;
}

/** Joins neighbours as long as they fit; sentences that do not fit alone are cut first. */
function pack(sentences: readonly string[], limits: PieceLimits): string[] {
  const pieces: Counted[] = [];
  for (const sentence of sentences) {
    for (const [index, part] of cutSentence(sentence, limits).entries()) {
      const last = pieces.at(-1);
      // Parts of one sentence stay apart: they were cut where it is heard least.
      if (last !== undefined && index === 0 && fits(last, part, limits))
        pieces[pieces.length - 1] = joinWith(' ', last, part);
      else pieces.push(part);
    }
  }
  return pieces.map(({ text }) => text);
}

function fits(last: Counted, next: Counted, { maxWords, maxCharacters }: PieceLimits): boolean {
  return last.text.length + 1 + next.text.length <= maxCharacters && last.words + next.words <= maxWords;
}

function joinWith(gap: string, first: Counted, second: Counted): Counted {
  return { text: first.text + gap + second.text, words: first.words + second.words };
}

/** The sentence whole, where it fits. */
function cutSentence(sentence: string, limits: PieceLimits): Counted[] {
  if (sentence.length <= limits.maxCharacters) {
    const words = countWords(sentence);
    if (words <= limits.maxWords) return [{ text: sentence, words }];
  }
  // The mark behind a cut takes a sign.
  const room = { ...limits, maxCharacters: Math.max(1, limits.maxCharacters - 1) };
  const parts = sentence.split(' ').flatMap((word) => unspacedWords(word, room));
  return cutParts(parts, room).map((piece, index, pieces) =>
    index === pieces.length - 1 ? piece : { ...piece, text: markCut(piece.text) },
  );
}

/** Scripts with blanks get a full stop; in others the cut stands as it is. */
function markCut(piece: string): string {
  if (UNSPACED.test(piece.slice(-2)) || /(?:[.!?][\])"']{0,3}|>|\])$/.test(piece)) return piece;
  return /[,;:]["']$/.test(piece) ? piece : `${piece.replace(/[,;:]$/, '')}.`;
}

const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}，、；：]/u;

/** A run without blanks: where it is too long, scripts that write none are cut between their words; a long word stays whole. */
function unspacedWords(run: string, { maxWords, maxCharacters }: PieceLimits): Counted[] {
  if (!UNSPACED.test(run)) return [{ text: run, words: countWords(run) }];
  const parts: Counted[] = [];
  for (const { segment, isWordLike } of wordsIn(run)) {
    const last = parts.at(-1);
    const next = { text: segment, words: isWordLike === true ? 1 : 0 };
    // A mark stays with its word, over the limit if need be.
    const isMark = /^\p{P}+$/u.test(segment);
    const hasRoom =
      last !== undefined && last.text.length + segment.length <= maxCharacters && last.words + next.words <= maxWords;
    if (last !== undefined && (isMark || hasRoom)) parts[parts.length - 1] = joinWith('', last, next);
    else parts.push(next);
  }
  return parts;
}

function singleBlanks(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

let segmenter: Intl.Segmenter | undefined;

function wordsIn(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' });
  return segmenter.segment(text);
}
