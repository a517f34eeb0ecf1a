import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenPath, type LookScores } from '../../../src/engine/frames/index.js';

/** What passing over a token costs, and how the looks count: told here once more, by the plainest way to it. */
const PASSED_OVER = 0.5;

function look(rows: readonly (readonly number[])[], headCount = 1): LookScores {
  const frameCount = rows.length / headCount;
  return { scores: Float32Array.from(rows.flat()), headCount, frameCount, tokenCount: rows[0]!.length };
}

/** How well the looks of one head speak for a path. */
function worthOf(rows: readonly (readonly number[])[], path: readonly number[]): number {
  const passed = (from: number, to: number): number => Math.max(0, to - from - 1);
  const tokenCount = rows[0]!.length;
  return rows.reduce((worth, row, frame) => {
    const sum = row.reduce((total, score) => total + Math.exp(score), 0);
    const near = Math.exp(row[path[frame]!]!) + Math.exp(row[path[frame]! + 1] ?? -Infinity);
    const leapt = frame === 0 ? path[0]! : passed(path[frame - 1]!, path[frame]!);
    const left = frame === rows.length - 1 ? tokenCount - 1 - path[frame]! : 0;
    return worth + Math.log(near / sum) - PASSED_OVER * (leapt + left);
  }, 0);
}

function everyRisingPath(frameCount: number, tokenCount: number): number[][] {
  if (frameCount === 0) return [[]];
  return everyRisingPath(frameCount - 1, tokenCount).flatMap((path) =>
    Array.from({ length: tokenCount - (path.at(-1) ?? 0) }, (_, step) => [...path, (path.at(-1) ?? 0) + step]),
  );
}

const rowsOfScores = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([frames, tokens]) =>
    fc.array(fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: tokens, maxLength: tokens }), {
      minLength: frames,
      maxLength: frames,
    }),
  );

test('of all paths that never go back, the one through the text is the one that the looks speak for most', () => {
  fc.assert(
    fc.property(rowsOfScores, (rows) => {
      const found = Array.from(tokenPath(look(rows)));
      expect(found.every((token, frame) => token >= (found[frame - 1] ?? 0) && token < rows[0]!.length)).toBe(true);
      const best = Math.max(...everyRisingPath(rows.length, rows[0]!.length).map((path) => worthOf(rows, path)));
      expect(worthOf(rows, found)).toBeCloseTo(best, 4);
    }),
  );
});

test('looks that go along the text are followed, and one that strays is not', () => {
  const looks = [0, 0, 1, 3, 3, 0, 3, 5, 5];
  const path = Array.from(
    tokenPath(look(looks.map((at) => Array.from({ length: 6 }, (_, token) => (token === at ? 8 : 0))))),
  );
  // A look at the token that comes next counts as much, so the path may be one token behind.
  const behind = path.map((token, frame) => (frame === 5 ? 0 : looks[frame]!) - (frame === 5 ? 0 : token));
  expect(behind.every((tokens) => tokens === 0 || tokens === 1)).toBe(true);
  expect(path[5]).toBeGreaterThanOrEqual(2);
});

test('several heads count alike', () => {
  const sure = [0, 1, 2].map((at) => [0, 1, 2].map((token) => (token === at ? 9 : 0)));
  const unsure = [0, 1, 2].map(() => [0, 0, 0]);
  expect(tokenPath(look([...unsure, ...sure], 2))).toEqual(tokenPath(look(sure)));
});

test('no frames, or a text without tokens, have a path of as many frames', () => {
  expect(tokenPath({ scores: new Float32Array(0), headCount: 1, frameCount: 0, tokenCount: 4 })).toHaveLength(0);
  expect(tokenPath({ scores: new Float32Array(0), headCount: 1, frameCount: 3, tokenCount: 0 })).toHaveLength(3);
});
