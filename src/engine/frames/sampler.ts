/** Sampling one code of one codebook: pure functions on raw scores. */
import { HiggsError } from '../errors.js';

/** Which codes are left, and with which shares; checked against `SAMPLING_RULES` when the request came in. */
export interface FilterRule {
  /** Scores are divided by it; 0 takes the best code and needs no chance. */
  readonly temperature: number;
  /** Only the codes with the k best scores stay (1 or more; ties with the k-th stay too). */
  readonly topK: number;
  /** Of these, the fewest whose shares come to this much (above 0, at most 1). */
  readonly topP: number;
}

/** Nothing filtered, nothing sharpened. */
const RAW: FilterRule = { temperature: 1, topK: Infinity, topP: 1 };
/** The k-th best score is looked for in one of so many strips of scores. */
const STRIPS = 64;

/**
 * Working memory for codebooks of up to so many codes. A draw is over before the next one begins, and making small arrays for
 * each takes longer than what is done with them.
 */
class Work {
  readonly strips: Uint8Array;
  readonly within: Float32Array;
  readonly codes: Int32Array;
  readonly weights: Float64Array;
  readonly ascending: Float64Array;
  readonly counts = new Uint16Array(STRIPS + 1);

  constructor(readonly size: number) {
    this.strips = new Uint8Array(size);
    this.within = new Float32Array(size);
    this.codes = new Int32Array(size);
    this.weights = new Float64Array(size);
    this.ascending = new Float64Array(size);
  }
}

let work = new Work(0);

/** What is left to sample from: `shares[i]` is the probability of `codes[i]`; they sum to 1. */
export interface Candidates {
  readonly codes: Int32Array;
  readonly shares: Float64Array;
}

/**
 * Samples one code of one codebook; the same arguments give the same code.
 * logits [codebookSize] raw scores, left as they are; random in [0, 1); returns 0 to codebookSize - 1.
 * Throws HIGGS_RUNTIME_FAILED where no score is a finite number.
 */
export function sampleCode(logits: Float32Array, rule: FilterRule, random: number): number {
  if (rule.temperature === 0) return bestCode(logits);
  const count = weigh(logits, rule);
  const { codes, weights } = work;
  let below = 0;
  let last = 0;
  for (let at = 0; at < count; at++) {
    if (weights[at]! > 0) last = at;
    below += weights[at]!;
    if (random < below) return codes[at]!;
  }
  return codes[last]!; // Rounding left the sum a little under the random.
}

/** Samples from the raw scores, nothing filtered, temperature 1: what a repetition is replaced by. */
export function sampleRawCode(logits: Float32Array, random: number): number {
  return sampleCode(logits, RAW, random);
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

/** The codes that temperature (above 0), top-k and top-p leave, in order of codes. */
export function candidates(logits: Float32Array, rule: FilterRule): Candidates {
  const count = weigh(logits, rule);
  return { codes: work.codes.slice(0, count), shares: work.weights.slice(0, count) };
}

/**
 * Puts the codes that the rule leaves into `work.codes`, their shares into `work.weights`, and gives how many they are. The order
 * of the three filters is the reference's: transformers' TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper.
 */
function weigh(logits: Float32Array, { temperature, topK, topP }: FilterRule): number {
  if (work.size < logits.length) work = new Work(logits.length);
  const { codes, weights } = work;
  const best = logits[bestCode(logits)]!;
  const lowest = topK < logits.length ? kthBest(logits, best, topK) : -Infinity;
  let count = 0;
  for (let code = 0; code < logits.length; code++) {
    const score = logits[code]!;
    if (!(score >= lowest)) continue;
    codes[count] = code;
    weights[count++] = Math.exp((score - best) / temperature);
  }
  const floor = topP < 1 ? weightFloor(count, topP) : 0;
  let kept = 0;
  let total = 0;
  for (let at = 0; at < count; at++) {
    const weight = weights[at]!;
    if (weight < floor) continue;
    codes[kept] = codes[at]!;
    total += weights[kept++] = weight;
  }
  for (let at = 0; at < kept; at++) weights[at]! /= total;
  return kept;
}

/**
 * The k-th best score. All are counted into strips of even width from the best one down to twice its distance from the mean;
 * only the few in the strip with the k-th place are sorted.
 */
function kthBest(logits: Float32Array, best: number, k: number): number {
  const { strips, counts, within } = work;
  let sum = 0;
  let numbers = 0;
  for (const score of logits) {
    if (!(score > -Infinity)) continue;
    sum += score;
    numbers++;
  }
  if (numbers < k) return -Infinity;
  const stripsAScore = STRIPS / (2 * (best - sum / numbers));
  if (stripsAScore === Infinity) return best;
  counts.fill(0);
  for (let code = 0; code < logits.length; code++) {
    const score = logits[code]!;
    const strip = score > -Infinity ? Math.min(STRIPS - 1, (best - score) * stripsAScore) | 0 : STRIPS;
    strips[code] = strip;
    counts[strip]!++;
  }
  let above = 0;
  let strip = 0;
  while (above + counts[strip]! < k) above += counts[strip++]!;
  let count = 0;
  for (let code = 0; code < logits.length; code++) if (strips[code] === strip) within[count++] = logits[code]!;
  return within.subarray(0, count).sort()[count - (k - above)]!;
}

/** The lowest of the first `count` weights that top-p keeps: from the worst on they go while their sum is within 1 - topP of all. */
function weightFloor(count: number, topP: number): number {
  const ascending = work.ascending.subarray(0, count);
  let total = 0;
  for (let at = 0; at < count; at++) total += ascending[at] = work.weights[at]!;
  ascending.sort();
  let gone = 0;
  for (const weight of ascending) {
    gone += weight;
    if (gone > (1 - topP) * total) return weight;
  }
  return ascending.at(-1)!;
}
