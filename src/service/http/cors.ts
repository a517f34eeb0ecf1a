import type { IncomingMessage, ServerResponse } from 'node:http';

/** Lets web pages of the origins that were allowed read answers; without any, a browser keeps every page away. */
export class Cors {
  constructor(private readonly origins: readonly string[]) {}

  /** Adds what a browser needs to see; true where the request was the browser's question beforehand, now answered. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.origins.length === 0) return false;
    const { origin } = request.headers;
    response.setHeader('vary', 'Origin');
    if (origin === undefined || !(this.origins.includes('*') || this.origins.includes(origin))) return false;
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', 'Retry-After, X-Request-Id');
    if (request.method !== 'OPTIONS') return false;
    // The names that OpenAI's own client sends are many (x-stainless-…); the origin is what is checked.
    const asked = request.headers['access-control-request-headers'];
    response.writeHead(204, {
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-max-age': '600',
      ...(asked === undefined ? {} : { 'access-control-allow-headers': asked }),
    });
    response.end();
    return true;
  }
}
