/** Languages in which numbers are said, and nothing else is rewritten. */
import { cs, da, es, fi, fr, it, nb, nl, pl, pt, sv } from './number-words.js';
import type { PlainNumbers } from './types.js';

interface NumberWords {
  toCardinal(value: bigint): string;
  toOrdinal(value: bigint): string;
}

/** `said`: minus, the decimal mark, degrees, percent. */
function commaLanguage(words: NumberWords, said: string): PlainNumbers {
  const [minus = '', point = '', degrees = '', percent = ''] = said.split(', ');
  return {
    decimalMark: ',',
    cardinal: (value) => words.toCardinal(value),
    ordinal: (value) => words.toOrdinal(value),
    minus,
    point,
    degrees,
    percent,
  };
}

/** By primary language subtag. */
export const PLAIN_NUMBERS: ReadonlyMap<string, PlainNumbers> = new Map([
  ['cs', commaLanguage(cs, 'mínus, celá, stupňů, procent')],
  ['da', commaLanguage(da, 'minus, komma, grader, procent')],
  ['es', commaLanguage(es, 'menos, coma, grados, por ciento')],
  ['fi', commaLanguage(fi, 'miinus, pilkku, astetta, prosenttia')],
  ['fr', commaLanguage(fr, 'moins, virgule, degrés, pour cent')],
  ['it', commaLanguage(it, 'meno, virgola, gradi, per cento')],
  ['nb', commaLanguage(nb, 'minus, komma, grader, prosent')],
  ['no', commaLanguage(nb, 'minus, komma, grader, prosent')],
  ['nl', commaLanguage(nl, 'min, komma, graden, procent')],
  ['pl', commaLanguage(pl, 'minus, przecinek, stopni, procent')],
  ['pt', commaLanguage(pt, 'menos, vírgula, graus, por cento')],
  ['sv', commaLanguage(sv, 'minus, komma, grader, procent')],
]);
