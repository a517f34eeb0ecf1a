/** Scores of a model on sequences whose codes are given, and how far they are from float32's. */
import { sliceFrames, type CodeFrames, type FrameShape } from '../../src/engine/codes.js';
import type { LoadedLanguageModel } from '../../src/engine/runtime/index.js';
import type { Sequence } from './sequences.js';

const TIMED_STEPS = 60;

export interface Measured {
  /** Cosine of a row's scores with float32's: mean over rows, and the lowest. */
  readonly meanCosine: number;
  readonly lowestCosine: number;
  /** Shares of rows in which the best code is float32's, one a codebook. */
  readonly agreement: readonly number[];
  /** exp of the mean negative log probability of a code, temperature 1. */
  readonly perplexity: Readonly<Record<Sequence['kind'], number>>;
}

/** The scores from which each row but the first is drawn, [rows - 1, numCodebooks * codebookSize], one array a sequence. */
export async function scoresOn(sequences: readonly Sequence[], model: LoadedLanguageModel): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for (const { prompt, rows } of sequences) {
    const context = model.open(prompt.positionCount + rows.frameCount);
    for (const run of prompt.runs) await context.feed(run);
    const fed = sliceFrames(rows, 0, rows.frameCount - 1);
    all.push(Float32Array.from(await context.feed({ kind: 'audio', frames: fed }, fed.frameCount)));
    context.close();
  }
  return all;
}

/** scores, reference: what {@link scoresOn} gave. */
export function compareScores(
  sequences: readonly Sequence[],
  scores: readonly Float32Array[],
  reference: readonly Float32Array[],
  shape: FrameShape,
): Measured {
  const { numCodebooks, codebookSize } = shape;
  const cosines: number[] = [];
  const agreed = new Float64Array(numCodebooks);
  const drawn = new Float64Array(numCodebooks);
  const losses = { recorded: [0, 0], generated: [0, 0] } satisfies Record<string, [number, number]>;
  for (const [index, { kind, rows }] of sequences.entries()) {
    const width = numCodebooks * codebookSize;
    const sum = losses[kind];
    for (let row = 1; row < rows.frameCount; row++) {
      const found = scores[index]!.subarray((row - 1) * width, row * width);
      const wanted = reference[index]!.subarray((row - 1) * width, row * width);
      cosines.push(cosine(found, wanted));
      for (let codebook = 0; codebook < numCodebooks; codebook++) {
        const code = rows.codes[row * numCodebooks + codebook]!;
        if (code >= shape.bosCode && !isFirstEos(rows, row, codebook, shape)) continue;
        const [from, to] = [codebook * codebookSize, (codebook + 1) * codebookSize];
        drawn[codebook]!++;
        if (bestOf(found.subarray(from, to)) === bestOf(wanted.subarray(from, to))) agreed[codebook]!++;
        sum[0] -= logProbability(found.subarray(from, to), code);
        sum[1]++;
      }
    }
  }
  const perplexityOf = ([loss, count]: number[]): number => Math.exp(loss! / count!);
  return {
    meanCosine: cosines.reduce((total, value) => total + value, 0) / cosines.length,
    lowestCosine: Math.min(...cosines),
    agreement: Array.from(agreed, (count, codebook) => count / drawn[codebook]!),
    perplexity: { recorded: perplexityOf(losses.recorded), generated: perplexityOf(losses.generated) },
  };
}

/** The fastest of some steps, in milliseconds: other work on the machine only ever adds. */
export async function stepMilliseconds({ prompt, rows }: Sequence, model: LoadedLanguageModel): Promise<number> {
  const context = model.open(prompt.positionCount + TIMED_STEPS);
  for (const run of prompt.runs) await context.feed(run);
  let fastest = Infinity;
  for (let step = 0; step < Math.min(TIMED_STEPS, rows.frameCount); step++) {
    const start = performance.now();
    await context.feed({ kind: 'audio', frames: sliceFrames(rows, step, step + 1) });
    fastest = Math.min(fastest, performance.now() - start);
  }
  context.close();
  return fastest;
}

/** An eos that the model gave: the delay pattern decides bos, and all that comes after the row with the first eos. */
function isFirstEos(
  { codes }: CodeFrames,
  row: number,
  codebook: number,
  { numCodebooks, eosCode }: FrameShape,
): boolean {
  return codes[row * numCodebooks + codebook] === eosCode && !codes.subarray(0, row * numCodebooks).includes(eosCode);
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

function bestOf(scores: Float32Array): number {
  return scores.indexOf(scores.reduce((best, score) => Math.max(best, score)));
}

function logProbability(scores: Float32Array, code: number): number {
  const best = scores.reduce((found, score) => Math.max(found, score));
  let total = 0;
  for (const score of scores) total += Math.exp(score - best);
  return scores[code]! - best - Math.log(total);
}
