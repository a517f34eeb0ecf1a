/** What a message may bring to be spoken. */
import { HiggsError } from '../../src/engine/index.js';
import { isRecord } from './values.js';

/**
 * A text; a number; a Buffer with a text in UTF-8; or an object with the text in `text` or `message`, as notifications
 * have it. Throws HIGGS_OPTION_INVALID that names the type of anything else.
 */
export function readSpokenText(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return textOfBytes(value, name);
  if (isRecord(value)) {
    const text = value.text ?? value.message;
    if (typeof text === 'string' || typeof text === 'number') return String(text);
    throw noText(name, 'an object without "text" or "message"');
  }
  throw noText(name, Array.isArray(value) ? 'an array' : `a ${typeof value}`);
}

/** A Buffer's text; throws HIGGS_OPTION_INVALID where it is none, such as sound. */
export function textOfBytes(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw noText(name, 'a Buffer that holds no text in UTF-8');
  }
}

function noText(name: string, found: string): HiggsError {
  return new HiggsError(
    'HIGGS_OPTION_INVALID',
    `"${name}" is not text, but ${found}. Give a text, a Buffer with a text, or an object with "text".`,
  );
}
