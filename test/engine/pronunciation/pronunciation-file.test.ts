import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packSections } from '../../../scripts/pronunciation/write-file.js';
import { SECTIONS, unpackSections, type Sections } from '../../../src/engine/pronunciation/pronunciation-file.js';
import { Pronunciation } from '../../../src/engine/pronunciation/index.js';

const sections = Object.fromEntries(
  SECTIONS.map((name, index) => [name, Buffer.from(name.repeat(index))]),
) as unknown as Sections;
const packed = packSections(sections);
let folder: string;

beforeAll(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'higgs-pronunciation-'))));
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('a pronunciation file', () => {
  it('gives back the sections that it was made of', () => {
    const read = unpackSections(packed, 'x.bin');
    for (const name of SECTIONS) expect(Buffer.from(read[name]).equals(sections[name])).toBe(true);
  });

  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is another file', Buffer.from('{"not": "a pronunciation file, but long enough to have a header"}')],
    ['is cut', packed.subarray(0, -1)],
    ['has one bit changed', changed(packed.length - 3)],
    ['says another checksum', changed(20)],
    ['says another size', changed(12)],
  ])('is refused where it %s', (_how, bytes) => {
    expect(() => unpackSections(bytes, 'x.bin')).toThrow(expect.objectContaining({ code: 'HIGGS_CHECKPOINT_BROKEN' }));
  });

  it('is refused where it is of a later version', () => {
    expect(() => unpackSections(changed(8), 'x.bin')).toThrow(
      expect.objectContaining({ code: 'HIGGS_CHECKPOINT_UNSUPPORTED' }),
    );
  });

  it('is refused where its sections are none', async () => {
    const file = path.join(folder, 'odd.bin');
    fs.writeFileSync(file, packed);
    await expect(Pronunciation.open(file)).rejects.toMatchObject({ code: 'HIGGS_CHECKPOINT_BROKEN' });
  });

  it('is missed by its name', async () => {
    const file = path.join(folder, 'none.bin');
    await expect(Pronunciation.open(file)).rejects.toMatchObject({ code: 'HIGGS_CHECKPOINT_MISSING' });
    await expect(Pronunciation.open(file)).rejects.toThrow(file);
  });
});

function changed(at: number): Buffer {
  const bytes = Buffer.from(packed);
  bytes[at] = bytes[at]! ^ 0x02;
  return bytes;
}
