import { expect, test } from 'vitest';
import { findingsTable, near, same, type Finding } from '../../scripts/parity/findings.js';
import { clipsIn, sameCodes, type Quantizer } from '../../scripts/parity/nearest.js';
import { codeFrames } from '../../src/engine/codes.js';
import { applyDelay } from '../../src/engine/delay-pattern.js';

const limit = 1e-4;

test('numbers are near up to the limit, and of a peak beyond 1 up to its share', () => {
  expect(near('a', '', [1, 2.00009], [1, 2], { limit }).ok).toBe(true);
  expect(near('a', '', [1, 2.0002], [1, 2], { limit }).ok).toBe(false);
  expect(near('a', '', [50, 1000.05], [50, 1000], { limit, ofPeak: true }).ok).toBe(true);
  expect(near('a', '', [50, 1000.2], [50, 1000], { limit, ofPeak: true }).ok).toBe(false);
  // Sounds within full scale are held to the limit itself.
  expect(near('a', '', [0.1, 0.0002], [0.1, 0], { limit, ofPeak: true }).ok).toBe(false);
});

test('what is no number, and another length, are never near', () => {
  expect(near('a', '', [NaN], [0], { limit })).toMatchObject({ ok: false, found: 'not a number' });
  expect(near('a', '', [0], [NaN], { limit, ofPeak: true }).ok).toBe(false);
  expect(near('a', '', [0, 0], [0], { limit })).toMatchObject({ ok: false, found: '2 values for 1' });
});

test('the first mismatch is told by row and codebook', () => {
  expect(same('a', '', [1, 2, 3, 4], [1, 2, 3, 5], 2)).toMatchObject({
    ok: false,
    found: 'row 1, codebook 1: 4 for 5',
  });
  expect(same('a', '', 'abc', 'abd').found).toBe('at 2: "c" for "d"');
  expect(same('a', '', 'ab', 'abc')).toMatchObject({ ok: false, found: '2 values for 3' });
});

test('the table shows the worst of a sort, and each failure', () => {
  const finding = (where: string, size: number, ok = true): Finding => {
    return { what: 'a', where, found: String(size), limit: '1', ok, size };
  };
  expect(findingsTable([finding('one', 0.1), finding('two', 0.9)]).split('\n')).toEqual([
    expect.stringMatching(/^what/) as string,
    expect.stringMatching(/^a +two +0.9 +1 +ok$/) as string,
  ]);
  expect(findingsTable([finding('one', 2, false), finding('two', 0), finding('three', 3, false)])).toMatch(
    /one .*FAILED\na +three .*FAILED$/,
  );
});

/** Two quantisers of numbers on a line: 0, 1, 2, 3 and then quarters. */
const quantizer = (...entries: number[]): Quantizer => {
  const same = { weight: Float32Array.of(1), bias: Float32Array.of(0) };
  return { projectIn: same, projectOut: same, entries: Float32Array.from(entries) };
};
const quantizers = [quantizer(0, 1, 2, 3), quantizer(-0.5, -0.25, 0, 0.25, 0.5)];
const compare = (latent: number, found: number[], expected: number[]): Finding =>
  sameCodes(
    'codes',
    '',
    codeFrames(2, Int32Array.from(found)),
    codeFrames(2, Int32Array.from(expected)),
    Float32Array.of(latent),
    quantizers,
  );

test('a code may be another where both are equally near; the frame then goes on from there', () => {
  expect(compare(1.5, [1, 4], [2, 0])).toMatchObject({ ok: true, found: 'equal but for 1 of 1 frames at ties' });
  expect(compare(1.5, [1, 3], [2, 0]).ok).toBe(false);
  expect(compare(1.5, [1, 4], [3, 0]).ok).toBe(false);
  expect(compare(1.49, [1, 4], [2, 0])).toMatchObject({ ok: false, found: 'frame 0, codebook 0: 1 for 2' });
  expect(compare(1.125, [1, 2], [1, 3]).ok).toBe(true);
  expect(compare(1.125, [1, 2], [1, 9]).ok).toBe(false);
  expect(compare(1.125, [1, 2], [1, 2])).toMatchObject({ found: 'equal', size: 0 });
});

test('clips come out of delayed rows as they went in', () => {
  const shape = { numCodebooks: 3, codebookSize: 12, bosCode: 10, eosCode: 11 };
  const clips = [Int32Array.of(1, 2, 3, 4, 5, 6), Int32Array.of(7, 8, 9)];
  const rows = clips.flatMap((codes) => Array.from(applyDelay(codeFrames(3, codes), shape).codes));
  expect(clipsIn(Int32Array.from(rows), 3, [2, 1])).toEqual(clips);
});
