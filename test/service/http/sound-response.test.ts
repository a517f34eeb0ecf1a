import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { letGoWhenStalled } from '../../../src/service/http/sound-response.js';

/** A server whose one answer is `answer`'s; gives how that answer ended, once the client has done its part. */
async function outcomeOf(answer: (response: http.ServerResponse) => void, client: (socket: net.Socket) => void) {
  const server = http.createServer();
  const ended = new Promise<'whole' | 'let go'>((resolve) => {
    server.once('request', (_request, response) => {
      response.once('close', () => resolve(response.writableFinished ? 'whole' : 'let go'));
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  client(socket);
  const outcome = await ended;
  socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return outcome;
}

test('a client that takes nothing is let go, though the answer is not at its end', async () => {
  const answer = (response: http.ServerResponse) => {
    letGoWhenStalled(response, 0.2);
    // More than the buffers of a connection hold.
    response.write(Buffer.alloc(64e6));
  };
  expect(await outcomeOf(answer, (socket) => socket.pause())).toBe('let go');
});

test('a client that waits while nothing is made is not', async () => {
  const answer = (response: http.ServerResponse) => {
    letGoWhenStalled(response, 0.1);
    response.write('a');
    setTimeout(() => response.end('b'), 600);
  };
  expect(await outcomeOf(answer, (socket) => socket.resume())).toBe('whole');
});
