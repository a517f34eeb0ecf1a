import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasLostPlace, type LookScores } from '../../../src/engine/frames/index.js';

const TOKENS = 40;

/** One head that looks at one token a frame. */
function lookingAt(path: readonly number[]): LookScores {
  const scores = Float32Array.from(
    path.flatMap((at) => Array.from({ length: TOKENS }, (_, token) => (token === at ? 9 : 0))),
  );
  return { scores, headCount: 1, frameCount: path.length, tokenCount: TOKENS };
}

const upTo = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);
const whole = upTo(0, TOKENS);

describe('a speaker', () => {
  test.each([
    ['who says all of it', whole],
    ['who says it slowly', whole.flatMap((token) => [token, token, token])],
    ['who says it fast', whole.filter((token) => token % 3 !== 1)],
    ['who looks about before the first word', [17, 0, ...whole]],
    ['whose look goes astray for two frames', whole.flatMap((token) => (token === 20 ? [20, 3, 37, 20] : [token]))],
    ['whose last look is on the last word, not on the full stop', whole.slice(0, -2)],
    ['of whom too little is there to tell', [30, 0, 12]],
  ])('%s has kept to the text', (_what, path) => {
    expect(hasLostPlace(lookingAt(path))).toBe(false);
  });

  test.each([
    ['who says the end twice', [...whole, ...upTo(28, TOKENS)]],
    ['who begins once more', [...upTo(0, 12), ...whole]],
    ['who leaves out a word', [...upTo(0, 15), ...upTo(24, TOKENS)]],
    ['who stops before the end', upTo(0, 28)],
    ['who leaves out the beginning', upTo(10, TOKENS)],
  ])('%s has lost the place', (_what, path) => {
    expect(hasLostPlace(lookingAt(path))).toBe(true);
  });

  test('who says eight tokens or more twice has lost the place, and whoever lingers at any has not', () => {
    const places = fc.tuple(fc.integer({ min: 12, max: TOKENS }), fc.integer({ min: 8, max: 10 }));
    fc.assert(
      fc.property(places, ([end, length]) => {
        const again = upTo(end - length, end);
        expect(hasLostPlace(lookingAt([...upTo(0, end), ...again, ...upTo(end, TOKENS)]))).toBe(true);
        const lingering = new Array<number>(length).fill(end - 1);
        expect(hasLostPlace(lookingAt([...upTo(0, end), ...lingering, ...upTo(end, TOKENS)]))).toBe(false);
      }),
    );
  });

  test('is judged by what all heads look at together', () => {
    const [sure, unsure] = [lookingAt(whole), lookingAt(whole.map(() => 0))];
    const scores = Float32Array.from([...sure.scores, ...unsure.scores.map((score) => score / 2)]);
    expect(hasLostPlace({ ...sure, scores, headCount: 2 })).toBe(false);
  });
});
