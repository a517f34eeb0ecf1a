/** Letters of other languages as the ones that English readers take them for. */
const FOLDED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ ß: 'ss', ø: 'o', đ: 'd', ð: 'th', þ: 'th', ł: 'l', æ: 'ae', œ: 'oe' },
    ...{ ı: 'i', ə: 'a', ħ: 'h', ŧ: 't', ŋ: 'ng', ĸ: 'k', ſ: 's' },
  }),
);

/** Accents taken off; letters that stay other than A to Z stay as they are. */
export function foldLetters(word: string): string {
  return Array.from(word, foldLetter).join('').normalize('NFD').replace(/\p{M}/gu, '');
}

function foldLetter(letter: string): string {
  const small = letter.toLowerCase();
  const folded = FOLDED.get(small);
  if (folded === undefined) return letter;
  return small === letter ? folded : folded[0]!.toUpperCase() + folded.slice(1);
}
