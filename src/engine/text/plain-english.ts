/** Text for a voice that has learnt lower-case English letters and five marks only, as the embedded one. */
import { spellCapitals } from './capitals.js';
import { betweenTags } from './sound-tags.js';

/** Letters that Unicode does not take apart. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'th'],
  ['þ', 'th'],
  ['ł', 'l'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ı', 'i'],
]);

/**
 * Normalised `text` in a-z, blanks and `, . ? ! ' -`: accents taken off, letters of other scripts dropped, other marks as the
 * nearest of these, short names in capitals spelt (TV -> t v), and an end mark that closes a sentence. Tags stay.
 */
export function toPlainEnglish(text: string): string {
  const plain = betweenTags(spellCapitals(text), (words) =>
    words
      .toLowerCase()
      .replace(/[ßøđðþłæœı]/g, (letter) => LETTERS.get(letter) ?? letter)
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/[;:]/g, ',')
      .replace(/["“”]/g, '')
      .replace(/[^a-z ,.?!'-]+/g, ' ')
      .replace(/['-]{2,}/g, ' ')
      .replace(/(?<![a-z])['-]|['-](?![a-z])/g, ' '),
  );
  const tidy = plain
    .replace(/ +/g, ' ')
    .replace(/ (?=[,.?!])/g, '')
    .replace(
      /([.?!])[,.?!]{1,}|,+([.?!])[,.?!]*|,{2,}/g,
      (_all, first?: string, second?: string) => first ?? second ?? ',',
    )
    .replace(/^[ ,.?!]+/, '')
    .trim();
  if (tidy === '' || /(?:[.?!]|<\/SE(?:_e)?>)$/.test(tidy)) return tidy;
  return `${tidy.replace(/,$/, '')}.`;
}
