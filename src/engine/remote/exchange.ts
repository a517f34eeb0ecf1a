/** One request to one server, over Node's own fetch: time limits, and failures sorted by what may be done about them. */
import { Connection } from '../connection.js';
import { HiggsError } from '../errors.js';
import type { RemoteAnswer } from './types.js';

/** A server is in trouble: another one may do what was asked, and this one is left alone for a while. */
export class ServerFailure extends Error {
  override readonly name = 'ServerFailure';
  /** How long the server asked to be left alone. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly retryAfterSeconds?: number | undefined }) {
    super(message, options);
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}

export interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly key?: string | undefined;
  readonly body?: object;
  /** Longest wait for the answer's head, and between two parts of its body. */
  readonly silenceSeconds: number;
  readonly signal: AbortSignal;
}

const TIMEOUT = 408;
const TOO_MANY = 429;
/** Of what a server says about an error. */
const MOST_TOLD_CHARACTERS = 300;
const MOST_ERROR_BYTES = 65_536;
const MOST_RETRY_AFTER_SECONDS = 600;

/**
 * Asks, and gives an answer of status 200 to `use`; the connection is let go when that ends, however it ends.
 * Throws {@link ServerFailure}, HIGGS_REMOTE_REFUSED for what no server would take, HIGGS_ABORTED.
 */
export async function* exchange<T, Result>(
  request: Exchange,
  use: (answer: RemoteAnswer) => AsyncGenerator<T, Result, void>,
): AsyncGenerator<T, Result, void> {
  const { method, url, key, body, silenceSeconds, signal } = request;
  const connection = new Connection({
    host: url.host,
    silenceMs: silenceSeconds * 1000,
    caller: signal,
    failure: (what, cause) => new ServerFailure(what, { cause }),
  });
  try {
    const response = await connection.wait(
      fetch(url, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // The key is for this server and for none that it may send us to.
        redirect: 'manual',
        signal: connection.signal,
      }),
    );
    if (response.status !== 200) throw await failureOf(response, connection, url);
    const answer: RemoteAnswer = {
      mediaType: (response.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase(),
      header: (name) => response.headers.get(name) ?? undefined,
      parts: () => connection.parts(response),
    };
    return yield* use(answer);
  } finally {
    connection.end();
  }
}

async function failureOf(response: Response, connection: Connection, { host, pathname }: URL): Promise<Error> {
  const { status } = response;
  const what = `${host} answered ${status} to ${pathname}${await toldBy(response, connection)}`;
  if (status === TOO_MANY || status === TIMEOUT || status >= 500) {
    return new ServerFailure(what, { retryAfterSeconds: retryAfterOf(response) });
  }
  // A wrong key, address or model is this server's setting; another one may have the right one.
  if ([401, 403, 404].includes(status) || status < 400) return new ServerFailure(what);
  return new HiggsError('HIGGS_REMOTE_REFUSED', `${what}.`);
}

/** Seconds; undefined where the header is missing or a date. */
function retryAfterOf(response: Response): number | undefined {
  const text = response.headers.get('retry-after');
  const seconds = text === null ? NaN : Number(text);
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), MOST_RETRY_AFTER_SECONDS) : undefined;
}

/** What the server says of the error, as part of a sentence: one line, no longer than a person reads. */
async function toldBy(response: Response, connection: Connection): Promise<string> {
  let text = '';
  try {
    const decoder = new TextDecoder();
    for await (const part of connection.parts(response)) {
      text += decoder.decode(part, { stream: true });
      if (text.length > MOST_ERROR_BYTES) break;
    }
    text = messageIn(JSON.parse(text)) ?? text;
  } catch {
    // A body that is cut or no JSON: what there is of it is told.
  }
  const line = text.replace(/\s+/gu, ' ').trim().slice(0, MOST_TOLD_CHARACTERS);
  return line === '' || line.startsWith('<') ? '' : ` ("${line}")`;
}

/** `{"error": {"message"}}` as OpenAI has it, or `{"message"}` and `{"detail"}` as others do. */
function messageIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if ('error' in body) return typeof body.error === 'string' ? body.error : messageIn(body.error);
  const said = 'message' in body ? body.message : 'detail' in body ? body.detail : undefined;
  return typeof said === 'string' ? said : undefined;
}
