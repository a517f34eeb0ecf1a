/** Servers made known in the network by multicast DNS (RFC 6762 and 6763), so that Home Assistant and others find them by themselves. */
import type { EventEmitter } from 'node:events';
import net from 'node:net';
import os from 'node:os';
import type { Bonjour } from 'bonjour-service';
import { isLoopback } from '../access/allowed-hosts.js';
import { reachableHost, type Interfaces } from '../sound-host/base-address.js';
import { machineName } from './names.js';

/** Home Assistant's Wyoming integration looks for `_wyoming._tcp.local.`; `path` is what RFC 6763 and clients of `_http._tcp` know. */
const KINDS = {
  wyoming: { type: 'wyoming', txt: {} },
  http: { type: 'http', txt: { path: '/v1' } },
  sounds: { type: 'http', txt: { path: '/sounds' } },
} as const;

export interface AdvertisedServer {
  readonly kind: keyof typeof KINDS;
  /** The address that it listens at; empty: all of this machine's. */
  readonly host: string;
  readonly port: number;
}

export interface Advertisement {
  /** What the servers are called, in their order; empty where there is nobody to find them. */
  readonly names: readonly string[];
  /** Takes everything back, with a goodbye; to be called once. */
  close(): Promise<void>;
}

const NOTHING: Advertisement = { names: [], close: () => Promise.resolve() };

/**
 * Makes `servers` known until it is closed. One that listens at a loopback address is left out, for nobody else reaches it.
 * Never rejects: without the package or without multicast the servers work as well, and `onWarning` is told so once.
 */
export async function advertise(
  servers: readonly AdvertisedServer[],
  onWarning: (text: string) => void,
  load: () => Promise<{ readonly Bonjour: typeof Bonjour }> = () => import('bonjour-service'),
): Promise<Advertisement> {
  const interfaces = os.networkInterfaces();
  const reachable = servers
    .map((server) => ({ ...server, address: addressOf(server.host, interfaces) }))
    .filter(({ address }) => !isLoopback(address));
  if (reachable.length === 0) return NOTHING;
  let isTold = false;
  const warn = (reason: string) => {
    if (!isTold) onWarning(`The servers are not announced in the network: ${reason}.`);
    isTold = true;
  };
  const loaded = await load().catch(() => undefined);
  if (loaded === undefined) {
    warn('the optional package "bonjour-service" is missing');
    return NOTHING;
  }
  try {
    const bonjour = new loaded.Bonjour(undefined, (error: Error) => warn(error.message));
    socketOf(bonjour).on('error', (error) => warn(error.message));
    const names = reachable.map(({ address, ...server }) =>
      publish(bonjour, server, address, machineName(os.hostname(), address, interfaces)),
    );
    return { names, close: () => sayGoodbye(bonjour) };
  } catch (thrown) {
    warn(thrown instanceof Error ? thrown.message : String(thrown));
    return NOTHING;
  }
}

/** Where others reach a server that listens at `host`, without brackets; a loopback address where they do not. */
function addressOf(host: string, interfaces: Interfaces): string {
  const isName = host !== '' && net.isIP(host) === 0 && !isLoopback(host);
  return reachableHost(isName ? '' : host, interfaces).replaceAll(/[[\]]/g, '');
}

/** What the library listens with. Nobody else hears its errors (a port that may not be shared), and they would end the process. */
function socketOf(bonjour: Bonjour): EventEmitter<{ error: [Error] }> {
  return (bonjour as unknown as { server: { mdns: EventEmitter<{ error: [Error] }> } }).server.mdns;
}

/** Gives the server's name. */
function publish(bonjour: Bonjour, { kind, port }: AdvertisedServer, address: string, machine: string): string {
  const name = `Higgs TTS ${machine} ${port}`;
  // A name of its own: the machine's own, `<hostname>.local`, belongs to the system's responder.
  const service = bonjour.publish({ ...KINDS[kind], name, port, host: `higgs-tts-${machine}.local` });
  // The library names every address of the machine, those of containers and tunnels too. It asks for the records when it has
  // made sure that the name is free, and that takes longer than this call.
  const records = service.records.bind(service);
  service.records = () => [
    ...records().filter(({ type }) => type !== 'A' && type !== 'AAAA'),
    { name: service.host, type: net.isIPv6(address) ? 'AAAA' : 'A', ttl: 120, data: address },
  ];
  return name;
}

function sayGoodbye(bonjour: Bonjour): Promise<void> {
  return new Promise((resolve) => {
    bonjour.unpublishAll(() => bonjour.destroy(() => resolve()));
  });
}
