/** Puts a user's lexicon to use: its words are said as it says, and no rule touches them any more. */
import type { LexiconEntry } from '../lexicon.js';
import { dropControlTokens } from './control-tokens.js';
import { plainCharacters } from './punctuation.js';
import type { Seals } from './seals.js';

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
      if ('words' in say)
        return [[plainCharacters(word), dropControlTokens(plainCharacters(say.words)).trim()] as const];
      return knowsPhones ? [[plainCharacters(word), withPhones(word, say.phones)] as const] : [];
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
