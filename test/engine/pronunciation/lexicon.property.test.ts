import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findIn } from '../../../scripts/pronunciation/find-in.js';
import { writeLexicon } from '../../../scripts/pronunciation/write-lexicon.js';
import { CODED_PHONES, Lexicon, WORD_CLASSES, type Pronunciation } from '../../../src/engine/pronunciation/lexicon.js';

const letter = fc.constantFrom(...Array.from("abcAB'é-"));
const word = fc.string({ unit: letter, minLength: 1, maxLength: 8 });
const phones = fc.string({ unit: fc.constantFrom(...Array.from(CODED_PHONES)), minLength: 1, maxLength: 10 });
const pronunciation: fc.Arbitrary<Pronunciation> = fc.record({
  phones,
  byClass: fc
    .array(fc.tuple(fc.constantFrom(...WORD_CLASSES), fc.option(phones, { nil: undefined })), { maxLength: 3 })
    .map((readings) => new Map(readings)),
  isChecked: fc.boolean(),
});
const words = fc.array(fc.tuple(word, pronunciation), { maxLength: 120 }).map((entries) => new Map(entries));

describe('a lexicon as it lies in its file', () => {
  it('finds what it was made of and nothing else, for each accent its own', () => {
    fc.assert(
      fc.property(words, words, fc.array(word), (american, british, others) => {
        const sections = writeLexicon(american, british);
        for (const [accent, own, phoneSection] of [
          ['american', american, sections.americanPhones],
          ['british', british, sections.britishPhones],
        ] as const) {
          const lexicon = new Lexicon(sections.words, phoneSection, accent);
          const wanted = findIn(own);
          for (const each of [...american.keys(), ...british.keys(), ...others, '']) {
            expect(lexicon.find(each)).toEqual(wanted.find(each));
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
