import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asWritten } from '../../../src/engine/text/index.js';

/** Words of a second each. */
const said = (text: string) =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .map((word, index) => ({ text: word, startSeconds: index, endSeconds: index + 1 }));

const told = (written: string, spoken: string) =>
  asWritten(written, said(spoken)).map(({ text, startSeconds, endSeconds }) => [text, startSeconds, endSeconds]);

test('a word that is said as it was written has its own time, and its own letters and marks', () => {
  expect(told('“Hello”, she SAID.', 'Hello, she said.')).toEqual([
    ['“Hello”,', 0, 1],
    ['she', 1, 2],
    ['SAID.', 2, 3],
  ]);
});

test('what was read in other words has the time of them all', () => {
  expect(told('It is 20 °C & dry.', 'It is twenty degrees Celsius and dry.')).toEqual([
    ['It', 0, 1],
    ['is', 1, 2],
    ['20 °C &', 2, 6],
    ['dry.', 6, 7],
  ]);
});

test('what is not said stands with the word before it, or the first one; what was added belongs to the word before', () => {
  expect(told('— Yes — [laugh] no', 'Yes, no')).toEqual([
    ['— Yes —', 0, 1],
    ['no', 1, 2],
  ]);
  expect(told('Yes no', 'Yes of course no')).toEqual([
    ['Yes', 0, 3],
    ['no', 3, 4],
  ]);
});

test('words keep their order and are the whole text, whatever was read of it', () => {
  const text = fc.array(fc.constantFrom('a', 'B,', 'c', '20', '—'), { maxLength: 8 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(text, text, (written, spoken) => {
      const words = asWritten(written, said(spoken));
      expect(words.length === 0 ? '' : words.map((word) => word.text).join(' ')).toBe(spoken === '' ? '' : written);
      let last = 0;
      for (const { startSeconds, endSeconds } of words) {
        expect(startSeconds).toBeGreaterThanOrEqual(last);
        expect(endSeconds).toBeGreaterThan(startSeconds);
        last = endSeconds;
      }
    }),
  );
});
