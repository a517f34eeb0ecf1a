import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ALPHABET, type PronunciationReader } from '../../../src/engine/pronunciation/index.js';
import { openShipped } from './kit.js';

const readers: PronunciationReader[] = [];

beforeAll(async () => {
  const shipped = await openShipped();
  readers.push(shipped.reader('american'), shipped.reader('british'));
});

const letters = fc.stringMatching(/^[A-Za-zÀ-ÖØ-öø-ž]{1,30}$/);
const anything = fc.string({ unit: 'grapheme', maxLength: 200 });

describe('reading any text', () => {
  it('gives nothing but phones, marks and single blanks', () => {
    fc.assert(
      fc.property(anything, (text) => {
        for (const reader of readers) {
          const phones = reader.read(text);
          expect(Array.from(phones).filter((phone) => !ALPHABET.has(phone))).toEqual([]);
          expect(phones).not.toMatch(/^ | $| {2}| [;:,.!?…—]|— /);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives phones for any word of Latin letters', () => {
    fc.assert(
      fc.property(letters, (word) => {
        for (const reader of readers) expect(reader.read(word)).toMatch(/\p{L}/u);
      }),
      { numRuns: 500 },
    );
  });

  it('reads equal texts equally, whatever was read between', () => {
    fc.assert(
      fc.property(anything, letters, (text, word) => {
        const [reader] = readers;
        const first = reader!.read(text);
        reader!.read(word);
        expect(reader!.read(text)).toBe(first);
      }),
      { numRuns: 50 },
    );
  });
});
