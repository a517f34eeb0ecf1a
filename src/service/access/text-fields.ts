/** How long the text fields of a request may be, whatever the protocol; the text to speak has the engine's own limit. */
import { HiggsError } from '../../engine/index.js';

/** A voice's name, a language, a model, a format: more letters than any of them has. */
export const LONGEST_NAME = 256;
/** Words for a voice or a scene; they stand in every prompt. */
export const LONGEST_DESCRIPTION = 2000;

/** `value` itself. Throws HIGGS_OPTION_INVALID that names the field and not the value where it is longer. */
export function checkLength(field: string, value: string, limit: number): string {
  if (value.length <= limit) return value;
  const what = `The field "${field}" has ${value.length} characters; it takes ${limit}.`;
  throw new HiggsError('HIGGS_OPTION_INVALID', what);
}
