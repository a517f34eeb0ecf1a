import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from './api-error.js';

/**
 * Checks `Authorization: Bearer KEY` against the keys there are; none means that everyone may ask. Hashes of one length
 * are compared, each with all of them, so the time taken tells nothing about a key.
 */
export class KeyRing {
  private readonly hashes: readonly Buffer[];

  constructor(keys: readonly string[]) {
    this.hashes = keys.map(hashOf);
  }

  /** Throws a 401 that says nothing about the keys. */
  check(authorization: string | undefined): void {
    if (this.hashes.length === 0) return;
    const key = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    const given = hashOf(key ?? '');
    const matches = this.hashes.filter((hash) => timingSafeEqual(hash, given)).length;
    if (key !== undefined && matches > 0) return;
    const message =
      key === undefined ? 'This server wants an API key: "Authorization: Bearer KEY".' : 'The API key is wrong.';
    throw new ApiError(401, 'invalid_api_key', message, { headers: { 'www-authenticate': 'Bearer' } });
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
