/** Home Assistant's WebSocket interface: numbered calls, each with a result, and events for some of them. */
import { once } from 'node:events';
import WebSocket from 'ws';

interface Incoming {
  readonly id?: number;
  readonly type: string;
  readonly success?: boolean;
  readonly result?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
  readonly event?: unknown;
}

interface Call {
  resolve(result: unknown): void;
  reject(error: Error): void;
  onEvent(event: unknown): void;
}

export class HomeSocket {
  private readonly calls = new Map<number, Call>();
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (bytes: Buffer) => this.take(JSON.parse(bytes.toString()) as Incoming));
    socket.on('close', () => this.endAll('the connection ended'));
    socket.on('error', (error) => this.endAll(error.message));
  }

  static async open(url: string, token: string): Promise<HomeSocket> {
    const socket = new WebSocket(url);
    const next = async () => JSON.parse(String((await once(socket, 'message'))[0])) as Incoming;
    await next();
    const answer = next();
    socket.send(JSON.stringify({ type: 'auth', access_token: token }));
    const { type } = await answer;
    if (type !== 'auth_ok') throw new Error(`Home Assistant refused the token: ${type}`);
    return new HomeSocket(socket);
  }

  /** Events of the call go to `onEvent`, also after its result. */
  call<T>(message: object, onEvent: (event: unknown) => void = () => undefined): Promise<T> {
    const id = (this.lastId += 1);
    return new Promise<T>((resolve, reject) => {
      this.calls.set(id, { resolve: (result) => resolve(result as T), reject, onEvent });
      this.socket.send(JSON.stringify({ ...message, id }));
    });
  }

  close(): void {
    this.socket.close();
  }

  private take({ id, type, success, result, error, event }: Incoming): void {
    const call = this.calls.get(id ?? 0);
    if (type === 'event') call?.onEvent(event);
    else if (success === true) call?.resolve(result);
    else call?.reject(new Error(`${error?.code ?? type}: ${error?.message ?? ''}`));
  }

  private endAll(reason: string): void {
    for (const { reject } of this.calls.values()) reject(new Error(reason));
    this.calls.clear();
  }
}
