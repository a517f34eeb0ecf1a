import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of HTTP on this machine, at a port of its own; what it answers is up to those that extend it. */
export abstract class LocalServer {
  private readonly server = http.createServer((request, response) => void this.answer(request, response));

  protected abstract answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void>;

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
