/** Stands before a speech server, passes all on, and counts the speeches that are asked for at the same time. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const SPEECH_PATH = /\/audio\/speech$/u;

export class RequestCounter {
  /** The most at the same time so far. */
  most = 0;
  private open = 0;
  private readonly server = http.createServer((asked, answered) => this.pass(asked, answered));

  private constructor(private readonly behind: URL) {}

  static async open(address: string): Promise<RequestCounter> {
    const counter = new RequestCounter(new URL(address));
    await new Promise<void>((resolve) => counter.server.listen(0, '127.0.0.1', resolve));
    return counter;
  }

  /** What to ask in the server's place. */
  get address(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.behind.pathname}`;
  }

  /** Settles when the server works on a speech. */
  async untilAsked(): Promise<void> {
    while (this.open === 0) await sleep(50);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(asked: http.IncomingMessage, answered: http.ServerResponse): void {
    const isSpeech = SPEECH_PATH.test(asked.url ?? '');
    if (isSpeech) this.most = Math.max(this.most, ++this.open);
    answered.once('close', () => {
      if (isSpeech) this.open -= 1;
      onward.destroy();
    });
    const { method, headers } = asked;
    const options = { method, headers: { ...headers, host: this.behind.host } };
    const onward = http.request(new URL(asked.url ?? '/', this.behind), options, (answer) => {
      answered.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(answered);
      answer.once('error', () => answered.destroy());
    });
    // A server that is gone breaks off here as it would without us.
    onward.once('error', () => answered.destroy());
    asked.pipe(onward);
  }
}
