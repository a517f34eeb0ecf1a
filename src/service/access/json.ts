/** JSON as strangers send it. */
import { isObject } from '../../engine/package-api.js';

/** Why bytes are no object of JSON; the way it is told is the protocol's own. */
export class NotJsonObject extends Error {}

/** The object that `bytes` hold, as JSON in UTF-8. Throws {@link NotJsonObject}. */
export function parseJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new NotJsonObject(cause instanceof Error ? cause.message : 'not readable', { cause });
  }
  if (!isObject(value)) throw new NotJsonObject('not an object');
  return value;
}
