/** From delayed rows to complete frames, as they come. */
import { codeFrames, type CodeFrames, type FrameShape } from '../codes.js';
import { clipCode, isRowOf } from '../delay-pattern.js';

export interface AlignOptions {
  /**
   * Keep the frames at the end that hold an eos, clipped to the codec's last code, as the reference's `batch_decode` does.
   * They are no sound that the model meant and are heard as a burst of noise, so they are dropped unless asked for.
   */
  readonly keepEosFrames?: boolean;
}

/**
 * Complete frames, one at a time, as soon as their last code is there: from the last all-bos row to the first all-eos row or
 * the end, clipped to 0..bosCode - 1, as {@link undoDelay} gives them for all rows at once (with `keepEosFrames`).
 * What `rows` returns at its end is returned; ended early, it ends `rows` too.
 */
export async function* alignFrames<Result>(
  rows: AsyncIterator<Int32Array, Result>,
  shape: FrameShape,
  { keepEosFrames = false }: AlignOptions = {},
): AsyncGenerator<CodeFrames, Result, void> {
  const { numCodebooks, bosCode, eosCode } = shape;
  const isAll = (code: number, row: Int32Array) => isRowOf(code, row, 0, numCodebooks);
  /** Rows whose frames are not complete, at most numCodebooks. */
  let pending: Int32Array[] = [];
  /** Frames that hold an eos: dropped if nothing but such frames follows. */
  let doubtful: CodeFrames[] = [];
  let ended = false;
  try {
    for (;;) {
      const step = await rows.next();
      if (step.done === true) return step.value;
      const row = step.value;
      ended ||= isAll(eosCode, row);
      if (ended) continue;
      if (isAll(bosCode, row)) {
        pending = [];
        doubtful = [];
        continue;
      }
      pending.push(row);
      if (pending.length < numCodebooks) continue;
      const holdsEos = pending.some((later, codebook) => later[codebook] === eosCode);
      const codes = Int32Array.from(pending, (later, codebook) => clipCode(later[codebook]!, shape));
      pending.shift();
      doubtful.push(codeFrames(numCodebooks, codes));
      if (holdsEos && !keepEosFrames) continue;
      yield* doubtful;
      doubtful = [];
    }
  } finally {
    await rows.return?.();
  }
}
