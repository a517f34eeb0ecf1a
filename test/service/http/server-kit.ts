/** Speech servers for tests, on free ports of this machine, closed when the test file ends; and the plainest of clients. */
import type { SpeechEngine } from '@higgs-tts/node-red/engine';
import { openHttpServer, type HttpOptions, type HttpServer } from '@higgs-tts/node-red/service';
import net from 'node:net';
import { afterAll } from 'vitest';

const servers: HttpServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

export async function openServer(engine: SpeechEngine, options: HttpOptions = {}): Promise<HttpServer> {
  const server = await openHttpServer({ engine: () => engine, owner: 'test' }, { port: 0, ...options });
  servers.push(server);
  return server;
}

export interface ApiErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
}

/** Posts a speech; `body` goes as JSON unless it is a text already. */
export function postSpeech(server: HttpServer, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}/v1/audio/speech`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  });
}

/** Sends bytes as they are, in parts with pauses between them, and gives what comes back until the connection ends. */
export async function sendRaw(server: HttpServer, parts: readonly (string | number)[]): Promise<string> {
  const socket = net.connect(server.port, '127.0.0.1');
  const answer: Buffer[] = [];
  const over = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (part: Buffer) => answer.push(part)).on('error', () => undefined);
  for (const part of parts) {
    if (typeof part === 'string') socket.write(part);
    else await Promise.race([over, new Promise((resolve) => setTimeout(resolve, part))]);
  }
  await over;
  return Buffer.concat(answer).toString('latin1');
}

/** Sockets, pipes, files and requests that this process holds open. */
export function openHandles(): number {
  const passing = ['Timeout', 'Immediate'];
  return process.getActiveResourcesInfo().filter((kind) => !passing.includes(kind)).length;
}
