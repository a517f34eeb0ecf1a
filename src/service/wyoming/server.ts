/** Speech for voice assistants, Home Assistant's above all, by the Wyoming protocol over TCP. */
import { createServer, type Server, type Socket } from 'node:net';
import { type SpeechEngine } from '../../engine/index.js';
import { checkNumber } from '../../engine/package-api.js';
import { listenAt } from '../listen.js';
import { EventReader, type WyomingEvent } from './codec.js';
import type { WyomingOptions } from './options.js';
import { WYOMING_RULES } from './rules.js';
import { Session } from './session.js';

/** No event of an assistant that wants speech is larger. */
const EVENT_LIMIT_BYTES = 262_144;
/** Events that wait behind the one in hand. */
const WAITING_EVENTS = 1000;

export interface WyomingServer {
  readonly port: number;
  readonly url: string;
  /** Ends all connections and stops their speeches. */
  close(): Promise<void>;
}

export interface WyomingContext {
  readonly engine: () => SpeechEngine;
  readonly owner: string;
}

/** Throws HIGGS_OPTION_INVALID or HIGGS_ADDRESS_UNAVAILABLE. */
export async function openWyomingServer(context: WyomingContext, options: WyomingOptions = {}): Promise<WyomingServer> {
  const { host = '127.0.0.1', languages = ['en'] } = options;
  const wantedPort = checkNumber('port', options.port, WYOMING_RULES.port);
  const idleMs = checkNumber('idleSeconds', options.idleSeconds, WYOMING_RULES.idleSeconds) * 1000;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveAssistant(socket, { ...context, languages }, idleMs);
  });
  server.maxConnections = checkNumber('connectionLimit', options.connectionLimit, WYOMING_RULES.connectionLimit);
  const port = await listenAt(server, host, wantedPort);
  const authority = host.includes(':') ? `[${host}]` : host;
  return { port, url: `tcp://${authority}:${port}`, close: () => closeAll(server, sockets) };
}

async function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  await closed;
}

function serveAssistant(
  socket: Socket,
  context: WyomingContext & { languages: readonly string[] },
  idleMs: number,
): void {
  const gone = new AbortController();
  const reader = new EventReader(EVENT_LIMIT_BYTES);
  const session = new Session({ ...context, signal: gone.signal, send: (bytes) => void socket.write(bytes) });
  const waiting: WyomingEvent[] = [];
  let busy = false;

  const work = async () => {
    if (busy) return;
    busy = true;
    for (let event = waiting.shift(); event !== undefined && !gone.signal.aborted; event = waiting.shift()) {
      await session.take(event).catch((thrown: unknown) => (gone.signal.aborted ? undefined : session.fail(thrown)));
    }
    busy = false;
  };

  socket.setTimeout(idleMs, () => {
    // Speech that is waited for moves nothing on the connection.
    if (!busy || socket.writableLength > 0) socket.destroy();
  });
  socket.on('error', () => undefined);
  socket.once('close', () => gone.abort());
  socket.on('data', (bytes) => {
    try {
      waiting.push(...reader.push(bytes));
    } catch {
      // Not this protocol: nothing that could be said would be understood.
      socket.destroy();
      return;
    }
    if (waiting.length > WAITING_EVENTS) socket.destroy();
    else void work();
  });
}
