/** Which phones each letter of a word gives: expectation maximisation over a lexicon, the likeliest path of each word. */
import { PRIMARY_STRESS, SECONDARY_STRESS } from '../../src/engine/pronunciation/alphabet.js';

const MOST_UNITS = 3;
const ROUNDS = 5;
const UNSEEN = 14;

export interface SpelledWord {
  /** In a to z. */
  readonly word: string;
  readonly phones: string;
}

export interface AlignedWord {
  readonly word: string;
  /** One a letter. */
  readonly chunks: readonly string[];
}

/** `lexicon` with the phones of each word dealt out to its letters; words for which there is no way are left out. */
export function alignLetters(lexicon: readonly SpelledWord[]): AlignedWord[] {
  let costs: ReadonlyMap<string, number> | undefined;
  const sample = lexicon.filter((_, index) => index % Math.ceil(lexicon.length / 40_000) === 0);
  for (let round = 0; round < ROUNDS; round++) {
    const counts = new Map<string, number>();
    const totals = new Map<string, number>();
    for (const entry of sample) {
      const chunks = bestPath(entry, costs);
      if (!chunks) continue;
      for (const [index, chunk] of chunks.entries()) {
        const letter = entry.word[index]!;
        counts.set(letter + chunk, (counts.get(letter + chunk) ?? 0) + 1);
        totals.set(letter, (totals.get(letter) ?? 0) + 1);
      }
    }
    const next = new Map<string, number>();
    for (const [pair, count] of counts) if (count > 1) next.set(pair, -Math.log(count / totals.get(pair[0]!)!));
    costs = next;
  }
  return lexicon.flatMap((entry) => {
    const chunks = bestPath(entry, costs);
    return chunks ? [{ word: entry.word, chunks }] : [];
  });
}

/** Phones that go together: a stress mark with the next vowel, ː with the one before. */
export function unitsOf(phones: string): string[] {
  return phones.match(new RegExp(`[${PRIMARY_STRESS}${SECONDARY_STRESS}]?.ː?`, 'gu')) ?? [];
}

function bestPath({ word, phones }: SpelledWord, costs: ReadonlyMap<string, number> | undefined): string[] | undefined {
  const units = unitsOf(phones);
  const [n, m] = [word.length, units.length];
  const width = m + 1;
  const best = new Float64Array((n + 1) * width).fill(Infinity);
  const taken = new Uint8Array((n + 1) * width);
  best[0] = 0;
  for (let i = 0; i < n; i++) {
    for (let j = Math.max(0, m - MOST_UNITS * (n - i)); j <= Math.min(m, MOST_UNITS * i); j++) {
      const here = best[i * width + j]!;
      if (here === Infinity) continue;
      let chunk = '';
      for (let size = 0; size <= MOST_UNITS && j + size <= m; size++) {
        if (size > 0) chunk += units[j + size - 1]!;
        const cost = here + costOf(word[i]!, chunk, size, costs);
        const to = (i + 1) * width + j + size;
        if (cost >= best[to]!) continue;
        best[to] = cost;
        taken[to] = size;
      }
    }
  }
  if (best[n * width + m] === Infinity) return undefined;
  const chunks: string[] = [];
  for (let i = n, j = m; i > 0; i--) {
    const size = taken[i * width + j]!;
    chunks.push(units.slice(j - size, j).join(''));
    j -= size;
  }
  return chunks.reverse();
}

function costOf(letter: string, chunk: string, size: number, costs: ReadonlyMap<string, number> | undefined): number {
  if (costs) return costs.get(letter + chunk) ?? UNSEEN + 4 * size;
  if (size === 0) return 3;
  if (size > 1) return 5 * size;
  const isVowelSound = /[AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻᵊ]/u.test(chunk);
  return 'aeiouy'.includes(letter) === isVowelSound ? 2 : 6;
}
