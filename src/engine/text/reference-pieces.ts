/** Long text cut as the reference's example cuts it, where that is asked for. Source: boson-ai/higgs-audio, examples/generation.py. */
import { detectLanguage } from './languages/index.js';

const TURN = /^\[SPEAKER/;

/**
 * A new piece after every `maxWords` words, wherever that is. Words stand between blanks, lines are kept; Chinese is cut between
 * words of a dictionary, another one than the reference's.
 */
export function piecesByWords(text: string, maxWords: number): string[] {
  const isChinese = detectLanguage(text) === 'zh';
  const words = isChinese ? dictionaryWords(text) : text.split(' ');
  return groupsOf(words, maxWords).map((group) => group.join(isChinese ? '' : ' '));
}

/** A new piece before every `maxTurns`th line that begins with a speaker's tag. */
export function piecesByTurns(text: string, maxTurns: number): string[] {
  const turns: string[] = [];
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (TURN.test(line) || turns.length === 0) turns.push(line);
    else turns.push(`${turns.pop() ?? ''}\n${line}`);
  }
  return groupsOf(turns, maxTurns).map((group) => group.join('\n'));
}

function groupsOf(parts: readonly string[], size: number): string[][] {
  const groups: string[][] = [];
  for (let from = 0; from < parts.length; from += size) groups.push(parts.slice(from, from + size));
  return groups;
}

function dictionaryWords(text: string): string[] {
  return Array.from(new Intl.Segmenter('zh', { granularity: 'word' }).segment(text), ({ segment }) => segment);
}
