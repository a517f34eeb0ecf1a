/** A stand-in for the API of Home Assistant's Supervisor, as far as the add-on asks it. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BrokerService {
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean;
  readonly username: string;
  readonly password: string;
}

interface Discovery {
  readonly service: string;
  readonly config: { readonly uri: string };
}

export class Supervisor {
  /** What it was told last for Home Assistant to find. */
  discovered: Discovery | undefined;

  private readonly server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const isKnown = request.headers.authorization === `Bearer ${this.token}`;
      const data = isKnown ? this.answer(request, Buffer.concat(parts).toString()) : undefined;
      response.writeHead(isKnown ? (data === undefined ? 400 : 200) : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(data === undefined ? { result: 'error' } : { result: 'ok', data }));
    });
  });

  /** `token`: what it asks for; `broker`: undefined where the house has none. */
  constructor(
    private readonly token: string,
    public broker: BrokerService | undefined,
  ) {}

  /** At 127.0.0.1; gives its address. */
  async listen(port: number): Promise<string> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
  }

  private answer({ method, url }: http.IncomingMessage, body: string): object | undefined {
    if (method === 'GET' && url === '/services/mqtt') return this.broker;
    if (method !== 'POST' || url !== '/discovery') return undefined;
    this.discovered = JSON.parse(body) as Discovery;
    return { uuid: '0' };
  }
}
