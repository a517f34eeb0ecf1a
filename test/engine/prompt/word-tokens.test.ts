import fc from 'fast-check';
import path from 'node:path';
import { expect, test } from 'vitest';
import { EMBEDDED_DIR } from '../../../src/engine/package-files.js';
import { Pronunciation } from '../../../src/engine/pronunciation/index.js';
import { ownersOf, placeWords } from '../../../src/engine/prompt/word-tokens.js';

/** Letters are tokens. */
const read = (text: string): Int32Array => Int32Array.from(text, (letter) => letter.codePointAt(0)!);

const partsOfTokens = fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 5 }), { maxLength: 6 });

test('parts that are the whole, but for what stands between them, own their own tokens', () => {
  fc.assert(
    fc.property(partsOfTokens, (parts) => {
      const BETWEEN = 0;
      const whole = parts.flatMap((tokens) => [...tokens, BETWEEN]);
      const owners = parts.flatMap((tokens, part) => [...tokens.map(() => part), -1]);
      expect(
        ownersOf(
          Int32Array.from(whole),
          parts.map((tokens) => Int32Array.from(tokens)),
        ),
      ).toEqual(owners);
    }),
  );
});

test('parts keep their order, and what each owns stands together, whatever the whole is', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 20 }), partsOfTokens, (whole, parts) => {
      const owners = ownersOf(
        Int32Array.from(whole),
        parts.map((tokens) => Int32Array.from(tokens)),
      );
      expect(owners).toHaveLength(whole.length);
      const owned = owners.filter((owner) => owner >= 0);
      expect(owned).toEqual(owned.toSorted((a, b) => a - b));
      for (const part of new Set(owned)) {
        expect(owners.slice(owners.indexOf(part), owners.lastIndexOf(part) + 1).every((owner) => owner === part)).toBe(
          true,
        );
      }
    }),
  );
});

test('words stand in the text with their marks, and joined by blanks they are the text', () => {
  const text = 'Well, "it is" — of course — done!';
  const words = placeWords(text, read('well, it iz of course dun'), (word) => read(word.toLowerCase()));
  expect(words.map((word) => word.text).join(' ')).toBe(text);
  expect(words.map(({ from, to }) => 'well, it iz of course dun'.slice(from, to))).toEqual([
    'well',
    'it',
    'iz',
    'of',
    'course',
    'dun',
  ]);
});

test('given phones stand for the word that they are for, and tags are no words', () => {
  const text = '[SPEAKER0] Call [Home Assistant](/hOm/) now. <SE>[Laughter]</SE>';
  const said = (word: string): Int32Array => read(word.replace('[Home Assistant](/hOm/)', 'hOm'));
  const words = placeWords(text, read('[SPEAKER0] Call hOm now'), said);
  expect(words.map((word) => word.text)).toEqual(['Call', 'Home Assistant', 'now.']);
});

test('words have their phones as they are read in the text, weak and run together', async () => {
  const pronunciation = await Pronunciation.open(path.join(EMBEDDED_DIR, 'model', 'pronunciation.bin'));
  const phonesOf = (text: string): string => pronunciation.reader('british').readTagged(text);
  const text = 'I have to use the old Wi-Fi — the apple isn’t "ripe", 你好 is it? Read a book to [Ann](/æn/).';
  const phones = phonesOf(text);
  const words = placeWords(text, read(phones), (word) => read(phonesOf(word)), new Set(read(' .,?!—')));
  expect(words.map((word) => word.text).join(' ')).toBe(text.replace('[Ann](/æn/)', 'Ann'));
  // Each word of the reading is one of the text, with nothing of its neighbours.
  expect(words.map(({ from, to }) => phones.slice(from, to))).toEqual(
    phones.split(/[ —]+/).map((word) => word.replace(/[.,?!]/g, '')),
  );
});
