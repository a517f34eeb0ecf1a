/** The body of a request: whole, small enough, in time, and an object of JSON. */
import type { IncomingMessage } from 'node:http';
import { NotJsonObject, parseJsonObject } from '../access/json.js';
import { ApiError } from './api-error.js';

export interface BodyLimits {
  readonly bodyLimitBytes: number;
  readonly bodySeconds: number;
}

/** Throws 415, 413, 408 or 400. A body that is not read to its end is for the caller to get rid of. */
export async function readJsonObject(
  request: IncomingMessage,
  limits: BodyLimits,
): Promise<Readonly<Record<string, unknown>>> {
  // A web page may send every other type without being allowed to by CORS.
  if (!/^application\/json *(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new ApiError(415, 'unsupported_media_type', 'The body must be of the type application/json.');
  }
  try {
    return parseJsonObject(await readBody(request, limits));
  } catch (thrown) {
    if (!(thrown instanceof NotJsonObject)) throw thrown;
    throw new ApiError(400, 'invalid_json', 'The body must be an object of JSON in UTF-8.');
  }
}

/** All of the body's bytes. Rejects with 415, 413, 408 or 400. */
export function readBody(request: IncomingMessage, { bodyLimitBytes, bodySeconds }: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let byteLength = 0;
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      request.off('data', take).off('end', finish).off('close', breakOff);
      outcome();
    };
    const fail = (error: ApiError) => settle(() => reject(error));
    const tooLarge = () => fail(new ApiError(413, 'body_too_large', `The body has more than ${bodyLimitBytes} bytes.`));
    const take = (part: Buffer) => {
      byteLength += part.length;
      if (byteLength > bodyLimitBytes) tooLarge();
      else parts.push(part);
    };
    const finish = () => settle(() => resolve(Buffer.concat(parts)));
    const breakOff = () => fail(new ApiError(400, 'body_cut', 'The body was cut off.'));
    const timer = setTimeout(() => {
      fail(new ApiError(408, 'body_too_slow', `The body took longer than ${bodySeconds} seconds.`));
    }, bodySeconds * 1000);
    if (Number(request.headers['content-length'] ?? 0) > bodyLimitBytes) {
      tooLarge();
      return;
    }
    const coding = request.headers['content-encoding'] ?? 'identity';
    if (coding.toLowerCase() !== 'identity') {
      // A few bytes could become any number of them.
      fail(new ApiError(415, 'unsupported_media_type', 'The body must not be compressed.'));
      return;
    }
    request.on('data', take).once('end', finish).once('close', breakOff);
  });
}
