/**
 * The delay pattern: codebook c lags c steps, so that a step may look at a frame's coarser codes when it gives a finer one.
 * Source: `build_delay_pattern`, `revert_delay_pattern` and `batch_decode` of the reference's processor.
 */
import { codeFrames, type CodeFrames, type FrameShape } from './codes.js';

/**
 * Frames as the language model reads them: an all-bos frame before, an all-eos frame after, then the delay.
 * n frames become n + 2 + numCodebooks - 1 rows; `frames` is left as it is.
 */
export function applyDelay(frames: CodeFrames, shape: FrameShape): CodeFrames {
  const { numCodebooks, bosCode, eosCode } = shape;
  const { frameCount, codes } = frames;
  const rowCount = frameCount + 2 + numCodebooks - 1;
  const delayed = new Int32Array(rowCount * numCodebooks);
  for (let row = 0; row < rowCount; row++) {
    for (let codebook = 0; codebook < numCodebooks; codebook++) {
      const frame = row - codebook - 1;
      const at = row * numCodebooks + codebook;
      if (frame < 0) delayed[at] = bosCode;
      else if (frame >= frameCount) delayed[at] = eosCode;
      else delayed[at] = codes[frame * numCodebooks + codebook]!;
    }
  }
  return codeFrames(numCodebooks, delayed);
}

/**
 * The frames of a generation: its rows between the last all-bos row and the first all-eos row after it (or the end, where
 * a limit cut it), the delay undone, every code clipped to those of the codec (0 to bosCode - 1).
 * Fewer than numCodebooks rows hold no complete frame. The inverse of {@link applyDelay}.
 */
export function undoDelay(rows: CodeFrames, shape: FrameShape): CodeFrames {
  const { numCodebooks, bosCode, eosCode } = shape;
  let start = rows.frameCount;
  while (start > 0 && !isRowOf(bosCode, rows.codes, (start - 1) * numCodebooks, numCodebooks)) start--;
  let end = start;
  while (end < rows.frameCount && !isRowOf(eosCode, rows.codes, end * numCodebooks, numCodebooks)) end++;
  const frameCount = Math.max(0, end - start - numCodebooks + 1);
  const codes = new Int32Array(frameCount * numCodebooks);
  for (let frame = 0; frame < frameCount; frame++) {
    for (let codebook = 0; codebook < numCodebooks; codebook++) {
      const code = rows.codes[(start + frame + codebook) * numCodebooks + codebook]!;
      codes[frame * numCodebooks + codebook] = clipCode(code, shape);
    }
  }
  return codeFrames(numCodebooks, codes);
}

/** Whether the `count` codes from `offset` on are all `code`. */
export function isRowOf(code: number, codes: Int32Array, offset: number, count: number): boolean {
  for (let at = offset; at < offset + count; at++) if (codes[at] !== code) return false;
  return true;
}

/** A code that the codec knows: bos, eos and what lies above become its last one. */
export function clipCode(code: number, shape: FrameShape): number {
  return Math.max(0, Math.min(code, shape.bosCode - 1));
}
