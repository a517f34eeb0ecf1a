/** Speech for other programs while the flow is deployed: by HTTP, and to voice assistants. */
import { HiggsError } from '../../src/engine/index.js';
import {
  advertise,
  HTTP_RULES,
  openHttpServer,
  openWyomingServer,
  WYOMING_RULES,
  type AdvertisedServer,
  type Advertisement,
  type HttpOptions,
  type WyomingOptions,
} from '../../src/service/index.js';
import { SWITCHES } from '../common/catalogue.js';
import { missingEngine, shareOf } from '../common/engine-settings.js';
import type { EngineLink } from '../common/engine-share.js';
import { CLOSE_LIMIT_MS, withinMs } from '../common/end-once.js';
import { sharedText, type Node, type NodeAPI, type NodeStatus, type Saved } from '../common/node-red.js';
import { readNumber } from '../common/readers.js';
import { leaveOut } from '../common/values.js';

export interface ServerSecrets {
  /** A text: several with commas between them. */
  readonly apiKeys: unknown;
}

interface OpenServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A port may be free again once the program that had it, an older deploy of this node for one, has let it go. */
const RETRY_MS = 10_000;

export class ServerController {
  private readonly link: EngineLink;
  private servers: readonly OpenServer[] = [];
  private advertisement: Advertisement | undefined;
  private retry: NodeJS.Timeout | undefined;
  private opening: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly red: NodeAPI,
    private readonly node: Node<ServerSecrets>,
    private readonly saved: Saved,
  ) {
    this.link = shareOf(red, saved.engine).join({ id: node.id, engineChanged: () => undefined });
  }

  /** Listens at the addresses of the node; tries again later where one is not free. Never rejects. */
  open(): Promise<void> {
    this.opening = this.listen().catch((thrown: unknown) => this.tellFailure(HiggsError.from(thrown)));
    return this.opening;
  }

  /** Ends within 2 s. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    const servers = withinMs(
      CLOSE_LIMIT_MS,
      this.opening.then(() => this.closeServers()),
    );
    await Promise.all([servers, this.link.leave()]);
  }

  private async listen(): Promise<void> {
    const missing = missingEngine(this.red, this.saved.engine);
    if (missing !== undefined) throw missing;
    const context = { engine: () => this.link.engine(), owner: this.node.id };
    const [http, wyoming] = [httpOptions(this.saved, this.node.credentials), wyomingOptions(this.saved)];
    const host = textOf(this.saved.host) ?? '127.0.0.1';
    const opened: (OpenServer & AdvertisedServer)[] = [];
    const keep = (kind: AdvertisedServer['kind'], server: OpenServer) => opened.push({ kind, host, ...server });
    try {
      if (http !== undefined) {
        const onSpeeches = (count: number) => this.showWork(count);
        keep('http', await openHttpServer({ ...context, onSpeeches }, http));
      }
      if (wyoming !== undefined) keep('wyoming', await openWyomingServer(context, wyoming));
    } catch (thrown) {
      await Promise.all(opened.map((server) => server.close()));
      throw thrown;
    }
    this.servers = opened;
    this.showWork(0);
    const { zeroconf = SWITCHES.zeroconf } = this.saved;
    if (zeroconf !== false) this.advertisement = await advertise(opened, (warning) => this.node.warn(warning));
  }

  private async closeServers(): Promise<void> {
    const { servers, advertisement } = this;
    this.servers = [];
    this.advertisement = undefined;
    await Promise.all([advertisement?.close(), ...servers.map((server) => server.close())]);
  }

  private tellFailure(error: HiggsError): void {
    if (this.closed) return;
    // With a message, so that Catch nodes hear of it.
    this.node.error(error, {});
    this.node.status({ fill: 'red', shape: 'ring', text: sharedText(this.red, `errors.${error.code}`) });
    // A wrong setting stays wrong.
    if (error.code === 'HIGGS_ADDRESS_UNAVAILABLE') this.retry = setTimeout(() => void this.open(), RETRY_MS);
  }

  private showWork(speeches: number): void {
    if (this.closed) return;
    const ports = this.servers.map(({ port }) => port).join(', ');
    const status: NodeStatus =
      speeches === 0
        ? { fill: 'green', shape: 'dot', text: this.text('ready', { ports }) }
        : { fill: 'blue', shape: 'dot', text: this.text('busy', { count: speeches, ports }) };
    this.node.status(this.servers.length === 0 ? { fill: 'grey', shape: 'ring', text: this.text('off') } : status);
  }

  private text(key: string, values: Record<string, string | number> = {}): string {
    return this.red._(`@higgs-tts/node-red/higgs-server:server.status.${key}`, values);
  }
}

/** Undefined where the node has no port for it. Throws HIGGS_OPTION_INVALID that names the field. */
function httpOptions(saved: Saved, secrets: Partial<ServerSecrets> | undefined): HttpOptions | undefined {
  const port = numberOf(saved, 'port', HTTP_RULES.port);
  if (port === undefined) return undefined;
  const limit = (name: 'requestsPerMinute' | 'speechLimit' | 'connectionLimit') =>
    numberOf(saved, name, HTTP_RULES[name]);
  return {
    port,
    ...leaveOut({
      host: textOf(saved.host),
      requestsPerMinute: limit('requestsPerMinute'),
      speechLimit: limit('speechLimit'),
      connectionLimit: limit('connectionLimit'),
    }),
    apiKeys: listOf(secrets?.apiKeys),
    corsOrigins: listOf(saved.corsOrigins),
    allowedHosts: listOf(saved.allowedHosts),
    strictVoices: saved.strictVoices === true,
  };
}

function wyomingOptions(saved: Saved): WyomingOptions | undefined {
  const port = numberOf(saved, 'wyomingPort', WYOMING_RULES.port);
  if (port === undefined) return undefined;
  const languages = listOf(saved.languages);
  return { port, ...leaveOut({ host: textOf(saved.host), languages: languages.length === 0 ? undefined : languages }) };
}

function numberOf(saved: Saved, name: string, rule: Parameters<typeof readNumber>[0]): number | undefined {
  const value = saved[name];
  return value === undefined || value === '' ? undefined : readNumber(rule)(value, name);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** Texts with commas between them. */
function listOf(value: unknown): string[] {
  const text = textOf(value) ?? '';
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
