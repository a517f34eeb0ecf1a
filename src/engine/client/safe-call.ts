/**
 * Calls a caller's function so that nothing it does can break the engine: what it throws, or rejects with, becomes a
 * process warning.
 */
export function safeCall<Args extends readonly unknown[]>(callback: (...args: Args) => unknown, ...args: Args): void {
  try {
    const returned = callback(...args);
    if (returned instanceof Promise) returned.catch(warn);
  } catch (thrown) {
    warn(thrown);
  }
}

function warn(thrown: unknown): void {
  process.emitWarning(thrown instanceof Error ? thrown : new Error(String(thrown)));
}
