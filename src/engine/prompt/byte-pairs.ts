/**
 * Merging of byte pairs in long words. The library joins two texts to look up each pair, which for a word of 20,000 letters
 * takes up to twenty times as long as the reference's tokenizers do; numbers take a tenth of that.
 */

/** What is used of the library's model of byte pairs. */
export interface PairModel {
  readonly merges: readonly (readonly [left: string, right: string])[];
  readonly end_of_word_suffix?: string | null | undefined;
  readonly continuing_subword_suffix?: string | null | undefined;
  /** The parts of a word, as texts. */
  bpe(word: string): string[];
}

/** Shorter words are quick, and the library keeps what they fall into. */
const LONG_WORD = 256;

/** Makes `model` quick with long words; the table is made when the first one comes. */
export function quickenLongWords(model: PairModel): void {
  // Parts that are marked as the end or the middle of a word are the library's matter.
  if (model.end_of_word_suffix || model.continuing_subword_suffix) return;
  const short = model.bpe.bind(model);
  let table: MergeTable | undefined;
  model.bpe = (word) => {
    if (word.length < LONG_WORD) return short(word);
    table ??= makeMergeTable(model.merges);
    return mergePairs(word, table);
  };
}

/** A vocabulary's merges, best first, as numbers. */
export interface MergeTable {
  /** Parts of words that take part in merges, by their texts. */
  readonly partIds: ReadonlyMap<string, number>;
  /** `left * partIds.size + right` to the place in the list. */
  readonly ranks: ReadonlyMap<number, number>;
  /** [merges] what the two parts of each become. */
  readonly merged: Int32Array;
}

export function makeMergeTable(merges: readonly (readonly [left: string, right: string])[]): MergeTable {
  const partIds = new Map<string, number>();
  const idOf = (part: string): number => {
    const id = partIds.get(part) ?? partIds.size;
    partIds.set(part, id);
    return id;
  };
  const triples = merges.map(([left, right]) => [idOf(left), idOf(right), idOf(left + right)] as const);
  const ranks = new Map<number, number>();
  // A pair that is listed twice has its last rank, as in the library.
  for (const [rank, [left, right]] of triples.entries()) ranks.set(left * partIds.size + right, rank);
  return { partIds, ranks, merged: Int32Array.from(triples, ([, , merged]) => merged) };
}

/**
 * The parts that `word` falls into: of all pairs beside each other the one that stands first in the list is merged, the
 * leftmost of equals, until none is left. `onLookUp`: called for each pair that is looked up, at most three a letter.
 */
export function mergePairs(word: string, table: MergeTable, onLookUp?: () => void): string[] {
  const letters = Array.from(word);
  const count = letters.length;
  const parts = Int32Array.from(letters, (letter) => table.partIds.get(letter) ?? -1);
  // A part begins where `next` is above 0, and is found by its beginning; `count` is the end.
  const next = Int32Array.from(letters, (_letter, at) => at + 1);
  const previous = Int32Array.from(letters, (_letter, at) => at - 1);
  const rankAt = (at: number): number | undefined => {
    const right = next[at]!;
    if (right >= count || parts[at]! < 0 || parts[right]! < 0) return undefined;
    onLookUp?.();
    return table.ranks.get(parts[at]! * table.partIds.size + parts[right]!);
  };

  // Rank and place in one number, so that the least is the next to be merged.
  const waiting = new LeastFirst();
  const push = (at: number): void => {
    const rank = rankAt(at);
    if (rank === undefined) return;
    rankOf[at] = rank;
    waiting.push(rank * count + at);
  };
  /** [letters] of the pair that begins there; another number where that has changed since. */
  const rankOf = new Int32Array(count).fill(-1);
  for (let at = 0; at < count; at++) push(at);
  for (let least = waiting.pop(); least !== undefined; least = waiting.pop()) {
    const at = least % count;
    const rank = Math.floor(least / count);
    if (rankOf[at] !== rank) continue;
    const right = next[at]!;
    const after = next[right]!;
    parts[at] = table.merged[rank]!;
    next[at] = after;
    rankOf[at] = rankOf[right] = -1;
    if (after < count) previous[after] = at;
    push(at);
    const before = previous[at]!;
    if (before < 0) continue;
    rankOf[before] = -1;
    push(before);
  }

  const result: string[] = [];
  for (let at = 0; at < count; at = next[at]!) result.push(letters.slice(at, next[at]).join(''));
  return result;
}

/** Numbers of which the least is taken first. */
class LeastFirst {
  private readonly heap: number[] = [];

  push(value: number): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(value);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= value) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = value;
  }

  pop(): number | undefined {
    const { heap } = this;
    const least = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return least;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return least;
  }
}
