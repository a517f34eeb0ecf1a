/** Drawing one code of one codebook: pure functions on raw scores. */
import { HiggsError } from '../errors.js';

/** How codes are drawn; checked against `SAMPLING_RULES` when the request came in. */
export interface DrawRule {
  /** Scores are divided by it; 0 takes the best code and needs no chance. */
  readonly temperature: number;
  /** Only the codes with the k best scores stay (1 or more; ties with the k-th stay too). */
  readonly topK: number;
  /** Of these, the fewest whose shares come to this much (above 0, at most 1). */
  readonly topP: number;
}

/** What is left to draw from: `shares[i]` is the probability of `codes[i]`; they sum to 1. */
export interface Candidates {
  readonly codes: Int32Array;
  readonly shares: Float64Array;
}

/**
 * Draws one code of one codebook; the same arguments give the same code.
 * logits [codebookSize] raw scores, left as they are; coin in [0, 1); returns 0 to codebookSize - 1.
 * Throws HIGGS_RUNTIME_FAILED where no score is a finite number.
 */
export function drawCode(logits: Float32Array, rule: DrawRule, coin: number): number {
  if (rule.temperature === 0) return bestCode(logits);
  const { codes, shares } = candidates(logits, rule);
  return codes[indexAt(shares, coin)]!;
}

/** Draws from the raw scores, nothing filtered, temperature 1: what a repetition is replaced by. */
export function drawRawCode(logits: Float32Array, coin: number): number {
  return indexAt(softmax(logits, 1), coin);
}

/** The code with the highest score, the first of equal ones. Throws HIGGS_RUNTIME_FAILED where no score is finite. */
export function bestCode(logits: Float32Array): number {
  let best = -1;
  let bestScore = -Infinity;
  for (let code = 0; code < logits.length; code++) {
    if (logits[code]! > bestScore) bestScore = logits[(best = code)]!;
  }
  if (!Number.isFinite(bestScore)) {
    throw new HiggsError('HIGGS_RUNTIME_FAILED', 'The language model gave scores that are no numbers.');
  }
  return best;
}

/**
 * The codes that temperature (above 0), top-k and top-p leave, in order of codes. The order of the three is the reference's:
 * transformers' TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper.
 */
export function candidates(logits: Float32Array, rule: DrawRule): Candidates {
  let codes = codesFrom(logits, rule.topK < logits.length ? kthBest(logits, rule.topK) : -Infinity);
  if (rule.topP < 1) {
    const floor = shareFloor(scoresOf(logits, codes), rule);
    codes = codes.filter((code) => logits[code]! >= floor);
  }
  return { codes, shares: softmax(scoresOf(logits, codes), rule.temperature) };
}

/** The codes whose score is `floor` or better, in order. */
function codesFrom(logits: Float32Array, floor: number): Int32Array {
  const codes = new Int32Array(logits.length);
  let count = 0;
  for (let code = 0; code < logits.length; code++) if (logits[code]! >= floor) codes[count++] = code;
  return codes.subarray(0, count);
}

function scoresOf(logits: Float32Array, codes: Int32Array): Float32Array {
  const scores = new Float32Array(codes.length);
  for (let at = 0; at < codes.length; at++) scores[at] = logits[codes[at]!]!;
  return scores;
}

/** The k-th best score, by a heap of the k best so far whose root is the worst of them: one pass over the scores. */
function kthBest(logits: Float32Array, k: number): number {
  const heap = new Float32Array(k).fill(-Infinity);
  for (const score of logits) {
    if (!(score > heap[0]!)) continue;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= k) break;
      if (child + 1 < k && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= score) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = score;
  }
  return heap[0]!;
}

/** The lowest score that top-p keeps; sorts `scores` in place. From the worst on, codes go while their sum is within 1 - topP. */
function shareFloor(scores: Float32Array, rule: DrawRule): number {
  const weights = softmax(scores.sort(), rule.temperature);
  let gone = 0;
  for (let at = 0; at < scores.length; at++) {
    gone += weights[at]!;
    if (gone > 1 - rule.topP) return scores[at]!;
  }
  return scores.at(-1)!;
}

function softmax(scores: Float32Array, temperature: number): Float64Array {
  const best = scores[bestCode(scores)]!;
  const shares = new Float64Array(scores.length);
  let total = 0;
  for (let at = 0; at < scores.length; at++) total += shares[at] = Math.exp((scores[at]! - best) / temperature);
  for (let at = 0; at < scores.length; at++) shares[at]! /= total;
  return shares;
}

/** The index in whose stretch of [0, 1) the coin lies, stretches laid out in order. */
function indexAt(shares: Float64Array, coin: number): number {
  let below = 0;
  let last = 0;
  for (let at = 0; at < shares.length; at++) {
    if (shares[at]! > 0) last = at;
    below += shares[at]!;
    if (coin < below) return at;
  }
  return last; // Rounding left the sum a little under the coin.
}
