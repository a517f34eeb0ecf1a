/** Compares what the text room gives with readings that a listener takes for right; see readings.jsonl. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { normalizeText, splitAtPauses, splitIntoPieces, toPlainEnglish } from '../../../src/engine/text/index.js';

/**
 * A text, and what is right: any of the readings in `spoken` ("(a|b)" is one of several, "[a]" may be left out), words that
 * have to stand in it or may not, words with a mark behind them, and the pauses that are found. With `maxCharacters` it is a
 * text to cut, `sentencesExpected` the pieces that it may be made of.
 */
export interface Reading {
  readonly kind: string;
  readonly id: string;
  readonly language?: string;
  readonly text: string;
  /** As the embedded voice gets it. */
  readonly plain?: boolean;
  readonly spoken?: readonly string[];
  readonly must?: readonly string[];
  readonly mustNot?: readonly string[];
  readonly pauseAfter?: readonly string[];
  readonly pauses?: readonly number[];
  readonly maxCharacters?: number;
  readonly sentencesExpected?: readonly string[];
  readonly leastWords?: number;
  readonly cutBefore?: readonly string[];
}

export function readLinesOf<T>(name: string): T[] {
  return readFileSync(path.join(__dirname, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

/** What is wrong with how `reading` is read, or undefined. */
export function faultOf(reading: Reading): string | undefined {
  return reading.maxCharacters === undefined ? faultOfWords(reading) : faultOfPieces(reading, reading.maxCharacters);
}

function faultOfWords(reading: Reading): string | undefined {
  const { text, language = 'en', plain = false, pauses, spoken, must = [], mustNot = [], pauseAfter = [] } = reading;
  const phrases = pauses === undefined ? [{ text, pauseSeconds: 0 }] : splitAtPauses(text);
  const got = phrases.map((phrase) => write(phrase.text, language, plain)).join(' ');
  const found = phrases.map(({ pauseSeconds }) => pauseSeconds).filter((seconds) => seconds > 0);
  if (pauses !== undefined && JSON.stringify(found) !== JSON.stringify(pauses))
    return `pauses ${JSON.stringify(found)}`;
  if (spoken?.some((words) => matcher(words, plain, '^', '$').test(bare(got))) === false) return got;
  const missing = must.find((words) => !has(got, words, plain));
  if (missing !== undefined) return `${got} (without: ${missing})`;
  const extra = mustNot.find((words) => has(got, words, plain));
  if (extra !== undefined) return `${got} (with: ${extra})`;
  const paced = splitIntoPieces(got, { language }).join('\n').toLowerCase();
  const run = pauseAfter.find(
    (word) =>
      !new RegExp(`(?<![\\p{L}\\p{N}])${escape(word)}["']?(?:\\s*[.,;:!?]|${plain ? '' : '\\s*\\n|'}$)`, 'u').test(
        paced,
      ),
  );
  return run === undefined ? undefined : `${got} (no pause after: ${run})`;
}

function faultOfPieces(reading: Reading, limit: number): string | undefined {
  const { text, language = 'en', plain = false, sentencesExpected, leastWords = 0, cutBefore = [] } = reading;
  const words = write(text, language, plain);
  const last = sentencesExpected === undefined ? limit : Math.max(limit, Math.min(words.length, limit * 4));
  for (let maxCharacters = limit; maxCharacters <= last; maxCharacters++) {
    const pieces = splitIntoPieces(words, { maxCharacters, language });
    const shown = `at ${maxCharacters}: ${pieces.join(' | ')}`;
    if (bare(pieces.join(' ')) !== bare(words)) return `${shown} (words lost)`;
    if (pieces.some((piece) => piece.length > maxCharacters && piece.includes(' '))) return `${shown} (too long)`;
    if (pieces.some((piece) => !(plain ? /[.!?]$/ : /[.,;:!?]["']?$/).test(piece))) return `${shown} (no end)`;
    if (pieces.some((piece) => piece.split(' ').length < leastWords)) return `${shown} (too short)`;
    if (cutBefore.some((start) => !pieces.some((piece) => bare(piece).startsWith(bare(start))))) return shown;
    if (sentencesExpected !== undefined && !isMadeOf(pieces, sentencesExpected, plain))
      return `${shown} (inside a sentence)`;
  }
  return undefined;
}

/** Whether each piece is one or more of the sentences, whole and in order. */
function isMadeOf(pieces: readonly string[], sentences: readonly string[], plain: boolean): boolean {
  const rest = [...sentences];
  for (const piece of pieces) {
    let left = bare(piece);
    while (left !== '') {
      const found = rest.length === 0 ? null : matcher(rest.shift()!, plain, '^', '(?= |$)').exec(left);
      if (found === null) return false;
      left = left.slice(found[0].length).trim();
    }
  }
  return rest.length === 0;
}

function write(text: string, language: string, plain: boolean): string {
  const words = normalizeText(text, language);
  return plain ? toPlainEnglish(words) : words;
}

/** Words alone: without case and marks, and with what is the same to the ear written in one way. */
function bare(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/o['’]clock/g, 'o clock')
    .replace(/['’‘]/g, '')
    .replace(/[.,;:!?"“”„«»()…\-–—‐‑]/g, ' ')
    .replace(/metre/g, 'meter')
    .replace(/litre/g, 'liter')
    .replace(/per cent\b/g, 'percent')
    .replace(/\bdouble (\p{L}+)/gu, '$1 $1')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** "(a|b) [c]" as a pattern; spelt letters may stand together where the text is not plain. */
function matcher(words: string, plain: boolean, before: string, behind: string): RegExp {
  const sources = expand(words).map((reading) => {
    const tokens = bare(reading).split(' ');
    return tokens
      .map((token, index) => {
        const isSpelt = index > 0 && /^\p{L}$/u.test(tokens[index - 1]!) && /^\p{L}$/u.test(token);
        return `${index === 0 ? '' : isSpelt && !plain ? ' ?' : ' '}${escape(token)}`;
      })
      .join('');
  });
  return new RegExp(`${before}(?:${sources.sort((a, b) => b.length - a.length).join('|')})${behind}`, 'u');
}

function has(got: string, words: string, plain: boolean): boolean {
  if (!/[\p{L}\p{N}]/u.test(words)) return got.includes(words);
  return matcher(words, plain, '(?<![\\p{L}\\p{N}])', '(?![\\p{L}\\p{N}])').test(bare(got));
}

/** "(a|b) [c]" -> "a c", "a", "b c", "b"; choices nest. */
function expand(pattern: string): string[] {
  let at = 0;
  const sequence = (): string[] => {
    let found = [''];
    while (at < pattern.length && !'|)]'.includes(pattern[at]!)) {
      const sign = pattern[at++]!;
      const next = sign === '(' ? choice() : sign === '[' ? [...choice(), ''] : [sign];
      found = found.flatMap((start) => next.map((end) => start + end));
    }
    return found;
  };
  const choice = (): string[] => {
    const found = sequence();
    while (pattern[at] === '|') {
      at += 1;
      found.push(...sequence());
    }
    at += 1;
    return found;
  };
  return sequence();
}

function escape(text: string): string {
  return text.toLowerCase().replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
