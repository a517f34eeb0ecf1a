import { HiggsError } from '../../src/engine/index.js';
import { FileRefused, readRegular } from '../../src/engine/package-api.js';

/** Node.js reads no larger file in one piece. */
const LARGEST_BYTES = 2 ** 31 - 1;

/** What a file that is not to be read means to whoever named it. */
export interface Unreadable {
  readonly code: 'HIGGS_CLIP_UNREADABLE' | 'HIGGS_SOUND_MISSING';
  /** A sentence behind the reason. */
  readonly advice?: string;
}

/** A file's bytes, or those that are there already. Pipes, devices and folders are refused. Throws `unreadable.code`. */
export async function readFileBytes(
  source: string | Uint8Array,
  { code, advice }: Unreadable = { code: 'HIGGS_CLIP_UNREADABLE' },
): Promise<Uint8Array> {
  if (typeof source !== 'string') return source;
  return readRegular(source, LARGEST_BYTES).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const why = cause instanceof FileRefused ? reason : `cannot be read: ${reason.slice(0, 200)}`;
    // A text that was never meant as a file's name may be long.
    const sentences = [`The file "${source.slice(0, 200)}" ${why}.`, ...(advice === undefined ? [] : [advice])];
    throw new HiggsError(code, sentences.join(' '), { cause });
  });
}
