/** Short words whose sound depends on what stands behind them. Source: misaki's `get_special_case`. */
import type { Following, KnownWords } from './known-words.js';
import { parentOf } from './known-words.js';
import { PRIMARY_STRESS, SECONDARY_STRESS } from './alphabet.js';

const SYMBOLS: ReadonlyMap<string, string> = new Map([
  ['%', 'percent'],
  ['&', 'and'],
  ['+', 'plus'],
  ['@', 'at'],
  ['vs', 'versus'],
]);

/** Phones of `word` where it is such a one; `words` gives their full forms. */
export function readWeakForm(word: string, tag: string, following: Following, words: KnownWords): string | undefined {
  const { sound } = following;
  const isNoun = tag.startsWith('NN');
  const symbol = SYMBOLS.get(word);
  if (symbol !== undefined) return words.entry(symbol);
  if (isDotted(word)) return words.spell(word);
  switch (word) {
    case 'a':
    case 'A':
      return tag === 'DT' && sound !== 'none' ? 'ɐ' : `${PRIMARY_STRESS}A`;
    case 'am':
    case 'Am':
    case 'AM':
      if (isNoun) return words.spell(word);
      return word !== 'am' || sound === 'none' ? words.entry('am') : 'ɐm';
    case 'an':
    case 'An':
    case 'AN':
      return word === 'AN' && isNoun ? words.spell(word) : 'ɐn';
    case 'I':
      return tag === 'PRP' ? `${SECONDARY_STRESS}I` : undefined;
    case 'by':
    case 'By':
    case 'BY':
      return parentOf(tag) === 'ADV' ? `b${PRIMARY_STRESS}I` : undefined;
    case 'to':
    case 'To':
    case 'TO':
      if (word === 'TO' && tag !== 'TO' && tag !== 'IN') return undefined;
      if (sound === 'none') return words.entry('to');
      return sound === 'vowel' ? 'tʊ' : 'tə';
    case 'in':
    case 'In':
    case 'IN':
      if (word === 'IN' && tag === 'NNP') return undefined;
      return sound === 'none' || tag !== 'IN' ? `${PRIMARY_STRESS}ɪn` : 'ɪn';
    case 'the':
    case 'The':
    case 'THE':
      if (word === 'THE' && tag !== 'DT') return undefined;
      return sound === 'vowel' ? 'ði' : 'ðə';
    case 'used':
    case 'Used':
    case 'USED':
      return (tag === 'VBD' || tag === 'JJ') && following.isTo ? words.entry('used', 'VBD') : words.entry('used');
    default:
      return undefined;
  }
}

/** a.m., U.S.A.: parts of one or two letters. */
function isDotted(word: string): boolean {
  const parts = word.split('.');
  return parts.length > 1 && parts.at(0) !== '' && parts[1] !== '' && parts.every((part) => /^\p{L}{0,2}$/u.test(part));
}
