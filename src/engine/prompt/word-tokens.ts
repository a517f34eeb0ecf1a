/** Which tokens of a text each of its words became: readings change words by their neighbours, so they are compared, not counted. */
import { withoutPhones } from '../pronunciation/index.js';
import { TAG_PATTERN } from '../text/sound-tags.js';

/** A word as it stands in the text, marks beside it included, and its tokens [from, to) of the text's. */
export interface WordTokens {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Blanks that part words; those of `[Home Assistant](/hˈOm əsˈɪstənt/)` do not. */
const PIECE = /\[[^[\]]*\]\(\/[^()/]*\/\)\S*|\S+/gu;
/** Marks at a word's ends, which sound as the pause behind it or not at all. */
const EDGES = /^[^\p{L}\p{N}[]+|[^\p{L}\p{N})]+$/gu;

/** What counts as apart in the comparison: a token that is another one, and one that is on one side alone. */
const OTHER = 1.5;
const ALONE = 1;

/**
 * The words of normalised `text`, which became `tokens`; `read` gives the tokens of a word by itself, `between` holds
 * those of blanks and marks. Joined by blanks the words are the text, less its tags: what nothing is said of (a dash, a word in
 * another script) stands with the word before it.
 */
export function placeWords(
  text: string,
  tokens: Int32Array,
  read: (word: string) => Int32Array,
  between?: ReadonlySet<number>,
): readonly WordTokens[] {
  const pieces = text
    .split(TAG_PATTERN)
    .flatMap((part, index) => (index % 2 === 1 ? [] : (part.match(PIECE) ?? [])))
    .map((piece) => ({ text: withoutPhones(piece), tokens: read(piece.replace(EDGES, '')) }));
  const owners = ownersOf(
    tokens,
    pieces.map((piece) => piece.tokens),
    between,
  );
  const words: { text: string; from: number; to: number }[] = [];
  let waiting = '';
  for (const [index, piece] of pieces.entries()) {
    const from = owners.indexOf(index);
    const last = words.at(-1);
    if (from >= 0) {
      words.push({ text: waiting + piece.text, from, to: owners.lastIndexOf(index) + 1 });
      waiting = '';
    } else if (last) last.text += ` ${piece.text}`;
    else waiting += `${piece.text} `;
  }
  return words;
}

/**
 * For each token of `whole` the part that it belongs to, or -1 where it is no part's: as the parts, one behind the other, are
 * most like the whole. Parts keep their order. `between`: tokens that are never another one of a part.
 */
export function ownersOf(
  whole: Int32Array,
  parts: readonly Int32Array[],
  between: ReadonlySet<number> = new Set(),
): number[] {
  const all = parts.flatMap((tokens, part) => Array.from(tokens, (token) => ({ token, part })));
  const width = all.length + 1;
  // What the first n tokens of the whole and the first m of the parts differ by, at [n * width + m].
  const apart = new Float32Array((whole.length + 1) * width);
  for (let m = 1; m < width; m++) apart[m] = m * ALONE;
  for (let n = 1; n <= whole.length; n++) {
    apart[n * width] = n * ALONE;
    for (let m = 1; m < width; m++) {
      const isSame = whole[n - 1] === all[m - 1]!.token;
      const differs = between.has(whole[n - 1]!) ? Infinity : OTHER;
      const together = apart[(n - 1) * width + m - 1]! + (isSame ? 0 : differs);
      const alone = ALONE + Math.min(apart[(n - 1) * width + m]!, apart[n * width + m - 1]!);
      apart[n * width + m] = Math.min(together, alone);
    }
  }
  const owners = new Array<number>(whole.length).fill(-1);
  for (let n = whole.length, m = all.length; n > 0 && m > 0;) {
    const here = apart[n * width + m]!;
    // Where there is a choice, blanks are no part's rather than letters.
    if (here === apart[(n - 1) * width + m]! + ALONE) n -= 1;
    else if (here === apart[n * width + m - 1]! + ALONE) m -= 1;
    else owners[--n] = all[--m]!.part;
  }
  return withinWords(owners);
}

/** What stands between two tokens of one part is that part's too. */
function withinWords(owners: readonly number[]): number[] {
  const filled = [...owners];
  let before = -1;
  for (const [at, owner] of owners.entries()) {
    if (owner < 0) continue;
    if (before >= 0 && owners[before] === owner) filled.fill(owner, before, at);
    before = at;
  }
  return filled;
}
