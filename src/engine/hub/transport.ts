/** Requests to the hub and to the hosts it sends us to, over Node's own fetch. */
import { Connection } from '../connection.js';
import { HiggsError } from '../errors.js';
import { parseRetryAfter, plainEtag } from './ranges.js';
import { Transient } from './retry.js';

export interface Hub {
  readonly endpoint: string;
  /** Sent to the endpoint's own host and to nobody else. */
  readonly token?: string;
  readonly stallMs: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** What the hub itself says of the file, not the host that it sent us to. */
  readonly linked: { readonly etag?: string; readonly byteLength?: number };
  /** The body, part by part. Throws {@link Transient} where it is cut or stalls. */
  parts(): AsyncGenerator<Uint8Array>;
}

interface Wish {
  readonly method?: 'GET' | 'HEAD';
  readonly offset?: number;
  readonly signal: AbortSignal;
}

const MAX_REDIRECTS = 5;
const MAX_TEXT_BYTES = 16 * 2 ** 20;
const TIMEOUT = 408;
const GONE_RANGE = 416;
const TOO_MANY = 429;

/**
 * Asks for `address` and gives the answer to `use`; the connection is let go when that ends.
 * Throws {@link Transient} for what may go better the next time, HIGGS_HUB_REFUSED, HIGGS_HUB_NOT_FOUND, HIGGS_ABORTED.
 */
export async function ask<T>(
  hub: Hub,
  address: string,
  { method = 'GET', offset = 0, signal }: Wish,
  use: (answer: Answer) => Promise<T>,
): Promise<T> {
  const connection = new Connection({
    host: new URL(address).host,
    silenceMs: hub.stallMs,
    caller: signal,
    failure: (what, cause) => new Transient(`${what}.`, 'HIGGS_HUB_UNREACHABLE', { cause }),
  });
  try {
    const { response, linked } = await follow(hub, address, connection, {
      method,
      headers: {
        // A compressed body has neither the file's length nor its ranges.
        'accept-encoding': 'identity',
        'user-agent': 'higgs-tts',
        ...(offset > 0 ? { range: `bytes=${offset}-` } : {}),
      },
    });
    return await use({
      status: response.status,
      headers: response.headers,
      linked,
      parts: () => connection.parts(response),
    });
  } finally {
    connection.end();
  }
}

/** A small file or a JSON answer. Throws HIGGS_HUB_UNREACHABLE where it is longer than anything that is read as text. */
export async function readText(answer: Answer, where: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let byteLength = 0;
  for await (const part of answer.parts()) {
    parts.push(part);
    byteLength += part.length;
    if (byteLength > MAX_TEXT_BYTES) {
      throw new HiggsError('HIGGS_HUB_UNREACHABLE', `The answer of ${where} does not end.`);
    }
  }
  return Buffer.concat(parts).toString('utf8');
}

async function follow(
  hub: Hub,
  address: string,
  connection: Connection,
  request: { readonly method: string; readonly headers: Readonly<Record<string, string>> },
): Promise<{ response: Response; linked: Answer['linked'] }> {
  const home = new URL(hub.endpoint).origin;
  let url = new URL(address);
  let linked: Answer['linked'] = {};
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const atHome = url.origin === home;
    const authorization = atHome && hub.token !== undefined ? { authorization: `Bearer ${hub.token}` } : {};
    const response = await connection.wait(
      fetch(url, {
        ...request,
        headers: { ...request.headers, ...authorization },
        redirect: 'manual',
        signal: connection.signal,
      }),
    );
    if (atHome) linked = { ...linked, ...linkedFacts(response) };
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      if (!response.ok && response.status !== GONE_RANGE) throw await failureOf(response, url, atHome, hub);
      return { response, linked };
    }
    await response.body?.cancel();
    url = nextHop(url, location);
    // Signed addresses elsewhere are for GET; the hub has said what there is to know.
    if (request.method === 'HEAD' && url.origin !== home) return { response, linked };
  }
  throw new HiggsError('HIGGS_HUB_UNREACHABLE', `${address} is sent from one address to the next without end.`);
}

function linkedFacts(response: Response): Answer['linked'] {
  const direct = response.ok ? response.headers : new Headers();
  const etag = plainEtag(response.headers.get('x-linked-etag') ?? direct.get('etag'));
  const byteLength = response.headers.get('x-linked-size') ?? direct.get('content-length');
  return {
    ...(etag === undefined ? {} : { etag }),
    ...(byteLength === null ? {} : { byteLength: Number(byteLength) }),
  };
}

function nextHop(from: URL, location: string): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const weaker = from.protocol === 'https:' && next?.protocol !== 'https:';
  if (next === undefined || weaker || !['http:', 'https:'].includes(next.protocol)) {
    throw new HiggsError('HIGGS_HUB_UNREACHABLE', `${from.host} sends us to "${location}", where no one should go.`);
  }
  return next;
}

/** Hosts beyond the hub are reached by signed addresses that grow old: what they refuse is asked for anew. */
async function failureOf(response: Response, url: URL, atHome: boolean, hub: Hub): Promise<Error> {
  await response.body?.cancel();
  const { status, headers } = response;
  const what = `${url.host} answered ${status} to ${url.pathname}`;
  if (status >= 500 || status === TOO_MANY || status === TIMEOUT || !atHome) {
    const retryAfterMs = parseRetryAfter(headers.get('retry-after'), Date.now());
    return new Transient(`${what}.`, 'HIGGS_HUB_UNREACHABLE', { retryAfterMs });
  }
  const reason = headers.get('x-error-message') ?? headers.get('x-error-code');
  const told = reason === null ? '' : ` ("${reason}")`;
  if (status === 404 || status === 410) return new HiggsError('HIGGS_HUB_NOT_FOUND', `${what}${told}.`);
  const without = hub.token === undefined ? ', asked without a token' : '';
  return new HiggsError('HIGGS_HUB_REFUSED', `${what}${without}${told}.`);
}
