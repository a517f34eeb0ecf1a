/** Speech for voice assistants, Home Assistant's above all, by the Wyoming protocol over TCP. */
import { createServer, type Server, type Socket } from 'node:net';
import { type SpeechEngine } from '../../engine/index.js';
import { checkNumber } from '../../engine/package-api.js';
import { limitConnections } from '../access/connections.js';
import { listenAt } from '../access/listen.js';
import { EventReader, type WyomingEvent } from './codec.js';
import type { WyomingOptions } from './options.js';
import { WYOMING_RULES } from './rules.js';
import { Session } from './session.js';
import { Deadline } from './deadline.js';
import { WaitingEvents } from './waiting-events.js';

/** No event of an assistant that wants speech is larger. */
const EVENT_LIMIT_BYTES = 262_144;
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
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveAssistant(socket, { ...context, languages }, idleMs);
  });
  limitConnections(server, checkNumber('connectionLimit', options.connectionLimit, WYOMING_RULES.connectionLimit));
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
  const waiting = new WaitingEvents();
  let busy = false;
  let hasEnded = false;

  const answer = async (event: WyomingEvent) => {
    try {
      await session.take(event);
    } catch (thrown) {
      if (gone.signal.aborted) return;
      session.fail(thrown);
      // Nothing but the voices ends the wait for them.
      if (event.type === 'describe') socket.end();
    }
  };
  const work = async () => {
    if (busy) return;
    busy = true;
    for (let event = waiting.take(); event !== undefined && !gone.signal.aborted; event = waiting.take()) {
      await answer(event);
      await drained(socket);
      if (waiting.haveRoom) socket.resume();
    }
    busy = false;
    if (hasEnded) socket.end();
  };
  const unfinished = new Deadline(idleMs, () => socket.destroy());

  socket.setTimeout(idleMs, () => {
    // Speech that is waited for moves nothing on the connection.
    if (!busy || socket.writableLength > 0) socket.destroy();
  });
  socket.on('error', () => undefined);
  socket.once('end', () => {
    // Who asks and closes its side, as `nc` does behind a pipe, is answered; speech is for who stays, for a client that is
    // gone looks the same.
    hasEnded = true;
    if (session.isSounding) socket.destroy();
    else if (!busy) socket.end();
  });
  socket.once('close', () => {
    unfinished.clear();
    gone.abort();
  });
  socket.on('data', (bytes) => {
    try {
      const events = reader.push(bytes);
      for (const event of events) waiting.add(event);
      if (events.length > 0 || !reader.isWithinEvent) unfinished.clear();
      if (reader.isWithinEvent) unfinished.start();
    } catch {
      // Not this protocol: nothing that could be said would be understood.
      socket.destroy();
      return;
    }
    // The rest waits in the network, on the assistant's side.
    if (!waiting.haveRoom) socket.pause();
    void work();
  });
}

/** Done when all that was written is on its way, or never will be: who does not listen is told no more. */
function drained(socket: Socket): Promise<void> {
  if (!socket.writableNeedDrain || socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = () => {
      socket.off('drain', settle).off('close', settle);
      resolve();
    };
    socket.on('drain', settle).on('close', settle);
  });
}
