/** One connection of fetch: how long it may be silent, and what is thrown when it breaks. For the hub and for servers. */
import { HiggsError } from './errors.js';

export interface ConnectionSettings {
  readonly host: string;
  /** Longest wait for the answer's head, and between two parts of its body. */
  readonly silenceMs: number;
  /** Aborts where nobody wants the answer any more. */
  readonly caller: AbortSignal;
  /** The error for a connection that broke or fell silent; `what` is a sentence without its full stop. */
  readonly failure: (what: string, cause: unknown) => Error;
}

export class Connection {
  /** For fetch: the caller's, the limit on silence and {@link end} in one. */
  readonly signal: AbortSignal;
  private readonly over = new AbortController();

  constructor(private readonly settings: ConnectionSettings) {
    this.signal = AbortSignal.any([settings.caller, this.over.signal]);
  }

  /** Waits for the next thing from the connection. Throws what `failure` gives, HIGGS_ABORTED. */
  async wait<T>(next: Promise<T>): Promise<T> {
    const { host, silenceMs, caller, failure } = this.settings;
    const silence = new Error(`${host} was silent for ${silenceMs / 1000} s`);
    const timer = setTimeout(() => this.over.abort(silence), silenceMs);
    try {
      return await next;
    } catch (cause) {
      if (caller.aborted) throw new HiggsError('HIGGS_ABORTED', 'The request was stopped.', { cause });
      const isSilent = this.over.signal.reason === silence;
      throw failure(isSilent ? silence.message : `${host} gave no whole answer (${reasonOf(cause)})`, cause);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The body of an answer that came over this connection, part by part; throws as {@link wait} does. */
  async *parts(response: Response): AsyncGenerator<Uint8Array, void, void> {
    if (response.body === null) return;
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    try {
      for (;;) {
        const { done, value } = await this.wait(reader.read());
        if (done) return;
        yield value;
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  /** Lets the connection go, whatever is still to come over it. */
  end(): void {
    this.over.abort();
  }
}

/** fetch says "fetch failed" or "terminated", and why in the cause. */
export function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}
