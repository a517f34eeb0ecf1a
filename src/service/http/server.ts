/** A speech server that clients of OpenAI's API can use as it is. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { SpeechEngine } from '../../engine/index.js';
import { answersTo } from '../access/allowed-hosts.js';
import { limitConnections } from '../access/connections.js';
import { listenAt } from '../access/listen.js';
import { ApiError, apiErrorOf } from './api-error.js';
import { KeyRing } from './auth.js';
import { Cors } from './cors.js';
import { Places, RateLimit } from './limits.js';
import { modelEntry, voiceEntries } from './lists.js';
import { METRICS_TYPE } from './metrics.js';
import { checkHttpOptions, type HttpOptions, type HttpSettings } from './options.js';
import { findRoute, type Route } from './router.js';
import { ServerMetrics } from './server-metrics.js';
import { answerSpeech } from './speech.js';
import { addVoice, listVoices, removeVoice, type VoiceContext } from './voices.js';

/** How often Node.js looks for requests that take too long. */
const LOOK_AFTER_REQUESTS_MS = 1000;
/** How long a client may go on sending what nobody reads, so that it sees the answer before the connection ends. */
const LINGER_MS = 1000;
const HEADER_LIMIT_BYTES = 16_384;

export interface HttpServer {
  readonly port: number;
  /** For people: `http://127.0.0.1:8880`. */
  readonly url: string;
  /** Stops its speeches and ends all connections. */
  close(): Promise<void>;
}

export interface HttpServerContext {
  /** Asked for each request; what it throws fails that request. */
  readonly engine: () => SpeechEngine;
  /** The owner of the calls, so that whoever runs the server can stop them. */
  readonly owner: string;
  /** Called as a speech begins or ends, with how many there are. */
  readonly onSpeeches?: (count: number) => void;
}

/** Throws HIGGS_OPTION_INVALID or HIGGS_ADDRESS_UNAVAILABLE. */
export async function openHttpServer(context: HttpServerContext, options: HttpOptions = {}): Promise<HttpServer> {
  const settings = checkHttpOptions(options);
  const api = new SpeechApi(context, settings);
  const { host } = settings;
  const port = await listenAt(api.server, host, settings.port);
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: () => api.close(),
  };
}

/** Lets requests in, finds who answers, and tells what went wrong. */
class SpeechApi {
  readonly server: Server;
  private readonly keys: KeyRing;
  private readonly rate: RateLimit;
  private readonly cors: Cors;
  private readonly places: Places;
  private readonly metrics = new ServerMetrics();
  private readonly routes: readonly Route[];
  private connections = 0;

  constructor(
    private readonly context: HttpServerContext,
    private readonly settings: HttpSettings,
  ) {
    this.keys = new KeyRing(settings.apiKeys);
    this.rate = new RateLimit(settings.requestsPerMinute);
    this.cors = new Cors(settings.corsOrigins);
    this.places = new Places(settings.speechLimit, context.onSpeeches);
    this.routes = this.listRoutes();
    const bodyMs = settings.bodySeconds * 1000;
    this.server = createServer(
      {
        maxHeaderSize: HEADER_LIMIT_BYTES,
        headersTimeout: bodyMs,
        // A body has its own clock, whose error is in the API's form; this one is for what comes before it.
        requestTimeout: 2 * bodyMs + LOOK_AFTER_REQUESTS_MS,
        connectionsCheckingInterval: LOOK_AFTER_REQUESTS_MS,
      },
      (request, response) => void this.receive(request, response),
    );
    limitConnections(this.server, settings.connectionLimit);
    this.server.on('connection', (socket) => this.count(socket));
    this.server.on('clientError', answerNonsense);
  }

  async close(): Promise<void> {
    // A connection that ends stops its speech.
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private listRoutes(): readonly Route[] {
    const { context, places, metrics, settings } = this;
    const created = Math.floor(Date.now() / 1000);
    const speechContext = { ...context, ...settings, places, metrics, limits: settings };
    const models = () => [modelEntry(context.engine().info(), created)];
    const voices: VoiceContext = {
      ...context,
      strictVoices: settings.strictVoices,
      hasKeys: settings.apiKeys.length > 0,
      limits: { ...settings, bodyLimitBytes: settings.uploadLimitBytes },
    };
    return [
      { method: 'POST', path: '/v1/audio/speech', answer: (exchange) => answerSpeech(speechContext, exchange) },
      {
        method: 'GET',
        path: '/v1/voices',
        answer: async ({ response }) => {
          sendJson(response, 200, { object: 'list', data: await listVoices(voices) });
        },
      },
      {
        method: 'GET',
        path: '/v1/audio/voices',
        answer: async ({ response }) => sendJson(response, 200, { voices: await listVoices(voices) }),
      },
      {
        method: 'POST',
        path: '/v1/audio/voices',
        answer: async (exchange) => {
          const { voice, report } = await addVoice(voices, exchange);
          const [entry] = voiceEntries([voice], true);
          sendJson(exchange.response, 201, { ...entry, warnings: report?.warnings ?? [] });
        },
      },
      {
        method: 'DELETE',
        path: '/v1/audio/voices/',
        answer: async (exchange) => {
          const { id } = await removeVoice(voices, exchange);
          sendJson(exchange.response, 200, { id, object: 'voice', deleted: true });
        },
      },
      {
        method: 'GET',
        path: '/v1/audio/models',
        answer: ({ response }) => {
          sendJson(response, 200, { models: models().map((model) => ({ ...model, name: model.id })) });
        },
      },
      {
        method: 'GET',
        path: '/v1/models',
        answer: ({ response }) => sendJson(response, 200, { object: 'list', data: models() }),
      },
      {
        method: 'GET',
        path: '/v1/models/',
        answer: ({ response, rest }) => sendJson(response, 200, findModel(models(), rest)),
      },
      ...['/healthz', '/health'].map((path): Route => ({
        method: 'GET',
        path,
        open: true,
        answer: ({ response }) => this.tellHealth(response),
      })),
      {
        method: 'GET',
        path: '/metrics',
        answer: ({ response }) => {
          const text = metrics.text(places.count, this.connections, context.engine().info());
          response.writeHead(200, { 'content-type': METRICS_TYPE }).end(text);
        },
      },
    ];
  }

  private tellHealth(response: ServerResponse): void {
    const { state } = this.context.engine().info();
    const fit = state !== 'given-up' && state !== 'closed';
    sendJson(response, fit ? 200 : 503, { status: fit ? 'ok' : 'unavailable', engine: state });
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A connection that breaks is seen by 'close'; what is written after it is of no use to anyone.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    response.setHeader('x-request-id', `req_${randomUUID()}`);
    let path = 'none';
    try {
      this.checkHost(request);
      if (this.cors.handle(request, response)) return;
      const { route, rest } = findRoute(this.routes, request.method, request.url);
      path = route.path;
      if (route.open !== true) this.admit(request);
      await route.answer({ request, response, rest });
    } catch (thrown) {
      refuse(request, response, apiErrorOf(thrown));
    } finally {
      this.metrics.requests.add(1, { route: path, status: response.headersSent ? response.statusCode : 0 });
    }
  }

  /** With keys, a page that does not know one gets nowhere, whatever it calls this server. */
  private checkHost({ headers }: IncomingMessage): void {
    const { apiKeys, host, allowedHosts } = this.settings;
    if (apiKeys.length > 0 || answersTo(headers.host, { host, names: allowedHosts })) return;
    const what = 'This server is not known by the name in the header "Host"; its owner can allow it.';
    throw new ApiError(421, 'misdirected_request', what);
  }

  private admit(request: IncomingMessage): void {
    this.rate.take(request.socket.remoteAddress ?? '');
    this.keys.check(request.headers.authorization);
  }

  private count(socket: Socket): void {
    this.connections += 1;
    socket.once('close', () => (this.connections -= 1));
  }
}

function findModel<T extends { readonly id: string }>(models: readonly T[], id: string): T {
  const found = models.find((model) => model.id === id);
  if (found === undefined)
    throw new ApiError(404, 'model_not_found', 'There is no model of this name.', { param: 'model' });
  return found;
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

function refuse(request: IncomingMessage, response: ServerResponse, error: ApiError): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = Buffer.from(error.body());
  response.writeHead(error.status, {
    ...error.headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    ...(request.complete ? {} : { connection: 'close' }),
  });
  if (request.complete || request.method === 'HEAD') {
    response.end(body);
    return;
  }
  // The end of the answer ends the connection; with bytes unread, that would take the answer from the client too.
  response.write(body);
  const end = () => response.end();
  const timer = setTimeout(end, LINGER_MS);
  response.once('close', () => clearTimeout(timer));
  request.once('end', end).resume();
}

const NONSENSE: Readonly<Partial<Record<string, { readonly status: number; readonly reason: string }>>> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'Request Header Fields Too Large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'Request Timeout' },
};

/** What is no HTTP, has endless headers, or never comes to its end. */
function answerNonsense(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, reason } = NONSENSE[error.code ?? ''] ?? { status: 400, reason: 'Bad Request' };
  const body = new ApiError(status, 'bad_request', `${reason}.`).body();
  const head = [`HTTP/1.1 ${status} ${reason}`, 'connection: close', 'content-type: application/json; charset=utf-8'];
  socket.end([...head, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'));
  socket.destroySoon();
}
