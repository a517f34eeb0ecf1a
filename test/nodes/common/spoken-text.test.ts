import { expect, test } from 'vitest';
import { readSpokenText } from '../../../nodes/common/spoken-text.js';
import { commandIn } from '../../../nodes/higgs-announce/settings.js';

test.each<[string, unknown, string]>([
  ['a text', 'Dinner.', 'Dinner.'],
  ['a number', 21.5, '21.5'],
  ['a Buffer in UTF-8', Buffer.from('Grüße.'), 'Grüße.'],
  ['an object with a text', { text: 'Dinner.', other: 1 }, 'Dinner.'],
  ['an object with a message, as a notification has it', { message: 'Dinner.', title: 'Home' }, 'Dinner.'],
])('%s is spoken', (_what, value, text) => {
  expect(readSpokenText(value, 'msg.payload')).toBe(text);
});

test.each<[string, unknown]>([
  ['an array', [1, 2]],
  ['a boolean', true],
  ['an object without "text" or "message"', { temperature: 21 }],
  ['a Buffer that holds no text in UTF-8', Buffer.from([0xff, 0xfb, 0x90])],
])('%s is refused by its type', (what, value) => {
  expect(() => readSpokenText(value, 'msg.payload')).toThrow(`"msg.payload" is not text, but ${what}.`);
});

test('the fields of a command go on with the text of an announcement', () => {
  expect(JSON.parse(commandIn({ message: 'Dinner.', priority: 5 }))).toEqual({ text: 'Dinner.', priority: 5 });
  expect(commandIn(Buffer.from('Dinner.'))).toBe('Dinner.');
});
