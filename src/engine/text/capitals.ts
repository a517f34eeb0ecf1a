/** Names in capitals for a voice that reads letter by letter only what is spelt: CPU is C P U, NASA is Nasa, NOT is not. */
import { MIXED_NAMES, SHOUTED_WORDS, SPELT_NAMES, SPOKEN_NAMES } from './languages/english-capitals.js';
import { betweenTags } from './sound-tags.js';

const CONSONANT = '[bcdfghjklmnpqrstvwxz]';
const ONSET =
  '(?:[bcdfghjklmnpqrstvwyz]|bl|br|ch|cl|cr|dr|fl|fr|gh|gl|gr|kn|kr|kl|ph|pl|pr|qu|rh|sc|sh|sk|sl|sm|sn|sp|st|sw|th|tr|tw|wh|wr|scr|shr|spl|spr|str|thr)?';
const CODA =
  '(?:[bcdfgklmnprstvxz]|ch|ck|ct|ff|ft|gh|ld|lf|lk|ll|lm|lp|lt|mp|nd|ng|nk|nt|pt|rb|rc|rd|rf|rg|rk|rl|rm|rn|rp|rt|rv|sh|sk|sm|sp|ss|st|th|tz|xt|zz)?s?';
/** Letters that English puts together in one word. */
const READABLE = new RegExp(`^${ONSET}[aeiouy]{1,3}(?:${CONSONANT}{1,2}[aeiouy]{1,3}){0,6}${CODA}e?$`);

const NAME = /(?<![\p{L}\p{N}'])(\p{L}{2,12})(?:('?s)(?![\p{L}\p{N}]))?(?![\p{L}\p{N}])/gu;
const CAPITALS = /(?<![\p{L}\p{N}'])(\p{Lu}{2,30})('s|s)?(?![\p{L}\p{N}])/gu;

/** `text` with the names that are spelt as letters apart, C P U; other words in capitals in small letters. Tags stay. */
export function spellCapitals(text: string): string {
  return betweenTags(text, (words) =>
    words
      .replace(
        NAME,
        (all: string, name: string) =>
          MIXED_NAMES.get(all) ??
          (MIXED_NAMES.has(name) ? `${MIXED_NAMES.get(name) ?? name}${all.slice(name.length)}` : all),
      )
      .split(/(?<=[.!?\n])/u)
      .map(readSentence)
      .join('')
      // USB-C is one name.
      .replace(/(?<=(?<!\p{L})\p{Lu})-(?=\p{Lu}(?!\p{L}))/gu, ' '),
  );
}

function readSentence(sentence: string): string {
  const words = sentence.match(/\p{L}{2,}/gu) ?? [];
  const shouted = words.filter((word) => isShouted(word)).length;
  const isShouting = shouted >= 2 && shouted * 2 >= words.length;
  return sentence.replace(CAPITALS, (_all, name: string, end = '', offset: number) => {
    const lower = name.toLowerCase();
    // "the US team" and "the IT desk", but "join us".
    const isNamed =
      /^(?:us|it|who)$/.test(lower) &&
      !isShouting &&
      /(?:^|\s)(?:the|an?|our|their|his|her|my|your|in the) $/i.test(sentence.slice(Math.max(0, offset - 8), offset));
    if (!isNamed && !isSpelt(lower, isShouting)) return `${lower}${end}`;
    return `${Array.from(name).join(' ')}${end === '' ? '' : "'s"}`;
  });
}

/** In capitals, and a word that is no name. */
function isShouted(word: string): boolean {
  if (!/^\p{Lu}{2,}$/u.test(word)) return false;
  const lower = word.toLowerCase();
  return SHOUTED_WORDS.has(lower) || (word.length > 5 && READABLE.test(lower));
}

function isSpelt(lower: string, isShouting: boolean): boolean {
  if (SHOUTED_WORDS.has(lower) || SPOKEN_NAMES.has(lower)) return false;
  if (SPELT_NAMES.has(lower) || !/[aeiouy]/.test(lower)) return true;
  if (lower.length <= 3) return !isShouting;
  return lower.length <= 6 && !READABLE.test(lower);
}
