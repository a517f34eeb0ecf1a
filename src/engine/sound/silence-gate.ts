/**
 * Holds back silence until sound follows it, so that a generation that falls silent can be stopped without its silence
 * having been spoken. Within speech nothing is lost or changed.
 */
import { SAMPLE_RATE_HZ } from '../codes.js';
import { SilenceWatch } from './edges.js';
import { joinFloats } from '../values.js';

/** Longer than any pause that speech makes of its own accord. */
const LIMIT_SECONDS = 2;
/** What is left of a silence that was stopped. */
const KEPT_SECONDS = 0.3;

export class SilenceGate {
  private readonly watch = new SilenceWatch(LIMIT_SECONDS);
  private held: Float32Array = new Float32Array(0);

  /** Whether the silence at the end is so long that nothing more is to be expected. */
  get isTooLong(): boolean {
    return this.watch.isSilent;
  }

  /** Takes in [n] samples; gives what has been let through, up to the end of the last sound. */
  push(samples: Float32Array): Float32Array {
    this.watch.hear(samples);
    const all = joinFloats([this.held, samples]);
    const silent = Math.min(all.length, Math.round(this.watch.silentSeconds * SAMPLE_RATE_HZ));
    this.held = all.subarray(all.length - silent);
    return all.subarray(0, all.length - silent);
  }

  /** What is still held: all of it, or its beginning where the generation was stopped for its silence. */
  end(stoppedForSilence: boolean): Float32Array {
    return stoppedForSilence ? this.held.subarray(0, KEPT_SECONDS * SAMPLE_RATE_HZ) : this.held;
  }
}
