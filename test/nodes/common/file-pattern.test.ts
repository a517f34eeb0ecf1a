import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillPattern, fixedFolder, numbered, safeWords } from '../../../nodes/common/file-pattern.js';

const facts = {
  hash: '0123456789abcdef',
  at: new Date(2026, 2, 1, 18, 5, 9),
  voice: 'a voice',
  text: 'Dinner is ready!',
  extension: '.mp3',
};

describe('a file’s name', () => {
  test.each([
    ['{date}_{time}.wav', '2026-03-01_18-05-09.wav'],
    ['out/{hash}', 'out/0123456789abcdef.mp3'],
    ['{voice}: {text}.flac', 'a-voice: Dinner-is-ready.flac'],
    ['plain', 'plain.mp3'],
    ['/sounds/v1.2/{text}', '/sounds/v1.2/Dinner-is-ready.mp3'],
    ['{other}.wav', '{other}.wav'],
  ])('"%s" becomes "%s"', (pattern, name) => {
    expect(fillPattern(pattern, facts)).toBe(name);
  });

  test('is in the pattern’s folder whatever the text and the voice are', () => {
    const words = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc
        .array(fc.constantFrom('..', '/', '\\', '.', ' ', 'a', '\0', '~', ':', 'con', '{text}'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(words, words, (text, voice) => {
        const name = fillPattern('/sounds/{voice}/{text}', { ...facts, text, voice });
        expect(path.posix.normalize(name)).toBe(name);
        expect(name.split(/[\\/]/)).toHaveLength(4);
        expect(Buffer.byteLength(path.basename(name))).toBeLessThanOrEqual(255);
      }),
    );
  });

  test.each([
    ['../../etc/passwd', 'etc-passwd'],
    ['..', 'speech'],
    ['', 'speech'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['Grüße, Zoë: 10:30?', 'Grüße-Zoë-10-30'],
    ['早上好', '早上好'],
  ])('has the words "%s" in it as "%s"', (words, safe) => {
    expect(safeWords(words)).toBe(safe);
  });

  test('is numbered before its extension', () => {
    expect(numbered(path.join('a', 'b.wav'), 2)).toBe(path.join('a', 'b-2.wav'));
  });
});

test.each([
  ['a/b/c.wav', 'a/b'],
  ['a/{date}/c.wav', 'a/'],
  ['a/x-{voice}/{date}/c.wav', 'a/'],
  ['{date}/c.wav', '.'],
  ['c.wav', '.'],
  ['/{hash}/c', '/'],
])('of "%s", the folder that must be there is "%s"', (pattern, folder) => {
  expect(fixedFolder(pattern)).toBe(folder);
});
