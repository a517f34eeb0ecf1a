/** Long text is cut as the reference's example cuts it: the expected pieces are what its function gives, less the blanks at their ends. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { piecesByTurns, piecesByWords } from '../../../src/engine/text/index.js';

describe('by words', () => {
  test.each<[string, number, string[]]>([
    ['one two three four five', 2, ['one two', 'three four', 'five']],
    ['one two three', 3, ['one two three']],
    ['one\ntwo three\nfour five', 2, ['one\ntwo three\nfour', 'five']],
    ['[SPEAKER0] Hello there.\n[SPEAKER1] Hi.', 2, ['[SPEAKER0] Hello', 'there.\n[SPEAKER1] Hi.']],
  ])('%j, %i at a time, becomes %j', (text, words, pieces) => {
    expect(piecesByWords(text, words)).toEqual(pieces);
  });

  test('Chinese is cut between its words', () => {
    const text = '今天天气很好，我们去公园。';
    const pieces = piecesByWords(text, 3);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join('')).toBe(text);
  });

  test('no text is lost, and no piece but the last is shorter than asked for', () => {
    const text = fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 20 }), (words, most) => {
        const pieces = piecesByWords(words.join(' '), most);
        expect(pieces.join(' ')).toBe(words.join(' '));
        for (const piece of pieces.slice(0, -1)) expect(piece.split(' ').length).toBe(most);
      }),
    );
  });
});

describe('by turns', () => {
  const text =
    'A word before.\n[SPEAKER0] One.\nMore of one.\n[SPEAKER1] Two.\n[SPEAKER0] Three. [SPEAKER1] Not at the beginning.';
  test.each<[number, string[]]>([
    [
      1,
      [
        'A word before.',
        '[SPEAKER0] One.\nMore of one.',
        '[SPEAKER1] Two.',
        '[SPEAKER0] Three. [SPEAKER1] Not at the beginning.',
      ],
    ],
    [
      2,
      [
        'A word before.\n[SPEAKER0] One.\nMore of one.',
        '[SPEAKER1] Two.\n[SPEAKER0] Three. [SPEAKER1] Not at the beginning.',
      ],
    ],
    [10, [text]],
  ])('%i at a time', (turns, pieces) => {
    expect(piecesByTurns(text, turns)).toEqual(pieces);
  });

  test('a text without speakers is one piece', () => {
    expect(piecesByTurns('One.\nTwo.', 1)).toEqual(['One.\nTwo.']);
  });
});
