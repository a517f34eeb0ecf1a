/** Repetition-aware sampling (RAS): a code drawn again and again in its codebook is a sign of a loop. */
import type { CodeFrames, FrameShape } from '../codes.js';

/**
 * The last rows, reference frames of the prompt included, as a ring.
 * Source: `ras_win_len` and `ras_win_max_num_repeat` in the reference's generation loop.
 */
export class RepetitionWindow {
  readonly #rows: Int32Array;
  #next = 0;

  /** `windowFrames` 0 turns it off; `limit` is how often a code may be found before it counts as repeated (1 or more). */
  constructor(
    private readonly shape: FrameShape,
    private readonly windowFrames: number,
    private readonly limit: number,
  ) {
    this.#rows = new Int32Array(windowFrames * shape.numCodebooks).fill(shape.bosCode);
  }

  /** Takes in delayed rows, the oldest first. */
  push(rows: CodeFrames): void {
    const { numCodebooks } = this.shape;
    for (let row = Math.max(0, rows.frameCount - this.windowFrames); row < rows.frameCount; row++) {
      const codes = rows.codes.subarray(row * numCodebooks, (row + 1) * numCodebooks);
      this.#rows.set(codes, this.#next * numCodebooks);
      this.#next = (this.#next + 1) % this.windowFrames;
    }
  }

  /** Whether `code` lies in the window of its codebook at least `limit` times; bos and eos never count. */
  isRepeated(codebook: number, code: number): boolean {
    if (code === this.shape.bosCode || code === this.shape.eosCode) return false;
    let found = 0;
    for (let at = codebook; at < this.#rows.length; at += this.shape.numCodebooks) {
      if (this.#rows[at] === code) found++;
    }
    return found >= this.limit;
  }
}
