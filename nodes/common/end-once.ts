import { HiggsError } from '../../src/engine/index.js';
import type { Done } from './node-red.js';

/** What a failure makes of its message: an error for the Catch nodes, or one that was called off and is complete. */
export type Ending = 'error' | 'cancelled';

/**
 * The one way a message ends: waits for `work`, tells `onFailure` what went wrong, and calls `done` exactly once. Where
 * `onFailure` says that the message was cancelled, it is complete without an error. Never rejects, for Node-RED does
 * not await an input handler.
 */
export async function endOnce(
  done: Done,
  work: Promise<void>,
  onFailure: (error: HiggsError) => Ending = () => 'error',
): Promise<void> {
  let failure: HiggsError | undefined;
  try {
    await work;
  } catch (thrown) {
    failure = HiggsError.from(thrown);
  }
  let ending: Ending = 'error';
  try {
    if (failure !== undefined) ending = onFailure(failure);
  } finally {
    callSafely(done, ending === 'error' ? failure : undefined);
  }
}

function callSafely(done: Done, failure: HiggsError | undefined): void {
  try {
    done(failure);
  } catch (thrown) {
    // `done` runs hooks of other packages; what they throw must not become an unhandled rejection.
    process.emitWarning(HiggsError.from(thrown));
  }
}

export { settlesWithin as withinMs } from '../../src/engine/package-api.js';

/** Node-RED gives a closing node 15 s; a redeploy should not be felt. */
export const CLOSE_LIMIT_MS = 2000;
