/** A user's own lexicon: words, and how each is said, by spelling or by phones between slashes. The text room applies it. */
import { HiggsError } from './errors.js';

/** How one word, or a few that stand together, are said. Matched whole and in the case that is given. */
export interface LexiconEntry {
  readonly word: string;
  /** In words; or in phones, which stand between slashes where people write them. */
  readonly say: { readonly words: string } | { readonly phones: string };
}

const MOST_ENTRIES = 2000;
const LONGEST = 200;

/**
 * Reads `word = how to say it`, one a line or parted by `;` (`#` begins a remark), an object `{word: how}`, or a list of such. Phones stand
 * between slashes: `Tuya = /ˈtuːjə/`. Throws HIGGS_OPTION_INVALID that names the line.
 */
export function parseLexicon(written: unknown): LexiconEntry[] {
  const pairs = pairsOf(written);
  if (pairs.length > MOST_ENTRIES)
    throw invalid(`The lexicon has ${pairs.length} words; ${MOST_ENTRIES} are the most.`);
  return pairs.map(({ word, how, at }) => {
    const name = word.normalize('NFC').replace(/\s+/gu, ' ').trim();
    const said = how.normalize('NFC').replace(/\s+/gu, ' ').trim();
    if (!/[\p{L}\p{N}]/u.test(name)) throw invalid(`${at} of the lexicon has no word before "=".`);
    if (said === '') throw invalid(`${at} of the lexicon does not say how "${name}" is said.`);
    if (name.length > LONGEST || said.length > LONGEST)
      throw invalid(`${at} of the lexicon is longer than ${LONGEST} letters.`);
    const phones = /^\/([^/]+)\/$/.exec(said)?.[1];
    return {
      word: name,
      say: phones === undefined ? { words: said } : { phones: phones.trim() },
    };
  });
}

interface Pair {
  readonly word: string;
  readonly how: string;
  readonly at: string;
}

function pairsOf(written: unknown): Pair[] {
  if (written === undefined || written === null || written === '') return [];
  if (typeof written === 'string') return written.split(/\r\n|[\r\n;]/).flatMap(pairOfLine);
  if (Array.isArray(written)) return written.flatMap((part) => pairsOf(part));
  if (typeof written === 'object')
    return Object.entries(written).map(([word, how]) => {
      if (typeof how !== 'string') throw invalid(`The lexicon's "${word}" is no text.`);
      return { word, how, at: `"${word}"` };
    });
  throw invalid(`The lexicon is of type ${typeof written}, neither text nor words with how they are said.`);
}

function pairOfLine(line: string, index: number): Pair[] {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return [];
  const mark = trimmed.indexOf('=');
  if (mark < 0) throw invalid(`Line ${index + 1} of the lexicon has no "=": ${trimmed.slice(0, 40)}`);
  return [{ word: trimmed.slice(0, mark), how: trimmed.slice(mark + 1), at: `Line ${index + 1}` }];
}

function invalid(message: string): HiggsError {
  return new HiggsError('HIGGS_OPTION_INVALID', message);
}
