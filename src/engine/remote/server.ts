/** One server as it looks from here: how busy it is with our requests, whether it is well, what kind it is and has. */
import { HiggsError } from '../errors.js';
import type { RemoteSettings } from '../protocol.js';
import { isObject } from '../values.js';
import { unlessAborted } from './abort.js';
import { exchange, ServerFailure, type Exchange } from './exchange.js';
import { kindOf } from './kinds.js';
import { BrokenAnswer, type RemoteAnswer, type Target } from './types.js';

/** A probe is answered from memory; who takes longer is in trouble. */
const PROBE_SECONDS = 5;
/** A server that failed is left alone for this long, twice as long after each further failure, up to the most. */
const FIRST_REST_SECONDS = 2;
const MOST_REST_SECONDS = 60;
const MOST_LIST_BYTES = 1e6;

export class Server {
  /** Our requests that it works on. */
  busy = 0;
  /** There is something to say against it: it failed when it was last asked, and has not answered a probe since. */
  isDoubtful = false;
  /** Since it last spoke. */
  private failures = 0;
  private restsUntil = 0;
  /** Undefined until it answers, and again while it is in trouble. */
  private known: Target | undefined;
  private probing: Promise<Target> | undefined;

  constructor(
    readonly base: URL,
    private readonly settings: Pick<RemoteSettings, 'api' | 'key' | 'model' | 'requestsAtOnce'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get isResting(): boolean {
    return this.now() < this.restsUntil;
  }

  /** How many requests it gets at the same time: as it was set, or by its kind; one while that is not known. */
  get places(): number {
    return this.settings.requestsAtOnce ?? this.known?.kind.requestsAtOnce ?? 1;
  }

  get isFull(): boolean {
    return this.busy >= this.places;
  }

  /** Whether it rested after a failure and nobody has looked since how it is. */
  get needsProbe(): boolean {
    return this.isDoubtful && !this.isResting && this.probing === undefined;
  }

  /** What it is and has. Looks whether it is well where that is not known; a probe that goes on is everybody's. */
  async check(signal: AbortSignal): Promise<Target> {
    if (this.known !== undefined) return this.known;
    this.probing ??= this.probe().finally(() => (this.probing = undefined));
    return unlessAborted(this.probing, signal);
  }

  request(method: Exchange['method'], path: string, silenceSeconds: number, signal: AbortSignal): Exchange {
    return { method, url: new URL(path, this.base), key: this.settings.key, silenceSeconds, signal };
  }

  didWell(): void {
    this.failures = 0;
    this.restsUntil = 0;
    this.isDoubtful = false;
  }

  didFail(retryAfterSeconds?: number): void {
    this.isDoubtful = true;
    this.known = undefined;
    // Several requests that fail together are one failure.
    if (this.isResting && retryAfterSeconds === undefined) return;
    const rest = Math.min(MOST_REST_SECONDS, FIRST_REST_SECONDS * 2 ** this.failures);
    this.failures += 1;
    this.restsUntil = this.now() + 1000 * (retryAfterSeconds ?? rest);
  }

  private async probe(): Promise<Target> {
    const listed = (await this.list('models')).filter(isObject);
    const wanted = listed.find(({ id }) => id === this.settings.model) ?? listed[0];
    const textIn = (name: string) => (typeof wanted?.[name] === 'string' ? wanted[name] : undefined);
    const model = this.settings.model ?? textIn('id');
    if (model === undefined) throw new ServerFailure(`${this.base.host} lists no model`);
    const kind = kindOf(textIn('owned_by'), model, this.settings.api);
    const voices = kind.isOurs ? (await this.list('voices')).filter(isObject) : [];
    const embedded = voices.filter(({ origin }) => origin === 'embedded').map(({ id }) => String(id));
    this.known = { model, kind, voices: new Set(embedded) };
    this.isDoubtful = false;
    return this.known;
  }

  /** Whoever waits for it may go away meanwhile; it takes a few seconds at most. */
  private async list(what: string): Promise<readonly unknown[]> {
    const request = this.request('GET', what, PROBE_SECONDS, new AbortController().signal);
    let list: readonly unknown[] = [];
    for await (const found of exchange(request, listIn)) list = found;
    return list;
  }
}

/** OpenAI's form of a list: `{"data": […]}`. */
async function* listIn(answer: RemoteAnswer): AsyncGenerator<readonly unknown[], void, void> {
  const parts: Uint8Array[] = [];
  let byteLength = 0;
  for await (const part of answer.parts()) {
    parts.push(part);
    byteLength += part.length;
    if (byteLength > MOST_LIST_BYTES) throw new BrokenAnswer('sends a list without end');
  }
  let list: unknown;
  try {
    list = JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (cause) {
    throw new BrokenAnswer('lists its models in something that is no JSON', { cause });
  }
  const data = isObject(list) ? list['data'] : undefined;
  yield Array.isArray(data) ? (data as readonly unknown[]) : [];
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
