/** One question to a device in the network: short, limited in time and size, a connection of its own. */
import http from 'node:http';
import { HiggsError } from '../../engine/index.js';

/** Descriptions of televisions have some tens of kilobytes. */
const LIMIT_BYTES = 1_000_000;

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly limitMs: number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Throws HIGGS_PLAYER_UNREACHABLE where no whole answer comes in time. */
export function askDevice(url: string, { method, headers = {}, body = '', limitMs }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: unknown) => {
      request.destroy();
      reject(new HiggsError('HIGGS_PLAYER_UNREACHABLE', `The player at ${hostOf(url)} ${why}.`, { cause }));
    };
    // Devices close connections when they like; one that is kept would now and then be dead.
    const request = http.request(url, {
      method,
      agent: false,
      headers: { ...headers, ...(method === 'POST' ? { 'Content-Length': Buffer.byteLength(body) } : {}) },
    });
    const timer = setTimeout(() => fail(`does not answer within ${limitMs / 1000} s`), limitMs);
    request.once('error', (error) => fail(`does not answer: ${error.message}`, error));
    request.once('close', () => clearTimeout(timer));
    request.once('response', (response) => {
      const parts: Buffer[] = [];
      let byteCount = 0;
      response.on('data', (part: Buffer) => {
        byteCount += part.byteLength;
        if (byteCount > LIMIT_BYTES) fail('answers with more than it has to say');
        else parts.push(part);
      });
      response.once('error', (error) => fail(`broke off: ${error.message}`, error));
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') });
      });
    });
    request.end(method === 'POST' ? body : undefined);
  });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
