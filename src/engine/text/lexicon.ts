/** A user's own lexicon: words, and how each is said, by spelling or by phones between slashes. */
import { HiggsError } from '../errors.js';
import { dropControlTokens } from './control-tokens.js';
import { plainCharacters } from './punctuation.js';
import type { Seals } from './seals.js';

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
    const name = plainCharacters(word).replace(/\s+/gu, ' ').trim();
    const said = plainCharacters(how).replace(/\s+/gu, ' ').trim();
    if (!/[\p{L}\p{N}]/u.test(name)) throw invalid(`${at} of the lexicon has no word before "=".`);
    if (said === '') throw invalid(`${at} of the lexicon does not say how "${name}" is said.`);
    if (name.length > LONGEST || said.length > LONGEST)
      throw invalid(`${at} of the lexicon is longer than ${LONGEST} letters.`);
    const phones = /^\/([^/]+)\/$/.exec(said)?.[1];
    return {
      word: name,
      say: phones === undefined ? { words: dropControlTokens(said).trim() } : { phones: phones.trim() },
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

/**
 * `text` with the lexicon's words sealed as they are said. Phones become `[word](/phones/)` where the model `knowsPhones`;
 * where it does not, such a word is left to the other rules.
 */
export function applyLexicon(
  text: string,
  entries: readonly LexiconEntry[],
  knowsPhones: boolean,
  seals: Seals,
): string {
  const said = new Map(
    entries.flatMap(({ word, say }) => {
      if ('words' in say) return [[word, say.words] as const];
      return knowsPhones ? [[word, withPhones(word, say.phones)] as const] : [];
    }),
  );
  if (said.size === 0) return text;
  const words = [...said.keys()]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&').replaceAll('\\-', '-'));
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}_@/]|[\\p{L}\\p{N}][.'-])(?:${words.join('|')})(?![\\p{L}\\p{N}_@]|[./:'-](?!s(?!\\p{L}))[\\p{L}\\p{N}])`,
    'gu',
  );
  return text.replace(pattern, (word) => seals.sealWords(said.get(word) ?? word));
}

/** Phones that a caller gave in the text itself: `[Müller](/mˈʊlə/)`; a link's address has no such signs. */
const GIVEN = /\[([^[\]()\n]{1,100})\]\(\/([^()/\n]{1,200})\/\)/gu;
const PHONETIC = /[^\p{ASCII}]/u;

/** `text` with such phones sealed, or only their words where the model does not know phones. */
export function sealPhones(text: string, knowsPhones: boolean, seals: Seals): string {
  return text.replace(GIVEN, (all: string, word: string, phones: string) => {
    if (!PHONETIC.test(phones)) return all;
    return knowsPhones ? seals.sealWords(withPhones(word, phones)) : word;
  });
}

function withPhones(word: string, phones: string): string {
  return `[${word.replace(/[[\]]/g, '')}](/${phones.replace(/[()/]/g, '')}/)`;
}

function invalid(message: string): HiggsError {
  return new HiggsError('HIGGS_OPTION_INVALID', message);
}
