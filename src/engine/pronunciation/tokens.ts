/** A text in words and marks, as misaki takes it apart. */
import { MARKS } from './alphabet.js';

export type Item =
  /** Phones that the caller gave; `text` is the word that they are for. */
  | { readonly kind: 'phones'; readonly text: string; readonly phones: string; readonly isSpaced: boolean }
  /** Marks of the alphabet, or '' for brackets and quotation marks; the classifier sees `text`. */
  | { readonly kind: 'mark'; readonly text: string; readonly mark: string; readonly isSpaced: boolean }
  /** A part has a class of its own: `do` `n't`, `wi` `-` `fi`, `Home` `Kit`. */
  | { readonly kind: 'word'; readonly parts: readonly string[]; readonly isSpaced: boolean };

const GIVEN = /\[([^[\]]*)\]\(\/([^()/]*)\/\)/gu;
const LETTERS = String.raw`[\p{L}\p{M}]`;
const PIECE = new RegExp(
  [
    String.raw`(?<initials>\p{L}(?:\.\p{L})+(?!${LETTERS})\.?)`,
    String.raw`(?<word>'?${LETTERS}+(?:['-]+${LETTERS}+)*'?)`,
    String.raw`(?<dash>-+|[–—])`,
    String.raw`(?<dots>\.{2,}|…)`,
    String.raw`(?<sign>[^\s\p{L}\p{M}])`,
  ].join('|'),
  'gu',
);
const CONTRACTION = /^(.+?)(n't|'(?:s|re|ve|ll|d|m))$/iu;
/** Hyphens, apostrophes at either end, and where a small letter meets a capital, or a capital another word's beginning. */
const PART =
  /-+|^'|'$|\p{Lu}(?=\p{Lu}\p{Ll})|[\p{L}\p{M}']*?[\p{Ll}\p{M}](?=\p{Lu})|[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*|'/gu;

/** `word` with `phones` of the alphabet for it, as text that {@link itemsOf} understands. */
export function withPhones(word: string, phones: string): string {
  return `[${word.replace(/[[\]]/g, '')}](/${phones.replace(/[()/]/g, '')}/)`;
}

/** `text` with the words alone where phones are given for them. */
export function withoutPhones(text: string): string {
  return text.replace(GIVEN, '$1');
}

/** What a text consists of, in order. `isSpaced`: a blank follows. */
export function itemsOf(text: string): Item[] {
  const items: Item[] = [];
  let from = 0;
  for (const match of text.matchAll(GIVEN)) {
    addItems(items, text.slice(from, match.index));
    from = match.index + match[0].length;
    items.push({ kind: 'phones', text: match[1]!, phones: match[2]!, isSpaced: isBlank(text, from) });
  }
  addItems(items, text.slice(from));
  return items;
}

function addItems(items: Item[], text: string): void {
  for (const match of text.matchAll(PIECE)) {
    const { initials, word, dash, dots } = match.groups as Record<string, string | undefined>;
    const piece = match[0];
    const isSpaced = isBlank(text, match.index + piece.length);
    if (initials !== undefined) items.push({ kind: 'word', parts: [initials], isSpaced });
    else if (word !== undefined) items.push({ kind: 'word', parts: partsOf(word), isSpaced });
    else if (dash !== undefined) items.push({ kind: 'mark', text: piece, mark: '—', isSpaced });
    else if (dots !== undefined) items.push({ kind: 'mark', text: piece, mark: '…', isSpaced });
    else items.push({ kind: 'mark', text: piece, mark: MARKS.has(piece) ? piece : '', isSpaced });
  }
}

/** `don't` -> do n't, `Wi-Fi's` -> Wi - Fi 's, `HomeKit` -> Home Kit. */
function partsOf(word: string): string[] {
  const [, stem, ending] = CONTRACTION.exec(word) ?? [];
  const parts = (stem ?? word).match(PART) ?? [];
  return ending === undefined ? parts : [...parts, ending];
}

function isBlank(text: string, at: number): boolean {
  return at < text.length && text[at]!.trim() === '';
}
