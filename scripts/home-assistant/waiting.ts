/** Waiting for what programs do by themselves. */
import { setTimeout as sleep } from 'node:timers/promises';

/** This machine may be slow, and busy with other things. */
export const PATIENCE_SECONDS = 120;
const LOOK_AGAIN_MS = 250;

/** What `look` gives once it gives something; rejects with `what` did not come, and with what `look` threw last. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  limitSeconds = PATIENCE_SECONDS,
): Promise<T> {
  const deadlineMs = performance.now() + limitSeconds * 1000;
  let reason = '';
  while (performance.now() < deadlineMs) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      reason = '';
    } catch (thrown) {
      reason = `: ${String(thrown)}`;
    }
    await sleep(LOOK_AGAIN_MS);
  }
  throw new Error(`${what}: not within ${limitSeconds} s${reason}`);
}
