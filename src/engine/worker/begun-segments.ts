/** The segments of one call that have begun, some of them before their turn. */
import { BufferedSound } from './buffered-sound.js';

export class BegunSegments<End> {
  /** Aborted with the call, and as soon as one of its segments fails. */
  readonly signal: AbortSignal;
  private readonly begun = new Map<number, BufferedSound<End>>();
  private readonly failed = new AbortController();

  constructor(call: AbortSignal) {
    this.signal = AbortSignal.any([call, this.failed.signal]);
  }

  has(index: number): boolean {
    return this.begun.has(index);
  }

  /** `speak` is called at once; its sound waits for {@link hear}. The result settles when it ends. */
  begin(index: number, speak: (onSound: (samples: Float32Array) => void) => Promise<End>): Promise<End> {
    const begun = new BufferedSound(speak);
    this.begun.set(index, begun);
    return begun.end;
  }

  /** A segment that has begun is heard to its end. Rejects with what it fails with, when all others have ended, too. */
  async hear(index: number, onSound: (samples: Float32Array) => void): Promise<End> {
    const own = this.begun.get(index)!;
    own.listen(onSound);
    try {
      return await own.end;
    } catch (error) {
      // Nothing of this call may go on behind its end.
      this.failed.abort();
      await Promise.allSettled([...this.begun.values()].map(({ end }) => end));
      throw error;
    } finally {
      this.begun.delete(index);
    }
  }
}
