/**
 * Letters to phones, for words that no lexicon has. Each letter gives a chunk of no, one or a few phones with their stress.
 * A log-linear model weighs the chunks that the letter was seen with by the letters around it, the chunks before it and
 * what stress the word has so far; a beam keeps the best readings. Weights lie in one table that features are hashed into.
 * `scripts/pronunciation/train-letters.ts` trains it from the lexicon with the features below.
 */
import { PRIMARY_STRESS } from './alphabet.js';

export interface LetterModel {
  /** Chunks of phones by letter. */
  readonly chunks: ReadonlyMap<string, readonly string[]>;
  /** Weights in steps of `step`; its length is a power of two. */
  readonly weights: Int8Array;
  readonly step: number;
}

/** Longer words are cut: their readings would cost more than they are worth. */
const MOST_LETTERS = 40;
const BEAM = 4;
/** Nats below the best chunk from which on the reading before cannot make a chunk likely. */
const RULED_OUT = 7;
const EDGE = 31;
const REACH = 4;
const LONGEST_WINDOW = 7;

/** What is known of a reading when its next letter is weighed. */
export interface ReadingSoFar {
  /** Hashes of the last and the last but one chunk, 0 at the start. */
  readonly last: number;
  readonly secondLast: number;
  readonly isStressed: boolean;
}

export const NOTHING_READ: ReadingSoFar = { last: 0, secondLast: 0, isStressed: false };
/** At most so many features has a letter, of either kind. */
export const MOST_FEATURES = 32;

const chunkHashes = new Map<string, number>();

export function readOn(before: ReadingSoFar, chunk: string): ReadingSoFar {
  let last = chunkHashes.get(chunk);
  if (last === undefined) chunkHashes.set(chunk, (last = hashText(chunk)));
  return {
    last,
    secondLast: before.last,
    isStressed: before.isStressed || chunk.includes(PRIMARY_STRESS),
  };
}

/** Hashes of a word's features; those of the letters alone are shared by all readings of the word. */
export class WordFeatures {
  private readonly codes: Uint8Array;
  /** Groups of vowel letters before a letter, and behind it. */
  private readonly groupsBefore: Uint8Array;
  private readonly groupsBehind: Uint8Array;
  private readonly endings: readonly number[];

  /** `word` in a to z. */
  constructor(readonly word: string) {
    const n = word.length;
    this.codes = new Uint8Array(n + 2 * REACH).fill(EDGE);
    for (let i = 0; i < n; i++) this.codes[i + REACH] = word.charCodeAt(i) - 96;
    this.groupsBefore = new Uint8Array(n + 1);
    this.groupsBehind = new Uint8Array(n + 1);
    for (let i = 0; i < n; i++) {
      const opens = isVowelLetter(word[i]) && !isVowelLetter(word[i - 1]);
      this.groupsBefore[i + 1] = this.groupsBefore[i]! + (opens ? 1 : 0);
    }
    for (let i = 0; i < n; i++) this.groupsBehind[i] = this.groupsBefore[n]! - this.groupsBefore[i + 1]!;
    this.endings = [2, 3, 4, 5].map((size) => hashText(word.slice(-size)));
  }

  /**
   * Windows of letters around letter `at`, each `-4 to 0` .. `0 to 4` of at most seven letters, and where it lies seen from
   * the end, which is what stress goes by. Writes them to `features`, returns how many they are.
   */
  ofLetters(at: number, features: Uint32Array): number {
    const { codes } = this;
    const middle = at + REACH;
    let count = 0;
    for (let before = 0; before <= REACH; before++) {
      let hash = start(before);
      for (let i = middle - before; i <= middle; i++) hash = mix(hash, codes[i]!);
      features[count++] = finish(hash);
      const most = Math.min(REACH, LONGEST_WINDOW - 1 - before);
      for (let i = 1; i <= most; i++) {
        hash = mix(hash, codes[middle + i]!);
        features[count++] = finish(hash);
      }
    }
    for (let i = 0; i < this.endings.length; i++) {
      const ending = mix(mix(start(10 + i), codes[middle]!), this.endings[i]!);
      features[count++] = finish(mix(ending, this.groupsBehind[at]!));
      features[count++] = finish(mix(ending, 128 + this.word.length - at));
    }
    return count;
  }

  /** What depends on the reading so far; written and counted likewise. */
  ofReading(at: number, { last, secondLast, isStressed }: ReadingSoFar, features: Uint32Array): number {
    const middle = at + REACH;
    const letter = this.codes[middle]!;
    const next = this.codes[middle + 1]!;
    const afterNext = this.codes[middle + 2]!;
    const behind = this.groupsBehind[at]!;
    const before = this.groupsBefore[at]!;
    const chain = mix(mix(start(20), letter), last);
    const longer = mix(mix(chain, secondLast), 99);
    const stress = mix(mix(start(22), letter), isStressed ? 1 : 2);
    const place = mix(mix(stress, behind), Math.min(before, 3));
    let count = 0;
    features[count++] = finish(chain);
    features[count++] = finish(mix(chain, next));
    features[count++] = finish(mix(mix(chain, next), afterNext));
    features[count++] = finish(longer);
    features[count++] = finish(mix(longer, next));
    features[count++] = finish(mix(mix(longer, next), afterNext));
    features[count++] = finish(stress);
    features[count++] = finish(mix(stress, behind + 40));
    features[count++] = finish(mix(stress, before + 60));
    features[count++] = finish(place);
    features[count++] = finish(mix(mix(place, next), 3));
    features[count++] = finish(mix(mix(mix(place, this.codes[middle - 1]!), next), 4));
    for (let i = 0; i < 3; i++) features[count++] = finish(mix(mix(place, this.endings[i]!), 5 + i));
    return count;
  }
}

const scratch = new Uint32Array(MOST_FEATURES);

/** The chunk of each letter of `word` (a to z), the likeliest together. */
export function readLetters(word: string, model: LetterModel): string[] {
  const cut = word.slice(0, MOST_LETTERS);
  const features = new WordFeatures(cut);
  let beam: Partial[] = [{ score: 0, state: NOTHING_READ, chunk: '', before: undefined }];
  for (let at = 0; at < cut.length; at++) {
    const candidates = likelyChunks(features, at, model);
    const grown: Partial[] = [];
    for (const partial of beam) grow(grown, partial, candidates, features, at, model);
    beam = grown.map((partial) => ({ ...partial, state: readOn(partial.state, partial.chunk) }));
  }
  const read: string[] = [];
  for (let partial = beam[0]; partial?.before; partial = partial.before) read.push(partial.chunk);
  return read.reverse();
}

interface Partial {
  readonly score: number;
  readonly state: ReadingSoFar;
  readonly chunk: string;
  readonly before: Partial | undefined;
}

interface Candidate {
  readonly index: number;
  readonly chunk: string;
  /** By the letters alone, in steps. */
  readonly score: number;
}

/** What the letters alone do not rule out. */
function likelyChunks(features: WordFeatures, at: number, { chunks, weights, step }: LetterModel): Candidate[] {
  const all = chunks.get(features.word[at]!) ?? [''];
  const mask = weights.length - 1;
  const count = features.ofLetters(at, scratch);
  let best = -Infinity;
  const scores = all.map((_, index) => {
    let score = 0;
    for (let f = 0; f < count; f++) score += weights[(scratch[f]! + index) & mask]!;
    if (score > best) best = score;
    return score;
  });
  const least = best - RULED_OUT / step;
  return all.flatMap((chunk, index) => (scores[index]! >= least ? [{ index, chunk, score: scores[index]! }] : []));
}

/** Adds `partial` with each candidate behind it to the best so far. */
function grow(
  grown: Partial[],
  partial: Partial,
  candidates: readonly Candidate[],
  features: WordFeatures,
  at: number,
  { weights, step }: LetterModel,
): void {
  const mask = weights.length - 1;
  const count = features.ofReading(at, partial.state, scratch);
  let total = 0;
  const scores = candidates.map(({ index, score }) => {
    let sum = score;
    for (let f = 0; f < count; f++) sum += weights[(scratch[f]! + index) & mask]!;
    total += Math.exp(sum * step);
    return sum * step;
  });
  const norm = Math.log(total);
  for (let i = 0; i < scores.length; i++) {
    const score = partial.score + scores[i]! - norm;
    if (grown.length === BEAM && score <= grown[BEAM - 1]!.score) continue;
    let place = grown.length;
    while (place > 0 && grown[place - 1]!.score < score) place--;
    grown.splice(place, 0, { score, state: partial.state, chunk: candidates[i]!.chunk, before: partial });
    if (grown.length > BEAM) grown.pop();
  }
}

function isVowelLetter(letter: string | undefined): boolean {
  return letter !== undefined && 'aeiouy'.includes(letter);
}

function hashText(text: string): number {
  let hash = start(90);
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i));
  return finish(hash);
}

function start(template: number): number {
  return Math.imul(template + 1, 0x9e3779b1);
}

function mix(hash: number, value: number): number {
  return Math.imul((hash ^ value) + 0x7ed55d16, 0x01000193) ^ (hash >>> 15);
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
