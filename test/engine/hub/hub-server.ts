/** A hub on this machine: it lists and serves a small repository, redirects large files to a second host, and misbehaves on demand. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { until } from '../../engine-kit.js';

export const REPO = 'owner/small-model';
export const COMMIT = '1'.repeat(40);
/** Files at least so long are stored and named as git LFS stores them. */
const LARGE_BYTES = 10_000;

export interface Asked {
  readonly server: 'hub' | 'cdn';
  readonly method: string;
  /** The file's path in the repository, or `list`. */
  readonly file: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** Answers one request in place of the server; `serve` is what it would have done. */
export type Answering = (response: http.ServerResponse, serve: () => void, asked: Asked) => void;

/** Bytes that do not repeat, so that a wrong offset shows. */
export function bytesOf(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0, state = seed; i < length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
export const gitSha1 = (bytes: Buffer): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

export const LARGE = 'model-00002-of-00002.safetensors';

/** What a published model has, needed and not. */
export function smallModel(): Map<string, Buffer> {
  const shards = { a: 'model-00001-of-00002.safetensors', b: LARGE };
  return new Map([
    ['.gitattributes', Buffer.from('*.safetensors filter=lfs\n')],
    ['LICENSE', Buffer.from('SMALL COMMUNITY LICENCE\n\nBe kind.\n')],
    ['README.md', Buffer.from('# Small\n')],
    ['config.json', Buffer.from('{"model_type": "higgs_audio_v2"}')],
    ['tokenizer.json', Buffer.from('{"version": "1.0"}')],
    ['chat_template.jinja', Buffer.from('{{ messages }}')],
    ['model.safetensors.index.json', Buffer.from(JSON.stringify({ weight_map: shards }))],
    [shards.a, bytesOf(50_000, 1)],
    [shards.b, bytesOf(300_000, 2)],
    ['pytorch_model.bin', bytesOf(20_000, 3)],
    ['model.pth', bytesOf(20_000, 4)],
    ['picture.png', bytesOf(100, 5)],
    ['original/consolidated.safetensors', bytesOf(20_000, 6)],
  ]);
}

export class TestHub {
  endpoint = '';
  /** The second host; by another name, for it is another one. */
  cdnOrigin = '';
  readonly asked: Asked[] = [];
  token: string | undefined;
  /** Large files go to the second host, as they do on the real hub. */
  redirects = true;
  /** Sizes and checksums are left out of the list, as by some mirrors. */
  bareList = false;
  /** More repositories with the same files. */
  readonly others: string[] = [];
  readonly card: Record<string, unknown> = { license: 'other', license_name: 'small-community' };
  private readonly pending = new Map<string, Answering[]>();
  private readonly hub: http.Server;
  private readonly cdn: http.Server;

  private constructor(readonly files: Map<string, Buffer>) {
    this.hub = http.createServer((request, response) => this.answer('hub', request, response));
    this.cdn = http.createServer((request, response) => this.answer('cdn', request, response));
  }

  static async start(files = smallModel()): Promise<TestHub> {
    const server = new TestHub(files);
    for (const one of [server.hub, server.cdn]) {
      await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    }
    server.endpoint = `http://127.0.0.1:${(server.hub.address() as AddressInfo).port}`;
    server.cdnOrigin = `http://localhost:${(server.cdn.address() as AddressInfo).port}`;
    afterAll(() => server.stop());
    return server;
  }

  /** The next requests for `file` (a path, or `list`) at `server` are answered so, one each. */
  next(server: Asked['server'], file: string, ...answers: readonly Answering[]): void {
    this.pending.set(`${server} ${file}`, [...(this.pending.get(`${server} ${file}`) ?? []), ...answers]);
  }

  /** The GET requests for `file`. */
  gets(file: string, server: Asked['server'] = 'cdn'): Asked[] {
    return this.asked.filter((one) => one.file === file && one.server === server && one.method === 'GET');
  }

  stop(): Promise<void> {
    const servers = [this.hub, this.cdn].filter((server) => server.listening);
    for (const server of servers) server.closeAllConnections();
    return Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve)))).then(() => undefined);
  }

  private answer(server: Asked['server'], request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = new URL(request.url ?? '/', this.endpoint);
    const { method = 'GET', headers } = request;
    const listing = url.pathname.startsWith('/api/models/');
    const file = listing ? 'list' : decodeURIComponent(url.pathname.replace(/^.*\/resolve\/[^/]+\//, ''));
    const { range, authorization } = headers;
    const asked = { server, method, file, range, authorization };
    this.asked.push(asked);
    response.on('error', () => undefined);
    const serve = () => {
      if (server === 'hub' && this.token !== undefined && authorization !== `Bearer ${this.token}`) {
        response.writeHead(401, { 'x-error-message': 'Invalid username or password.' }).end();
      } else if (listing) this.list(url, response);
      else this.serve(asked, response);
    };
    const answering = this.pending.get(`${server} ${file}`)?.shift();
    if (answering === undefined) serve();
    else answering(response, serve, asked);
  }

  private list(url: URL, response: http.ServerResponse): void {
    const repo = [REPO, ...this.others].find((each) => url.pathname.startsWith(`/api/models/${each}/revision/`));
    if (repo === undefined) {
      response.writeHead(404, { 'x-error-code': 'RepoNotFound', 'x-error-message': 'Repository not found' }).end();
      return;
    }
    const siblings = [...this.files].map(([rfilename, bytes]) => {
      if (this.bareList) return { rfilename };
      const large = bytes.length >= LARGE_BYTES;
      const lfs = { sha256: sha256(bytes), size: bytes.length, pointerSize: 134 };
      return {
        rfilename,
        size: bytes.length,
        blobId: large ? 'f'.repeat(40) : gitSha1(bytes),
        ...(large ? { lfs } : {}),
      };
    });
    const info = { id: repo, sha: COMMIT, siblings, cardData: this.card };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(info));
  }

  private serve({ server, method, file, range }: Asked, response: http.ServerResponse): void {
    const bytes = this.files.get(file);
    if (bytes === undefined) {
      response.writeHead(404, { 'x-error-code': 'EntryNotFound', 'x-repo-commit': COMMIT }).end();
      return;
    }
    const large = bytes.length >= LARGE_BYTES;
    const facts = { etag: `"${large ? sha256(bytes) : gitSha1(bytes)}"`, 'x-repo-commit': COMMIT };
    if (server === 'hub' && large && this.redirects) {
      const linked = { 'x-linked-etag': facts.etag, 'x-linked-size': bytes.length, 'x-repo-commit': COMMIT };
      response.writeHead(302, { ...linked, location: `${this.cdnOrigin}/resolve/blob/${file}` }).end();
      return;
    }
    const own = server === 'hub' ? facts : { etag: '"of-the-cdn"' };
    const begin = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const part = bytes.subarray(begin);
    const partial =
      range === undefined ? {} : { 'content-range': `bytes ${begin}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(range === undefined ? 200 : 206, { ...own, ...partial, 'content-length': part.length });
    response.end(method === 'HEAD' ? undefined : part);
  }
}

/**
 * Sends `count` bytes of the answer that the server would give, and cuts the connection when they are in the file
 * `partial`: what a connection had not handed over yet when it broke is lost, and how much that is depends on the load.
 */
export function cutAfter(
  bytes: Buffer,
  count: number,
  partial: string,
  headers: http.OutgoingHttpHeaders = {},
): Answering {
  return (response, _serve, { range }) => {
    const begin = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const named = range === undefined ? {} : { 'content-range': `bytes ${begin}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(range === undefined ? 200 : 206, {
      ...headers,
      ...named,
      'content-length': bytes.length - begin,
    });
    response.write(bytes.subarray(begin, begin + count));
    void until(() => lengthOf(partial) >= begin + count).then(() => response.destroy());
  };
}

/** Bytes in `file`; 0 where there is none. */
export function lengthOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

export function status(code: number, headers: http.OutgoingHttpHeaders = {}): Answering {
  return (response) => void response.writeHead(code, headers).end();
}
