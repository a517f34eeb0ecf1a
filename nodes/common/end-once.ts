import { HiggsError } from '../../src/engine/index.js';
import type { Done } from './node-red.js';

/**
 * The one way a message ends: waits for `work`, tells `onFailure` what went wrong, and calls `done` exactly once.
 * Never rejects, for Node-RED does not await an input handler.
 */
export async function endOnce(
  done: Done,
  work: Promise<void>,
  onFailure: (error: HiggsError) => void = () => undefined,
): Promise<void> {
  let failure: HiggsError | undefined;
  try {
    await work;
  } catch (thrown) {
    failure = HiggsError.from(thrown);
  }
  try {
    if (failure !== undefined) onFailure(failure);
  } finally {
    callSafely(done, failure);
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

/** Waits for `work`, but no longer than `limitMs`; what comes later is nobody's any more. Never rejects. */
export async function withinMs(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work.catch(() => undefined), limit]);
  clearTimeout(timer);
}

/** Node-RED gives a closing node 15 s; a redeploy should not be felt. */
export const CLOSE_LIMIT_MS = 2000;
