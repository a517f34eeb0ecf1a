import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countWords, sentencesOf, splitIntoPieces } from '../../../src/engine/text/index.js';

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
/** Words without the marks at their ends, which a cut may change. */
const bareWordsOf = (text: string): string[] => wordsOf(text).map((word) => word.replace(/[.,;:!?]+$/, ''));

describe('sentences', () => {
  test.each([
    ['One. Two! Three? Four', ['One.', 'Two!', 'Three?', 'Four']],
    ['Dr. Smith met J. Doe at St. Mary. Then he left.', ['Dr. Smith met J. Doe at St. Mary.', 'Then he left.']],
    ['It is 3.5 km. Or 4.', ['It is 3.5 km.', 'Or 4.']],
    ['Some fruit, e.g. Apples. Yes.', ['Some fruit, e.g. Apples.', 'Yes.']],
    ['It is seven p m. Dinner is served.', ['It is seven p m.', 'Dinner is served.']],
    ['One line\nAnother   line', ['One line', 'Another line']],
    ['"Stop!" he said.', ['"Stop!" he said.']],
    ['', []],
  ])('%j', (text, sentences) => {
    expect(sentencesOf(text)).toEqual(sentences);
  });

  test('German ordinals do not end one', () => {
    expect(sentencesOf('Am 3. Mai ist es so weit. Ja.')).toEqual(['Am 3. Mai ist es so weit.', 'Ja.']);
  });

  test('Chinese ends are ends', () => {
    expect(sentencesOf('今天天气很好。我们走吧！')).toEqual(['今天天气很好。', '我们走吧！']);
  });
});

describe('pieces', () => {
  test('short text is one piece, no text is none', () => {
    expect(splitIntoPieces('Hello there. How are you?')).toEqual(['Hello there. How are you?']);
    expect(splitIntoPieces(' \n ')).toEqual([]);
  });

  test('about 200 words are the limit where none is given', () => {
    const text = 'These are five short words. '.repeat(100);
    expect(splitIntoPieces(text).map(countWords)).toEqual([200, 200, 100]);
  });

  test('sentences are kept whole where they fit', () => {
    expect(splitIntoPieces('One two three. Four five. Six seven eight.', { maxCharacters: 25 })).toEqual([
      'One two three. Four five.',
      'Six seven eight.',
    ]);
  });

  test('a long sentence is cut at a clause, then between words', () => {
    expect(splitIntoPieces('One two three, four five six seven eight.', { maxCharacters: 16 })).toEqual([
      'One two three.',
      'four five six.',
      'seven eight.',
    ]);
  });

  test('a speaker’s tag is repeated where the turn is cut, and a new turn is a new piece', () => {
    expect(splitIntoPieces('[SPEAKER0] One two. Three four. [SPEAKER1] Five.', { maxCharacters: 22 })).toEqual([
      '[SPEAKER0] One two.',
      '[SPEAKER0] Three four.',
      '[SPEAKER1] Five.',
    ]);
  });

  test('a script without blanks is cut between its words', () => {
    const text = '今天天气很好我们去公园玩吧然后回家吃饭。好的。';
    const pieces = splitIntoPieces(text, { maxCharacters: 10, language: 'zh' });
    expect(pieces.join('').replaceAll(' ', '')).toBe(text);
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(11);
    expect(pieces.every((piece) => !/^\p{P}/u.test(piece))).toBe(true);
  });

  test('words are counted in scripts without blanks too', () => {
    expect(countWords('one two-three, "four" …')).toBe(3);
    expect(countWords('今天天气很好')).toBeGreaterThan(1);
  });

  const text = fc
    .array(
      fc.oneof(
        fc.stringMatching(/^[a-z]{1,12}[,.!?;]?$/),
        fc.constantFrom('Dr.', '3.5', 'e.g.', 'A.', '\n', '"so"', 'ünï'),
      ),
      {
        maxLength: 60,
      },
    )
    .map((words) => words.join(' '));

  test('joined, they give every word in order; each is within the limit or is one word', () => {
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 5, max: 120 }),
        fc.integer({ min: 1, max: 30 }),
        (source, maxCharacters, maxWords) => {
          const pieces = splitIntoPieces(source, { maxCharacters, maxWords });
          expect(bareWordsOf(pieces.join(' '))).toEqual(bareWordsOf(source));
          for (const piece of pieces) {
            expect(piece).toBe(piece.trim());
            if (wordsOf(piece).length > 1) {
              expect(piece.length).toBeLessThanOrEqual(maxCharacters);
              expect(countWords(piece)).toBeLessThanOrEqual(maxWords);
            }
          }
        },
      ),
    );
  });

  test.each([
    [
      'a name',
      'The parcel came with John Smith and Mary Jones of Hill Street today.',
      30,
      /John Smith|Mary Jones|Hill Street/,
    ],
    [
      'a number',
      'the pump has run for twenty one thousand five hundred hours in all these years',
      40,
      /twenty one thousand five hundred/,
    ],
    ['spelt letters', 'please connect the lamp to the u s b port of the computer in the hall', 36, /u s b/],
    [
      'an article and its noun',
      'we walked along the river until we came to the mill at the end',
      24,
      /the river|the mill|the end/,
    ],
  ])('a forced cut never falls inside %s', (_what, text, maxCharacters, whole) => {
    const pieces = splitIntoPieces(text, { maxCharacters });
    const found = text.match(new RegExp(whole, 'g')) ?? [];
    expect(pieces.length).toBeGreaterThan(1);
    for (const words of found)
      expect(
        pieces.some((piece) => piece.includes(words)),
        pieces.join(' | '),
      ).toBe(true);
  });

  test('58 words without any mark are cut into what the voice can hold, each with an end', () => {
    const words =
      'when the wind blows from the sea the windows of the old house rattle and nobody can sleep because the noise goes on all night until the sun comes up over the hill and the birds begin to sing in the garden where my father planted an apple tree when I was a child and we were all still living together';
    const pieces = splitIntoPieces(words, { maxCharacters: 120 });
    for (const piece of pieces) {
      expect(piece.length).toBeLessThanOrEqual(120);
      expect(piece).toMatch(pieces.at(-1) === piece ? /\w$/ : /\.$/);
      expect(countWords(piece)).toBeGreaterThanOrEqual(4);
    }
  });

  test('text in small letters is cut at its sentences', () => {
    expect(splitIntoPieces('the lamp is on. the dog has been fed. it sleeps.', { maxCharacters: 24 })).toEqual([
      'the lamp is on.',
      'the dog has been fed.',
      'it sleeps.',
    ]);
  });

  test('given phones are never cut', () => {
    const text = 'This is [Home Assistant](/hˈoʊm əsˈɪstənt/) and it is on.';
    const pieces = splitIntoPieces(text, { maxCharacters: 40 });
    expect(pieces.some((piece) => piece.includes('[Home Assistant](/hˈoʊm əsˈɪstənt/)'))).toBe(true);
  });

  test('a malformed language tag is no language in particular', () => {
    expect(splitIntoPieces('One. Two.', { language: '?!' })).toEqual(['One. Two.']);
  });
});
