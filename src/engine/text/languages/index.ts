/** Which language a BCP 47 tag asks for, and how far it is known here. */
import { AMERICAN_ENGLISH, BRITISH_ENGLISH } from './english.js';
import { detectLanguage } from './detect.js';
import { GERMAN } from './german.js';
import { PLAIN_NUMBERS } from './plain-numbers.js';
import type { Locale, PlainNumbers } from './types.js';

export { detectLanguage } from './detect.js';
export type { CountedNoun, Currency, Locale, NumberVoice, PlainNumbers } from './types.js';

export type Language =
  /** All rules work. */
  | { readonly known: 'all'; readonly locale: Locale }
  /** Only numbers are said. */
  | { readonly known: 'numbers'; readonly voice: PlainNumbers }
  /** Numbers stay as they are written. */
  | { readonly known: 'nothing' };

/** Where English is spoken with the month before the day. */
const MONTH_FIRST_REGIONS = new Set(['US', 'CA', 'PH']);

/** `tag`: `en`, `en-GB`, `de`, `fr-CA`, …, with `_` for `-` too; left out or empty: American English. */
export function languageOf(tag = 'en'): Language {
  const [primary = 'en', ...rest] = tag.trim().replaceAll('_', '-').split('-');
  const region = rest.find((part) => /^[a-z]{2}$/i.test(part))?.toUpperCase();
  switch (primary.toLowerCase()) {
    case '':
    case 'en': {
      const american = region === undefined || MONTH_FIRST_REGIONS.has(region);
      return { known: 'all', locale: american ? AMERICAN_ENGLISH : BRITISH_ENGLISH };
    }
    case 'de':
      return { known: 'all', locale: GERMAN };
    default: {
      const voice = PLAIN_NUMBERS.get(primary.toLowerCase());
      return voice === undefined ? { known: 'nothing' } : { known: 'numbers', voice };
    }
  }
}

/** `tag`; `auto` and left out: the tag of what `text` is written in, English where it does not tell. */
export function languageFor(text: string, tag?: string): string {
  return tag === undefined || /^\s*(?:auto)?\s*$/i.test(tag) ? (detectLanguage(text) ?? 'en') : tag;
}
