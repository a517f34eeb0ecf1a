import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeFrames, type CodeFrames, type FrameShape } from '../../../src/engine/codes.js';
import { applyDelay, undoDelay } from '../../../src/engine/delay-pattern.js';
import { alignFrames } from '../../../src/engine/frames/index.js';
import { KITS, loadKit } from '../../helpers/kit.js';
import { kitShape } from '../../helpers/replay.js';
import { drain, streamOf } from '../../helpers/streams.js';

const rowsOf = ({ numCodebooks, codes }: CodeFrames): Int32Array[] =>
  Array.from({ length: codes.length / numCodebooks }, (_, row) =>
    codes.slice(row * numCodebooks, (row + 1) * numCodebooks),
  );
const codesOf = (frames: readonly CodeFrames[]): number[] => frames.flatMap((frame) => Array.from(frame.codes));
const aligned = async (rows: CodeFrames, shape: FrameShape, keepEosFrames = true) =>
  codesOf((await drain(alignFrames(streamOf(rowsOf(rows), 0), shape, { keepEosFrames }))).values);

/** A shape, and frames of it. */
const shaped = fc.integer({ min: 1, max: 12 }).chain((numCodebooks) => {
  const shape: FrameShape = { numCodebooks, codebookSize: 10, bosCode: 8, eosCode: 9 };
  return fc
    .array(fc.array(fc.integer({ min: 0, max: 7 }), { minLength: numCodebooks, maxLength: numCodebooks }), {
      maxLength: 20,
    })
    .map((frames) => ({ shape, frames: codeFrames(numCodebooks, Int32Array.from(frames.flat())) }));
});

/** Rows as a generation might give them, eos anywhere. */
const generated = fc.integer({ min: 1, max: 5 }).chain((numCodebooks) => {
  const shape: FrameShape = { numCodebooks, codebookSize: 5, bosCode: 3, eosCode: 4 };
  const code = fc.constantFrom(0, 1, 2, 4, 4);
  return fc
    .array(fc.array(code, { minLength: numCodebooks, maxLength: numCodebooks }), { maxLength: 25 })
    .map((rows) => ({
      shape,
      rows: codeFrames(numCodebooks, Int32Array.from([Array<number>(numCodebooks).fill(3), ...rows].flat())),
    }));
});

describe.each(KITS)('kit %s', (name) => {
  const kit = loadKit(name);
  const shape = kitShape(kit);

  test('the delay pattern is the reference’s', () => {
    const { shape: dims, values } = kit.ints('delay.codes'); // [numCodebooks, frames]
    const [numCodebooks, frameCount] = dims as [number, number];
    const codes = Int32Array.from(
      { length: values.length },
      (_, at) => values[(at % numCodebooks) * frameCount + Math.floor(at / numCodebooks)]!,
    );
    const delayed = applyDelay(codeFrames(numCodebooks, codes), shape);
    const built = kit.ints('delay.built');
    expect(delayed.frameCount).toBe(built.shape[1]);
    for (let codebook = 0; codebook < numCodebooks; codebook++) {
      for (let row = 0; row < delayed.frameCount; row++) {
        expect(delayed.codes[row * numCodebooks + codebook]).toBe(built.values[codebook * delayed.frameCount + row]);
      }
    }
    expect(undoDelay(delayed, shape).codes).toEqual(codes);
  });

  test.each([...Object.keys(kit.expected.conversations), 'closing'])(
    'as many frames come of "%s" as the reference turned into sound',
    async (conversation) => {
      const isClosing = conversation === 'closing';
      const { values } = kit.ints(isClosing ? 'closing.frames' : `${conversation}.greedy_frames`);
      const sound = kit.floats(`${conversation}.audio`);
      const rows = codeFrames(shape.numCodebooks, values);
      expect((await aligned(rows, shape)).length).toBe((sound.shape[0]! / 960) * shape.numCodebooks);
    },
  );

  test('frames that hold an eos at the end are dropped unless they are asked for', async () => {
    const rows = codeFrames(shape.numCodebooks, kit.ints('closing.frames').values);
    const kept = await aligned(rows, shape);
    const clean = await aligned(rows, shape, false);
    expect(clean.length).toBeLessThan(kept.length);
    expect(kept.slice(0, clean.length)).toEqual(clean);
    // The eos of codebook 0 came at the pushed step: so many frames were whole before.
    expect(clean.length).toBeLessThanOrEqual((kit.expected.closing.pushed_step - 2) * shape.numCodebooks);
  });
});

test('undoing the delay gives back what was delayed', () => {
  fc.assert(
    fc.property(shaped, ({ shape, frames }) => {
      const delayed = applyDelay(frames, shape);
      expect(delayed.frameCount).toBe(frames.frameCount + shape.numCodebooks + 1);
      expect(undoDelay(delayed, shape)).toEqual(frames);
    }),
  );
});

test('a stream of rows gives the frames that all rows at once give, whatever closes when', async () => {
  await fc.assert(
    fc.asyncProperty(generated, async ({ shape, rows }) => {
      expect(await aligned(rows, shape)).toEqual(Array.from(undoDelay(rows, shape).codes));
    }),
  );
});

test('a stream cut by a limit gives the frames that are complete', async () => {
  await fc.assert(
    fc.asyncProperty(shaped, fc.nat(30), async ({ shape, frames }, cut) => {
      const delayed = applyDelay(frames, shape);
      const rowCount = Math.min(cut, frames.frameCount + 1);
      const rows = codeFrames(shape.numCodebooks, delayed.codes.slice(0, rowCount * shape.numCodebooks));
      const complete = Math.max(0, rowCount - shape.numCodebooks);
      const expected = Array.from(frames.codes.slice(0, complete * shape.numCodebooks));
      expect(await aligned(rows, shape)).toEqual(expected);
      expect(await aligned(rows, shape, false)).toEqual(expected);
    }),
  );
});

test('dropping eos frames drops those at the end alone', async () => {
  await fc.assert(
    fc.asyncProperty(generated, async ({ shape, rows }) => {
      const kept = await aligned(rows, shape);
      const clean = await aligned(rows, shape, false);
      expect(kept.slice(0, clean.length)).toEqual(clean);
      // The last frame that stays holds no eos where the rows have it.
      const frame = clean.length / shape.numCodebooks - 1;
      for (let codebook = 0; frame >= 0 && codebook < shape.numCodebooks; codebook++) {
        expect(rows.codes[(1 + frame + codebook) * shape.numCodebooks + codebook]).not.toBe(shape.eosCode);
      }
    }),
  );
});

test('a frame is there with the row that completes it, not later', async () => {
  const shape = { numCodebooks: 3, codebookSize: 10, bosCode: 8, eosCode: 9 };
  const frames = codeFrames(3, Int32Array.of(1, 2, 3, 4, 5, 6));
  let read = 0;
  async function* rows() {
    for (const row of rowsOf(applyDelay(frames, shape))) {
      read++;
      yield await Promise.resolve(row);
    }
  }
  const stream = alignFrames(rows(), shape);
  expect((await stream.next()).value).toEqual(codeFrames(3, Int32Array.of(1, 2, 3)));
  expect(read).toBe(4);
});

test('what the rows return is passed on, and stopping early stops the rows', async () => {
  const shape = { numCodebooks: 2, codebookSize: 10, bosCode: 8, eosCode: 9 };
  const rows = rowsOf(applyDelay(codeFrames(2, Int32Array.of(1, 2, 3, 4)), shape));
  expect((await drain(alignFrames(streamOf(rows, 'the end'), shape))).result).toBe('the end');

  let closed = false;
  async function* endless() {
    try {
      for (;;) yield* await Promise.resolve(rows.slice(0, 3));
    } finally {
      closed = true;
    }
  }
  for await (const frame of alignFrames(endless(), shape)) {
    expect(frame.frameCount).toBe(1);
    break;
  }
  expect(closed).toBe(true);
});
