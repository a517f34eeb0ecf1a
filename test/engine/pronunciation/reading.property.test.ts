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

describe('the time that a text takes', () => {
  let texts = 0;
  /** Time of the processor for the quickest of three texts, each new to the reader. */
  const timeOf = (make: (length: number, run: number) => string, length: number): number =>
    Math.min(
      ...[1, 2, 3].map(() => {
        const text = make(length, texts++);
        const begun = process.cpuUsage();
        readers[0]!.read(text);
        return process.cpuUsage(begun).user / 1000;
      }),
    );
  const scrambled = (length: number, run: number): string => {
    let state = run * 7919 + length;
    return Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return 'etaoinshrdlucmfwypvbgkjqxz '[(state >>> 8) % 27]!;
    }).join('');
  };

  it.each([
    ['unknown words', scrambled],
    ['one endless word', (length: number, run: number) => String.fromCharCode(97 + (run % 26)).repeat(length)],
    ['hyphens', (length: number, run: number) => `${'ab-'.repeat(length / 3)}${run}`],
    ['apostrophes', (length: number, run: number) => `${"'".repeat(length)}${run}`],
    ['capitals', (length: number, run: number) => `${'aB'.repeat(length / 2)}${run}`],
    ['dots', (length: number, run: number) => `${'a.'.repeat(length / 2)}${run}`],
    ['opening brackets', (length: number, run: number) => `${'[a](/'.repeat(length / 5)}${run}`],
    ['endings', (length: number, run: number) => `${'ings'.repeat(length / 4)}${run}`],
  ])('grows no faster than the text: %s', (_what, make) => {
    timeOf(make, 5_000);
    const [short, long] = [timeOf(make, 5_000), timeOf(make, 20_000)];
    // Four times the text; the rest is for clocks and the collector of garbage.
    expect(long).toBeLessThan(12 * Math.max(short, 5));
  });
});
