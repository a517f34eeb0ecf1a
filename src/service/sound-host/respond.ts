/** One request for a sound: what goes back. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readRange } from './byte-range.js';
import type { Shelf } from './shelf.js';

/** The only path there is; a name is looked up as it stands, so that no path can lead anywhere. */
const PATH = /^\/sounds\/([\w-]{22}\.[a-z0-9]{2,5})$/;

export function respond(shelf: Shelf, request: IncomingMessage, response: ServerResponse, nowMs: number): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(response, 405, { Allow: 'GET, HEAD', Connection: 'close' });
    return;
  }
  // What a player adds behind a question mark means nothing here.
  const name = PATH.exec((request.url ?? '').split('?', 1)[0] ?? '')?.[1];
  const sound = name === undefined ? undefined : shelf.find(name, nowMs);
  if (name === undefined || sound === undefined) {
    refuse(response, 404);
    return;
  }
  const { bytes } = sound;
  sound.wasFetched ||= request.method === 'GET';
  const tag = `"${name}"`;
  // A part is wanted only of the very sound that the player has begun with.
  const sameSound = request.headers['if-range'] === undefined || request.headers['if-range'] === tag;
  const range = readRange(sameSound ? request.headers.range : undefined, bytes.byteLength);
  if (range.kind === 'beyond') {
    refuse(response, 416, { 'Content-Range': `bytes */${bytes.byteLength}` });
    return;
  }
  const part = range.kind === 'part' ? bytes.subarray(range.first, range.last + 1) : bytes;
  response.writeHead(range.kind === 'part' ? 206 : 200, {
    'Content-Type': sound.mediaType,
    'Content-Length': part.byteLength,
    ...(range.kind === 'part' ? { 'Content-Range': `bytes ${range.first}-${range.last}/${bytes.byteLength}` } : {}),
    'Accept-Ranges': 'bytes',
    'Cache-Control': `private, max-age=${Math.floor((sound.expiresAtMs - nowMs) / 1000)}`,
    ETag: tag,
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : part);
}

export function refuse(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { ...headers, 'Content-Length': 0 });
  response.end();
}
