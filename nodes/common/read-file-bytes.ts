import fs from 'node:fs/promises';
import { HiggsError } from '../../src/engine/index.js';

/** A file's bytes, or those that are there already. Throws HIGGS_CLIP_UNREADABLE. */
export async function readFileBytes(source: string | Uint8Array): Promise<Uint8Array> {
  if (typeof source !== 'string') return source;
  return fs.readFile(source).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HiggsError('HIGGS_CLIP_UNREADABLE', `The file "${source}" cannot be read: ${why}.`, { cause });
  });
}
