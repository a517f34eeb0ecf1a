/** Words as a known one with an ending: -s, -ed, -ing. Source: misaki's `stem_s`, `stem_ed`, `stem_ing`. */
import type { Accent } from '../requests.js';

/** Vowels behind which an American t becomes a flap: batted, batting. */
const BEFORE_FLAP = new Set('AIOWYiuæɑəɛɪɹʊʌ');
const DOUBLED = /([bcdgklmnprstvxz])\1ing$|cking$/;

export interface Inflection {
  readonly stem: string;
  readonly ending: 's' | 'ed' | 'ing';
}

/** What `word` is a form of, among the words that `isKnown` says yes to. */
export function stemsOf(word: string, isKnown: (stem: string) => boolean): Inflection[] {
  const found: Inflection[] = [];
  for (const [ending, stems] of [
    ['s', stemsOfS(word)],
    ['ed', stemsOfEd(word)],
    ['ing', stemsOfIng(word)],
  ] as const) {
    const stem = stems.find(isKnown);
    if (stem !== undefined) found.push({ stem, ending });
  }
  return found;
}

function stemsOfS(word: string): string[] {
  if (word.length < 3 || !word.endsWith('s')) return [];
  const stems: string[] = [];
  if (!word.endsWith('ss')) stems.push(word.slice(0, -1));
  const hasEs = word.length > 4 && word.endsWith('es') && !word.endsWith('ies');
  if (word.endsWith("'s") || hasEs) stems.push(word.slice(0, -2));
  if (word.length > 4 && word.endsWith('ies')) stems.push(`${word.slice(0, -3)}y`);
  return stems;
}

function stemsOfEd(word: string): string[] {
  if (word.length < 4 || !word.endsWith('d')) return [];
  const stems: string[] = [];
  if (!word.endsWith('dd')) stems.push(word.slice(0, -1));
  if (word.length > 4 && word.endsWith('ed') && !word.endsWith('eed')) stems.push(word.slice(0, -2));
  return stems;
}

function stemsOfIng(word: string): string[] {
  if (word.length < 5 || !word.endsWith('ing')) return [];
  const stem = word.slice(0, -3);
  if (word.length === 5) return [`${stem}e`];
  return [stem, `${stem}e`, ...(DOUBLED.test(word) ? [word.slice(0, -4)] : [])];
}

/** Phones of the stem with those of the ending; undefined where that needs a letter's sound that the stem does not tell. */
export function addEnding(stem: string, ending: Inflection['ending'], accent: Accent): string | undefined {
  const last = stem.at(-1);
  if (last === undefined) return undefined;
  const weak = accent === 'british' ? 'ɪ' : 'ᵻ';
  const isFlapped = accent === 'american' && last === 't' && BEFORE_FLAP.has(stem.at(-2) ?? '');
  switch (ending) {
    case 's':
      if ('ptkfθ'.includes(last)) return `${stem}s`;
      return 'szʃʒʧʤ'.includes(last) ? `${stem}${weak}z` : `${stem}z`;
    case 'ed':
      if ('pkfθʃsʧ'.includes(last)) return `${stem}t`;
      if (last === 'd') return `${stem}${weak}d`;
      if (last !== 't') return `${stem}d`;
      if (isFlapped) return `${stem.slice(0, -1)}ɾᵻd`;
      return accent === 'british' || stem.length < 2 ? `${stem}ɪd` : `${stem}ᵻd`;
    case 'ing':
      // A British r comes back before a vowel, and the stem does not say whether there is one.
      if (accent === 'british' && 'əː'.includes(last)) return undefined;
      return isFlapped ? `${stem.slice(0, -1)}ɾɪŋ` : `${stem}ɪŋ`;
  }
}
