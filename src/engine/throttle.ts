import type { OnProgress, ProgressEvent } from './progress.js';

/** A few events a second are enough for anyone who looks at them. */
const INTERVAL_MS = 200;

/**
 * Passes an event on where the last one of its phase (and segment) is long enough ago; the first and the last of a phase
 * always.
 */
export function throttled(onProgress: OnProgress, now: () => number = () => performance.now()): OnProgress {
  let lastPhase: unknown;
  let lastAt = -Infinity;
  return (event) => {
    const at = now();
    const phase = event.phase === 'frames' ? event.segment : event.phase;
    if (phase === lastPhase && at - lastAt < INTERVAL_MS && !isLast(event)) return;
    lastPhase = phase;
    lastAt = at;
    onProgress(event);
  };
}

function isLast(event: ProgressEvent): boolean {
  if (event.phase === 'converting') return event.bytesDone >= event.bytesTotal;
  if (event.phase === 'prefill') return event.positionsDone >= event.positionsTotal;
  return event.phase === 'loading';
}
