/** Which codes the delay pattern decides while a generation runs. */
import type { FrameShape } from '../codes.js';
import { isRowOf } from '../delay-pattern.js';

/** What the text stream holds beside a row: the audio token, the delay token, or the end of the turn. */
export type TextToken = 'audio' | 'delay' | 'eos';

/**
 * Codebooks open one by one: at row i those with an index of i and more are forced to bos. They close one by one: after
 * the first eos in any codebook, the next row forces codebook 0 to eos, the one after it 0 and 1, and so on.
 * Source: `HiggsAudioV2DelayPatternLogitsProcessor`, for a prompt that ends with the audio-out-bos token.
 */
export class DelaySchedule {
  #rowCount = 0;
  /** Codebooks that the next row forces to eos; -1 before the first eos. */
  #closed = -1;

  constructor(private readonly shape: FrameShape) {}

  /** The code that the next row must have in `codebook`, or undefined where it is drawn. */
  forced(codebook: number): number | undefined {
    if (codebook < this.#closed) return this.shape.eosCode;
    if (codebook >= this.#rowCount) return this.shape.bosCode;
    return undefined;
  }

  /** Takes in the row that was drawn and gives its token in the text stream; `eos` ends the generation. */
  take(row: Int32Array): TextToken {
    this.#rowCount++;
    if (this.#closed >= 0) this.#closed++;
    else if (row.includes(this.shape.eosCode)) this.#closed = 1;
    if (isRowOf(this.shape.eosCode, row, 0, row.length)) return 'eos';
    return this.#closed >= 0 ? 'delay' : 'audio';
  }
}
