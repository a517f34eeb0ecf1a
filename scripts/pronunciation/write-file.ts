/** The pronunciation file, as `src/engine/pronunciation/pronunciation-file.ts` reads it. */
import { createHash } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import {
  HEADER_BYTES,
  MAGIC,
  SECTIONS,
  VERSION,
  type Sections,
} from '../../src/engine/pronunciation/pronunciation-file.js';

export function packSections(sections: Sections): Buffer {
  const parts = SECTIONS.map((name) => sections[name]);
  const lengths = Buffer.alloc(parts.length * 4);
  for (const [index, part] of parts.entries()) lengths.writeUInt32LE(part.length, index * 4);
  const content = Buffer.concat([lengths, ...parts]);
  const packed = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 'latin1');
  header.writeUInt32LE(VERSION, 8);
  header.writeUInt32LE(content.length, 12);
  createHash('sha256').update(packed).digest().copy(header, 16);
  return Buffer.concat([header, packed]);
}
