/** Paths as callers give them. */
import path from 'node:path';
import { HiggsError } from './errors.js';

/** `file` as a whole path. Throws HIGGS_OPTION_INVALID where it needs a working folder and that was deleted. */
export function absolutePath(file: string): string {
  try {
    return path.resolve(file);
  } catch (cause) {
    const what = `The path "${file}" is relative to the working folder, which is gone; give the whole path.`;
    throw new HiggsError('HIGGS_OPTION_INVALID', what, { cause });
  }
}
