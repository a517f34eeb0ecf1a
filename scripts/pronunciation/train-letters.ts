/** Trains the model of `src/engine/pronunciation/letters.ts`: logistic regression by AdaGrad, the true reading so far given. */
import {
  MOST_FEATURES,
  NOTHING_READ,
  readOn,
  WordFeatures,
  type LetterModel,
} from '../../src/engine/pronunciation/letters.js';
import type { AlignedWord } from './align-letters.js';

export interface TrainingSettings {
  /** Features are hashed into 2 ** bits weights. */
  readonly bits: number;
  readonly epochs: number;
  /** Features seen less often are left out. */
  readonly leastCount: number;
  readonly rate: number;
  /** Taken off each weight that is moved, as a part of the move that a certain error would make. */
  readonly decay: number;
  /** Weights of fewer steps are dropped in the end. */
  readonly leastSteps: number;
}

export const SETTINGS: TrainingSettings = {
  bits: 20,
  epochs: 4,
  leastCount: 4,
  rate: 0.3,
  decay: 0.005,
  leastSteps: 2,
};
const STEP = 1 / 12;
const LEAST_CHUNK_COUNT = 4;
const FIRST_SQUARES = 0.1;
/** Errors below this are let be. */
const LEAST_ERROR = 0.004;

/** All letters of all words: which features each one has, and which of its letter's chunks it gives. */
interface Examples {
  readonly features: Uint32Array;
  /** Where the features of example i begin; one more at the end. */
  readonly starts: Uint32Array;
  readonly truths: Uint8Array;
  readonly choices: Uint8Array;
}

export function trainLetters(
  words: readonly AlignedWord[],
  settings: TrainingSettings,
  tell: (line: string) => void,
): LetterModel {
  const chunks = chunksByLetter(words);
  const usable = words.filter(({ word, chunks: own }) =>
    own.every((chunk, i) => chunks.get(word[i]!)?.includes(chunk)),
  );
  const examples = makeExamples(usable, chunks, settings);
  tell(
    `${usable.length} of ${words.length} words, ${examples.truths.length} letters, ${examples.features.length} features`,
  );
  const weights = new Float32Array(2 ** settings.bits);
  const squares = new Float32Array(weights.length).fill(FIRST_SQUARES);
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    const rate = settings.rate * (1 - (0.9 * epoch) / settings.epochs);
    const loss = runEpoch(examples, weights, squares, rate, settings.decay, epoch);
    tell(`epoch ${epoch}: ${loss.toFixed(4)} nats a letter`);
  }
  const steps = Int8Array.from(weights, (weight) => {
    const whole = Math.max(-127, Math.min(127, Math.round(weight / STEP)));
    return Math.abs(whole) < settings.leastSteps ? 0 : whole;
  });
  tell(`${steps.reduce((sum, step) => sum + (step === 0 ? 0 : 1), 0)} weights`);
  return { chunks, weights: steps, step: STEP };
}

/** Moves `weights` once for each letter that is not certain; returns the mean loss. */
function runEpoch(
  { features, starts, truths, choices }: Examples,
  weights: Float32Array,
  squares: Float32Array,
  rate: number,
  decay: number,
  epoch: number,
): number {
  const mask = weights.length - 1;
  const count = truths.length;
  const stride = strideOf(count);
  const scores = new Float64Array(256);
  let loss = 0;
  for (let k = 0, example = epoch; k < count; k++, example = (example + stride) % count) {
    const [from, to] = [starts[example]!, starts[example + 1]!];
    const size = choices[example]!;
    const truth = truths[example]!;
    scores.fill(0, 0, size);
    for (let f = from; f < to; f++) {
      const feature = features[f]!;
      for (let i = 0; i < size; i++) scores[i]! += weights[(feature + i) & mask]!;
    }
    let most = -Infinity;
    for (let i = 0; i < size; i++) if (scores[i]! > most) most = scores[i]!;
    let total = 0;
    for (let i = 0; i < size; i++) total += scores[i] = Math.exp(scores[i]! - most);
    loss -= Math.log(scores[truth]! / total);
    for (let i = 0; i < size; i++) {
      const error = scores[i]! / total - (i === truth ? 1 : 0);
      if (Math.abs(error) < LEAST_ERROR) continue;
      const squared = error * error;
      for (let f = from; f < to; f++) {
        const place = (features[f]! + i) & mask;
        squares[place]! += squared;
        const step = rate / Math.sqrt(squares[place]!);
        const moved = weights[place]! - step * error;
        const less = decay * step;
        weights[place] = moved > less ? moved - less : moved < -less ? moved + less : 0;
      }
    }
  }
  return loss / count;
}

/** A step that visits all of `count` examples in a mixed order. */
function strideOf(count: number): number {
  const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b));
  let stride = Math.floor(count * 0.618);
  while (common(stride, count) !== 1) stride++;
  return stride;
}

function chunksByLetter(words: readonly AlignedWord[]): Map<string, string[]> {
  const counts = new Map<string, number>();
  for (const { word, chunks } of words) {
    for (const [i, chunk] of chunks.entries()) counts.set(word[i]! + chunk, (counts.get(word[i]! + chunk) ?? 0) + 1);
  }
  const byLetter = new Map<string, string[]>();
  for (const [pair, count] of [...counts].sort(([, a], [, b]) => b - a)) {
    if (count < LEAST_CHUNK_COUNT) continue;
    byLetter.set(pair[0]!, [...(byLetter.get(pair[0]!) ?? []), pair.slice(1)]);
  }
  return byLetter;
}

function makeExamples(
  words: readonly AlignedWord[],
  chunks: ReadonlyMap<string, readonly string[]>,
  { leastCount }: TrainingSettings,
): Examples {
  const counts = new Uint8Array(2 ** 24);
  const letters = words.reduce((sum, { word }) => sum + word.length, 0);
  const truths = new Uint8Array(letters);
  const choices = new Uint8Array(letters);
  const starts = new Uint32Array(letters + 1);
  let features = new Uint32Array(letters * 16);
  let [letterAt, featureAt] = [0, 0];
  for (const { word, chunks: own } of words) {
    const ofWord = new WordFeatures(word);
    let state = NOTHING_READ;
    for (const [at, chunk] of own.entries()) {
      const candidates = chunks.get(word[at]!)!;
      truths[letterAt] = candidates.indexOf(chunk);
      choices[letterAt] = candidates.length;
      if (featureAt + 2 * MOST_FEATURES > features.length) {
        const longer = new Uint32Array(features.length * 2);
        longer.set(features);
        features = longer;
      }
      const from = featureAt;
      featureAt += ofWord.ofLetters(at, features.subarray(featureAt));
      featureAt += ofWord.ofReading(at, state, features.subarray(featureAt));
      for (let f = from; f < featureAt; f++) if (counts[features[f]! >>> 8]! < 255) counts[features[f]! >>> 8]!++;
      starts[++letterAt] = featureAt;
      state = readOn(state, chunk);
    }
  }
  // Features that are seen too seldom go.
  let kept = 0;
  for (let i = 0, from = 0; i < letters; i++) {
    const to = starts[i + 1]!;
    for (let f = from; f < to; f++) if (counts[features[f]! >>> 8]! >= leastCount) features[kept++] = features[f]!;
    from = to;
    starts[i + 1] = kept;
  }
  return { features: features.subarray(0, kept), starts, truths, choices };
}
