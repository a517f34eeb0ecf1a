/**
 * The file that a checkpoint brings for reading English: lexicon, word classes and letters, for both accents.
 * 8 bytes `HIGGSPRN`, version and size of the unpacked content as 32 bits each, SHA-256 of what follows, then the content in
 * brotli: the length of each section as 32 bits, then the sections. Numbers are little-endian.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { HiggsError, systemCode } from '../errors.js';
import { FileRefused, readRegular } from '../regular-file.js';

export const MAGIC = 'HIGGSPRN';
export const VERSION = 1;
export const HEADER_BYTES = 48;
/** In the order in which they stand in the file. */
export const SECTIONS = [
  'words',
  'americanPhones',
  'britishPhones',
  'classTags',
  'classWords',
  'classFeatures',
  'classWeights',
  'americanChunks',
  'americanWeights',
  'britishChunks',
  'britishWeights',
] as const;
const MOST_BYTES = 64 * 1024 * 1024;

export type Sections = Readonly<Record<(typeof SECTIONS)[number], Uint8Array>>;

/**
 * Throws HIGGS_CHECKPOINT_MISSING where there is no `file`, HIGGS_CHECKPOINT_UNSUPPORTED where it is of another version,
 * HIGGS_CHECKPOINT_BROKEN where it is something else, cut or changed.
 */
export async function readSections(file: string): Promise<Sections> {
  let bytes: Buffer;
  try {
    bytes = await readRegular(file, MOST_BYTES, { within: path.dirname(file) });
  } catch (cause) {
    const isMissing = systemCode(cause) === 'ENOENT' || systemCode(cause) === 'ENOTDIR';
    const code = isMissing ? 'HIGGS_CHECKPOINT_MISSING' : 'HIGGS_CHECKPOINT_BROKEN';
    const why = cause instanceof FileRefused ? cause.message : 'cannot be read';
    throw new HiggsError(code, `The pronunciation file ${file} ${why}.`, { cause });
  }
  return unpackSections(bytes, file);
}

export function unpackSections(bytes: Buffer, file: string): Sections {
  const broken = (what: string, cause?: unknown): HiggsError =>
    new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The pronunciation file ${file} ${what}.`, { cause });
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC) throw broken('is none');
  const version = bytes.readUInt32LE(8);
  if (version !== VERSION) {
    throw new HiggsError(
      'HIGGS_CHECKPOINT_UNSUPPORTED',
      `The pronunciation file ${file} is of version ${version}; this package reads version ${VERSION}.`,
    );
  }
  const size = bytes.readUInt32LE(12);
  const packed = bytes.subarray(HEADER_BYTES);
  const checksum = createHash('sha256').update(packed).digest();
  if (!checksum.equals(bytes.subarray(16, HEADER_BYTES))) throw broken('is cut or changed');
  if (size > MOST_BYTES) throw broken(`says that it unpacks to ${size} bytes`);
  let content: Buffer;
  try {
    content = brotliDecompressSync(packed, { maxOutputLength: size });
  } catch (cause) {
    throw broken('cannot be unpacked', cause);
  }
  let at = SECTIONS.length * 4;
  if (content.length !== size || size < at) throw broken('does not unpack to the size it says');
  const entries = SECTIONS.map((name, index): [string, Uint8Array] => {
    const from = at;
    at += content.readUInt32LE(index * 4);
    return [name, content.subarray(from, at)];
  });
  if (at !== size) throw broken('has sections of other sizes than it says');
  return Object.fromEntries(entries) as unknown as Sections;
}
