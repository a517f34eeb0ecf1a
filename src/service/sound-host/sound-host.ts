/** A small server from which loudspeakers fetch sound, for they take an address and no bytes. */
import http from 'node:http';
import os from 'node:os';
import { HiggsError } from '../../engine/index.js';
import { checkNumber } from '../../engine/package-api.js';
import { answersTo, type AllowedHosts } from '../access/allowed-hosts.js';
import { limitConnections } from '../access/connections.js';
import { listenAt } from '../access/listen.js';
import { reachableHost } from './base-address.js';
import { SOUND_HOST_RULES, type SoundHostOptions } from './options.js';
import { refuse, respond } from './respond.js';
import { Shelf } from './shelf.js';

const BYTES_PER_MEGABYTE = 1_000_000;
const SWEEP_MS = 60_000;
/** A house has a few dozen loudspeakers; what goes beyond is not one of them. */
const MAX_CONNECTIONS = 200;
const HEADERS_TIMEOUT_MS = 10_000;
/** Players pause in the middle of a sound, but not for ever. */
const SILENT_SOCKET_MS = 120_000;

export interface HostedSound {
  /** For whoever was told it: its name cannot be guessed. */
  readonly url: string;
  readonly expiresAtMs: number;
  /** Whether somebody has fetched it, as long as it can be. */
  wasFetched(): boolean;
}

export interface SoundHost {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** The port that is listened on. */
  readonly port: number;
  /** `extension` without a dot. Throws HIGGS_OPTION_INVALID for a sound that is larger than all that may be kept. */
  put(bytes: Uint8Array, mediaType: string, extension: string): HostedSound;
  /** Ends at once, with those who listen; safe to call twice. */
  close(): Promise<void>;
}

/** Rejects with HIGGS_OPTION_INVALID for a wrong option, HIGGS_ADDRESS_UNAVAILABLE where it cannot be listened on. */
export async function openSoundHost(options: SoundHostOptions = {}): Promise<SoundHost> {
  const port = checkNumber('port', options.port, SOUND_HOST_RULES.port);
  const keepMs = 1000 * checkNumber('keepSeconds', options.keepSeconds, SOUND_HOST_RULES.keepSeconds);
  const megabytes = checkNumber('megabytes', options.megabytes, SOUND_HOST_RULES.megabytes);
  const configured = options.baseUrl ? checkBaseUrl(options.baseUrl) : undefined;
  const shelf = new Shelf(keepMs, megabytes * BYTES_PER_MEGABYTE);
  const names = configured === undefined ? [] : [new URL(configured).hostname];
  const server = createServer(shelf, { host: options.bindAddress ?? '', names });
  const bound = await listenAt(server, options.bindAddress ?? '', port);
  const host = reachableHost(options.bindAddress ?? '', os.networkInterfaces());
  const baseUrl = configured ?? `http://${host}:${bound}`;
  const sweep = setInterval(() => shelf.dropExpired(Date.now()), SWEEP_MS).unref();
  return {
    baseUrl,
    port: bound,
    put: (bytes, mediaType, extension) => {
      const nowMs = Date.now();
      const name = shelf.put(bytes, mediaType, extension, nowMs);
      if (name === undefined) {
        const what = `The sound has ${bytes.byteLength} bytes, and the option "megabytes" allows ${megabytes} MB for all.`;
        throw new HiggsError('HIGGS_OPTION_INVALID', what);
      }
      return {
        url: `${baseUrl}/sounds/${name}`,
        expiresAtMs: nowMs + keepMs,
        wasFetched: () => shelf.find(name, nowMs)?.wasFetched ?? false,
      };
    },
    close: async () => {
      clearInterval(sweep);
      shelf.clear();
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function createServer(shelf: Shelf, hosts: AllowedHosts): http.Server {
  const server = http.createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, (request, response) => {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    if (answersTo(request.headers.host, hosts)) respond(shelf, request, response, Date.now());
    else refuse(response, 421);
  });
  limitConnections(server, MAX_CONNECTIONS);
  server.setTimeout(SILENT_SOCKET_MS);
  server.on('error', () => undefined);
  return server;
}

function checkBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    const what = `The option "baseUrl" is ${JSON.stringify(text)}; it takes an address such as "http://192.168.1.20:8090".`;
    throw new HiggsError('HIGGS_OPTION_INVALID', what);
  }
  return url.href.replace(/\/+$/, '');
}
