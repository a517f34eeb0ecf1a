/** One server as it looks from here: how busy it is with our requests, whether it is well, which model it has. */
import { HiggsError } from '../errors.js';
import { exchange, ServerFailure, type Exchange } from './exchange.js';
import { BrokenAnswer, type RemoteAnswer } from './types.js';

/** A probe is answered from memory; who takes longer is in trouble. */
const PROBE_SECONDS = 5;
/** A server that failed is left alone for this long, twice as long after each further failure, up to the most. */
const FIRST_REST_SECONDS = 2;
const MOST_REST_SECONDS = 60;
const MOST_LIST_BYTES = 1e6;

export class Server {
  /** Our requests that it works on. */
  busy = 0;
  private failures = 0;
  private restsUntil = 0;
  /** Whether it has answered since it was last in trouble. */
  private isKnown = false;
  private servedModel: string | undefined;

  constructor(
    readonly base: URL,
    private readonly key: string | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get isResting(): boolean {
    return this.now() < this.restsUntil;
  }

  /** Whether there is something to say against it: it failed when it was last asked. */
  get isDoubtful(): boolean {
    return this.failures > 0;
  }

  /** The model's name to send: `model` where it is given, else the first that the server lists. Looks whether it is well. */
  async check(model: string | undefined, signal: AbortSignal): Promise<string> {
    if (!this.isKnown) {
      for await (const name of exchange(this.request('GET', 'models', PROBE_SECONDS, signal), listedModels)) {
        this.servedModel = name;
      }
      this.isKnown = true;
    }
    const name = model ?? this.servedModel;
    if (name === undefined) throw new ServerFailure(`${this.base.host} lists no model`);
    return name;
  }

  request(method: Exchange['method'], path: string, silenceSeconds: number, signal: AbortSignal): Exchange {
    return { method, url: new URL(path, this.base), key: this.key, silenceSeconds, signal };
  }

  didWell(): void {
    this.failures = 0;
    this.restsUntil = 0;
  }

  didFail(retryAfterSeconds?: number): void {
    const rest = Math.min(MOST_REST_SECONDS, FIRST_REST_SECONDS * 2 ** this.failures);
    this.failures += 1;
    this.isKnown = false;
    this.restsUntil = this.now() + 1000 * (retryAfterSeconds ?? rest);
  }
}

async function* listedModels(answer: RemoteAnswer): AsyncGenerator<string, void, void> {
  const parts: Uint8Array[] = [];
  let byteLength = 0;
  for await (const part of answer.parts()) {
    parts.push(part);
    byteLength += part.length;
    if (byteLength > MOST_LIST_BYTES) throw new BrokenAnswer('lists models without end');
  }
  const name = firstModel(Buffer.concat(parts).toString('utf8'));
  if (name !== undefined) yield name;
}

function firstModel(json: string): string | undefined {
  try {
    const list = JSON.parse(json) as { data?: readonly { id?: unknown }[] } | null;
    const id = list?.data?.[0]?.id;
    return typeof id === 'string' ? id : undefined;
  } catch (cause) {
    throw new BrokenAnswer('lists its models in something that is no JSON', { cause });
  }
}

/** The base address of an OpenAI-compatible server: `http://gpu:8000` stands for `http://gpu:8000/v1/`. */
export function baseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    const shown = url === undefined ? text : `${url.protocol}//${url.host}`;
    const what = `The option "remote.urls" holds "${shown}"; it takes addresses such as http://gpu:8000/v1, without a user or password.`;
    throw new HiggsError('HIGGS_OPTION_INVALID', what);
  }
  if (url.pathname === '/') url.pathname = '/v1';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  url.search = '';
  url.hash = '';
  return url;
}
