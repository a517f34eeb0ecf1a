/** Whether a device speaks as the CPU does. Pure. */
import type { Answer } from './ask.js';

/** With 4 bits scores cannot be equal: other kernels round otherwise. Broken ones are far off this. */
const LEAST_COSINE = 0.99;

export function rowsIn({ lines }: Answer): readonly (readonly number[])[] {
  return lines.find((line) => 'rows' in line)?.rows ?? [];
}

export function scoresIn({ lines }: Answer): readonly number[] | undefined {
  return lines.find((line) => 'scores' in line)?.scores;
}

export interface FramesVerdict {
  readonly right: boolean;
  /** So many rows were spoken. */
  readonly rows: number;
  /** In words. */
  readonly saw: string;
}

/** Rows that there was time for must be equal, and scores with 4 bits alike. */
export function framesVerdict(found: Answer, onCpu: Answer): FramesVerdict {
  const [rows, expected] = [rowsIn(found), rowsIn(onCpu)];
  const verdict = (right: boolean, saw: string): FramesVerdict => ({ right, rows: rows.length, saw });
  if (expected.length === 0) return verdict(false, `the CPU gave none: ${onCpu.failure ?? 'no answer'}`);
  if (rows.length === 0) return verdict(false, found.failure ?? 'none');
  const equal = rows.filter((row, at) => row.join() === expected[at]?.join()).length;
  if (equal < rows.length) return verdict(false, `${equal} of ${rows.length} rows are the CPU's`);
  const all = `all ${rows.length} rows are the CPU's`;
  if (found.failure !== undefined) return verdict(false, `${all}; with 4 bits ${found.failure}`);
  const [scores, expectedScores] = [scoresIn(found), scoresIn(onCpu)];
  if (scores === undefined || expectedScores === undefined) return verdict(true, all);
  const alike = cosine(scores, expectedScores);
  return verdict(alike >= LEAST_COSINE, `${all}; with 4 bits scores are ${alike.toFixed(4)} alike`);
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
