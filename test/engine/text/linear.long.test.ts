/** Reading takes time in line with the text's length, whatever the text is; a request with 20,000 signs may not hold anything up. */
import { describe, expect, test } from 'vitest';
import {
  detectLanguage,
  estimateSpeechSeconds,
  normalizeText,
  notesOn,
  readText,
  splitAtPauses,
  splitIntoPieces,
  toPlainEnglish,
} from '../../../src/engine/text/index.js';

const LENGTH = 20_000;
const MOST_SECONDS = 1;
/** What is quicker tells nothing about its growth. */
const NOISE_SECONDS = 0.15;

/** What is repeated: single signs, and what each rule begins to read and then may not find. */
const REPEATED: readonly string[] = [
  ...Array.from('aA10漢あאก@.(<&-/:,"\'*_`~[{|#!\n+=^%°\\µ²½Ⅷ٣€√I '),
  ...['\u00a0', '\u0301', '\u0301\u0316', 'a\u0301\u0316', '😀', '👩‍👩‍👧', '\u00ad', '\u0000', '```\n'],
  ...['a ', 'A ', 'Word ', 'STOP ', 'CPU ', "CPU's", 'go. ', 'and ', 'and so, ', 'the light in the\n', 'Kitchen: on\n'],
  ...[
    '111 ',
    '1.',
    '1,',
    '111,',
    '111.',
    '1-',
    '1/',
    '1x',
    '1e',
    '1e5 ',
    '0.1234567891',
    '1+',
    '1 + ',
    '(1)',
    '1!',
    'x^',
  ],
  ...[
    '10:',
    '1:00:00 ',
    '1h ',
    '1d 1h 1m ',
    'P1',
    '1 a.m. ',
    '10:00-',
    '2026-',
    '1 May ',
    'May 1 ',
    '1.1.',
    '01/01/',
    '1999 and ',
    "'80s ",
  ],
  ...[
    'a@a.',
    'a.',
    'a@',
    'http://',
    'www.a',
    'a/',
    'a_',
    '1.1.',
    '0a:',
    '0a-',
    '/a',
    '\\a',
    'a/b_',
    'a.txt ',
    ' @',
    'sensor.',
  ],
  ...[
    '<a',
    '<a ',
    '<!--',
    '{{',
    '{%',
    '&amp;',
    '&#',
    '[a](',
    '[a][',
    '![',
    '[^',
    '[a](/',
    '<br>',
    '<say-as interpret-as="x">',
    '<sub alias="',
  ],
  ...[
    '*a',
    '**a',
    '_a',
    '`a',
    '~~a',
    '| a ',
    '| a |\n',
    '- a\n',
    '1. a\n',
    '# a\n',
    '> ',
    '[pause ',
    '<break ',
    '[laugh]',
    '[SPEAKER0]',
    '<|',
    '|>',
  ],
  ...[
    '$1 ',
    '1 €',
    '1 km ',
    '1km/',
    '1%-',
    "5' ",
    '5" ',
    '1 in ',
    '1 sq ',
    '-1 ',
    '~1',
    '3. ',
    '1st ',
    'Dr. ',
    'no. ',
    'A.',
    'A. ',
    'Mo., ',
    'der 3. ',
  ],
  ...[
    'IV ',
    'King Henry ',
    'Ludwig XIV. ',
    'chapter IV ',
    'call 555 ',
    'code is 123 ',
    'flight BA',
    'A1',
    'A-',
    '1A-',
    '+1 ',
    '(555) ',
    '0-',
  ],
];
const MIXED: readonly string[] = [
  '漢 1.5 @a.b (x) <y> &z ',
  'a1@.-_/:',
  '١٢ ½ Ⅷ 5\'6" ',
  'Dr. A. 3. Mai 10:30-',
  '€1.234,56/km² ',
  '**a** [b](c) <d> &e; `f` ',
  'the U.S. in 1999 and 2026-11-',
  'a\u0301 😀 א 1 ',
  '1,1-1/1.1:1 ',
];

function secondsFor(read: () => void): number {
  const { user } = process.cpuUsage();
  read();
  return process.cpuUsage({ user, system: 0 }).user / 1e6;
}

const fill = (unit: string, length: number): string =>
  `${unit.repeat(Math.ceil(length / unit.length)).slice(0, length)} x`;

/** All that is done to a text before it is spoken. */
function readAll(text: string, language: string): void {
  for (const phrase of splitAtPauses(text)) {
    const words = normalizeText(phrase.text, language);
    for (const piece of splitIntoPieces(words, { maxCharacters: 200 })) estimateSpeechSeconds(toPlainEnglish(piece));
  }
}

describe.each(['en', 'de', 'auto'])('20,000 signs (%s)', (language) => {
  // The rules are the same ones; German has its own tables.
  const units = [
    ...(language === 'en' ? REPEATED : language === 'de' ? REPEATED.filter((_unit, index) => index % 4 === 0) : []),
    ...MIXED,
  ];
  test.each(units)('of %j are read in less than a second, and in line with their number', (unit) => {
    let whole = Infinity;
    let half = 0;
    const isQuick = () => whole < MOST_SECONDS && whole < 3 * half + NOISE_SECONDS;
    // The machine may be busy with something else: one time of three will do.
    for (let turn = 0; turn < 3 && !isQuick(); turn++) {
      whole = secondsFor(() => readAll(fill(unit, LENGTH), language));
      half = whole < NOISE_SECONDS ? whole : secondsFor(() => readAll(fill(unit, LENGTH / 2), language));
    }
    expect(whole).toBeLessThan(MOST_SECONDS);
    // Twice the text takes twice the time; four times would be a square.
    expect(whole).toBeLessThan(3 * half + NOISE_SECONDS);
  });
});

test.each(MIXED)('other languages, the lexicon, a text as written and the notes are as quick: %j', (unit) => {
  const text = fill(unit, LENGTH);
  const lexicon = [{ word: 'a', say: { words: 'ay' } }];
  for (const language of ['fr', 'zh']) expect(secondsFor(() => readAll(text, language))).toBeLessThan(MOST_SECONDS);
  expect(secondsFor(() => readText(text, { lexicon, knowsPhones: true }))).toBeLessThan(MOST_SECONDS);
  expect(secondsFor(() => readText(text, { asWritten: true }))).toBeLessThan(MOST_SECONDS);
  expect(secondsFor(() => detectLanguage(text))).toBeLessThan(MOST_SECONDS);
  expect(secondsFor(() => notesOn(text, ['en']))).toBeLessThan(MOST_SECONDS);
  expect(secondsFor(() => splitIntoPieces(text))).toBeLessThan(MOST_SECONDS);
});
