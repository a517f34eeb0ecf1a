/** Text for a voice that has learnt lower-case English letters and five marks only, as the embedded one. */
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

/** Short words that are shouted more often than spelt. */
const SHOUTED = new Set(
  'a i am an and are as at be by can do go he her his if in is it me my no not now of off on one or our out so the to too two up us was we yes you'.split(
    ' ',
  ),
);
const READ_AS: ReadonlyMap<string, string> = new Map([
  ['ok', 'okay'],
  ['wifi', 'wi-fi'],
]);
const SPELT = new Set(
  'ac ai ip id led usb gps vpn eu uk usa api app dvd cd pc tv hd ups faq diy ev io iot nas'.split(' '),
);

/**
 * Normalised `text` in a-z, blanks and `, . ? ! ' -`: accents taken off, letters of other scripts dropped, other marks as the
 * nearest of these, short names in capitals spelt (TV -> t v), and an end mark that closes a sentence. Tags stay.
 */
export function toPlainEnglish(text: string): string {
  const isShouting = !/\p{Ll}/u.test(text);
  const plain = betweenTags(text, (words) =>
    words
      .replace(/(?<![\p{L}'])\p{Lu}{2,5}(?![\p{L}'])/gu, (word) => (isShouting ? word : spellName(word)))
      .toLowerCase()
      .replace(/[ßøđðþłæœı]/g, (letter) => LETTERS.get(letter) ?? letter)
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/[;:]/g, ',')
      .replace(/["“”]/g, '')
      .replace(/[^a-z ,.?!'-]+/g, ' ')
      .replace(/(?<![a-z])['-]+|['-]+(?![a-z])/g, ' '),
  );
  const tidy = plain
    .replace(/ +/g, ' ')
    .replace(/ (?=[,.?!])/g, '')
    .replace(/([,.?!])[,.?!]+/g, '$1')
    .replace(/^[ ,.?!]+/, '')
    .trim();
  if (tidy === '' || /(?:[.?!]|<\/SE(?:_e)?>)$/.test(tidy)) return tidy;
  return `${tidy.replace(/[,]+$/, '')}.`;
}

function spellName(word: string): string {
  const lower = word.toLowerCase();
  const read = READ_AS.get(lower);
  if (read !== undefined) return read;
  const isName = SPELT.has(lower) || (!/[aeiouy]/.test(lower) && !SHOUTED.has(lower));
  return isName ? Array.from(lower).join(' ') : lower;
}
