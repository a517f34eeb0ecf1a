/** Trying again what may go better the next time. */
import { setTimeout as wait } from 'node:timers/promises';
import { HiggsError, type HiggsErrorCode } from '../errors.js';

export interface Limits {
  /** Until a server answers, and between two parts of what it sends. */
  readonly stallMs: number;
  /** How often in a row something is tried; a try that got further counts as the first again. */
  readonly tries: number;
  /** The pause before the second try; each next one is twice as long. */
  readonly firstPauseMs: number;
  /** No pause is longer; a server that asks for a longer one ends the tries. */
  readonly longestPauseMs: number;
}

export const DEFAULT_LIMITS: Limits = { stallMs: 30_000, tries: 6, firstPauseMs: 1000, longestPauseMs: 300_000 };

/** A failure that may not come again. */
export class Transient extends Error {
  /** `code` is the error's that is thrown when the tries are used up. */
  constructor(
    message: string,
    readonly code: HiggsErrorCode,
    readonly more: { readonly cause?: unknown; readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message, { cause: more.cause });
  }
}

export interface Retry {
  readonly why: string;
  readonly pauseMs: number;
}

export interface Patience {
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly onRetry: (retry: Retry) => void;
}

/**
 * The pause after `failures` (1 or more) in a row, in ms; undefined: give up. `coin` in [0, 1) spreads the callers of a
 * server that failed them all at once over the second half of the pause.
 */
export function pauseAfter(
  failures: number,
  retryAfterMs: number | undefined,
  limits: Limits,
  coin: number,
): number | undefined {
  if (failures >= limits.tries || (retryAfterMs ?? 0) > limits.longestPauseMs) return undefined;
  const doubled = Math.min(limits.firstPauseMs * 2 ** (failures - 1), limits.longestPauseMs);
  return Math.max(retryAfterMs ?? 0, Math.round(doubled * (0.5 + coin / 2)));
}

/**
 * Runs `attempt` until it ends with anything but a {@link Transient}. `gotFurther` is asked after each failure; where it
 * says yes, the count starts anew. Throws the last failure's code, or HIGGS_ABORTED.
 */
export async function persist<T>(
  attempt: () => Promise<T>,
  { limits, signal, onRetry }: Patience,
  gotFurther: () => boolean = () => false,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    throwIfAborted(signal);
    try {
      return await attempt();
    } catch (failure) {
      throwIfAborted(signal);
      if (!(failure instanceof Transient)) throw failure;
      if (gotFurther()) failures = 1;
      const pauseMs = pauseAfter(failures, failure.more.retryAfterMs, limits, Math.random());
      if (pauseMs === undefined) throw new HiggsError(failure.code, failure.message, { cause: failure.more.cause });
      onRetry({ why: failure.message, pauseMs });
      await pause(pauseMs, signal);
    }
  }
}

/** Throws HIGGS_ABORTED as soon as `signal` says so. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => throwIfAborted(signal));
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new HiggsError('HIGGS_ABORTED', 'The download was stopped.', { cause: signal.reason });
}
