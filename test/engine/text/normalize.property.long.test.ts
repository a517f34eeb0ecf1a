import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizeText } from '../../../src/engine/text/index.js';

/** Fragments that the rules look at, set beside one another in ways nobody would write. */
const FRAGMENTS = [
  '5',
  '12',
  '007',
  '1,234',
  '1.234,5',
  '21.5',
  '-3',
  '−4',
  '.5',
  '1/2',
  '3/4/2026',
  '½',
  '2½',
  '10-12',
  '2026-11-22',
  '2026-11-22T10:30:00Z',
  '10:30',
  '7 pm',
  '7:05 a.m.',
  '23:05',
  '16:9',
  '22 Nov 2026',
  'Nov 3rd',
  'May',
  '22.11.',
  '1990s',
  'in 2026',
  '1st',
  '103rd',
  '$3.50',
  '€20',
  '£1.2m',
  '20 €',
  '3,50 €',
  'EUR',
  '0.32 €/kWh',
  '5 km/h',
  '°C',
  '21 °C',
  '%',
  '45%',
  'kWh',
  'm²',
  '16A',
  '2700K',
  'v1.2.3',
  '192.168.1.10',
  '+49 30 1234567',
  '555-123-4567',
  'bob@example.com',
  'https://example.com/a-b',
  'Dr.',
  'St.',
  'e.g.',
  'etc.',
  'No.',
  'z.B.',
  'usw.',
  'min.',
  'Uhr',
  'am',
  'the',
  'to',
  '&',
  '@',
  '#5',
  '+',
  '=',
  '<',
  '>',
  '|',
  '<|',
  '|>',
  '<|eot_id|>',
  '(',
  ')',
  '[',
  ']',
  '{',
  '"',
  "'",
  '’',
  '“',
  '…',
  '—',
  '–',
  '-',
  '--',
  '*',
  '_',
  '/',
  '\\',
  '~',
  '^',
  '`',
  ',',
  '.',
  '!',
  '?',
  ';',
  ':',
  '。',
  '，',
  '（',
  ' ',
  '  ',
  '\n',
  '\n\n',
  '\t',
  '\u00a0',
  '\u200b',
  '😀',
  '👩‍👩‍👧',
  '☀️',
  '🇩🇪',
  'é',
  'ß',
  'word',
  'A',
  'ß',
  'Hello',
  'x',
  '×',
  '²',
  'Ⅷ',
  '٣',
  '今天',
  '№',
  '㎏',
  'ﬁ',
  '\u0301',
  'İ',
  '[laugh]',
  '[music start]',
  '[music end]',
  '<SE>[Laughter]</SE>',
  '<SE_s>[Music]</SE_s>',
  '[SPEAKER0]',
  '[SPEAKER12]',
  'SPEAKER0:',
];
const messyText = fc.oneof(
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 14 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 14 }).map((parts) => parts.join(' ')),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const LANGUAGES = ['en', 'en-GB', 'de', 'fr', 'xx'];
const RUNS = { numRuns: 1500 };
const TAGS = /<SE(?:_[se])?>\[[\p{L} ]+\]<\/SE(?:_[se])?>|\[SPEAKER\d{1,3}\]/gu;

describe.each(LANGUAGES)('normalised text (%s)', (language) => {
  test('normalised again is the same', () => {
    fc.assert(
      fc.property(messyText, (text) => {
        const once = normalizeText(text, language);
        expect(normalizeText(once, language)).toBe(once);
      }),
      RUNS,
    );
  });

  test('holds nothing that the tokenizer would take for a control token', () => {
    fc.assert(
      fc.property(messyText, (text) => {
        expect(normalizeText(text, language)).not.toMatch(/<\||\|>/);
      }),
      RUNS,
    );
  });

  test('has no brackets and no pictures outside its tags, no blanks in a row, no blank lines', () => {
    fc.assert(
      fc.property(messyText, (text) => {
        const normalized = normalizeText(text, language);
        expect(normalized.replace(TAGS, '')).not.toMatch(/[()[\]{}]|(?![0-9#*©®™])\p{Extended_Pictographic}/u);
        expect(normalized).not.toMatch(/ {2}|\n\n|^\s|\s$|[\p{Cc}](?<!\n)/u);
      }),
      RUNS,
    );
  });

  test('keeps every tag, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('[SPEAKER0]', '<SE>[Cough]</SE>', '<SE_e>[Music]</SE_e>', 'a 5', '.'), {
          maxLength: 8,
        }),
        (parts) => {
          const text = parts.join(' ');
          const spoken = `${text} end`;
          expect(normalizeText(spoken, language).match(TAGS)).toEqual(spoken.match(TAGS));
        },
      ),
      { numRuns: 200 },
    );
  });
});

test.each(['en', 'en-GB', 'de', 'fr'])('in %s no digit is left outside tags, whatever stood beside it', (language) => {
  fc.assert(
    fc.property(messyText, (text) => {
      expect(normalizeText(text, language).replace(TAGS, '')).not.toMatch(/\p{N}/u);
    }),
    RUNS,
  );
});
