import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findingsOf, type Findings } from '../../../src/engine/prompt/pattern-findings.js';

/** The letters of `among` that may stand in a place. */
function letters(test: Findings['before']): string | undefined {
  return test && ['a', 'b', 'c', 'q', "'", ' '].filter((letter) => test(letter.charCodeAt(0))).join('');
}

test.each([
  ['plain', { literal: 'plain' }],
  ["(?<![a-z'])online(?![a-z'])", { literal: 'online' }],
  ['(?<=[a-b])u(?=[^a-b])', { literal: 'u', before: 'ab', after: "cq' " }],
  ["(?<=^[q][a]|[^a-z][q][bc'])u(?=a(?![a-z]))", { literal: 'u', before: "abc'", after: 'a' }],
  ['(?<=[a]|^)u', { literal: 'u' }],
  ['a(?!b)c', { literal: 'ac' }],
  ['(?<=(?<!x)a)b', { literal: 'b', before: 'a' }],
])('what %j finds can be told', (source, expected) => {
  const { literal, before, after } = findingsOf(source)!;
  const found = { literal, before: letters(before), after: letters(after) };
  expect(found).toEqual({ before: undefined, after: undefined, ...expected });
});

test.each([
  ...[' +', '[ab]', 'a|b', 'ab?', 'a.', 'a$', 'a\\b', '(?<!\\d)a', '(?:ab)', '(?<name>ab)', '(?!a', 'a)', 'a]', '[a'],
  ...['a(?=b)c', '[]a]b', '(?<=[[:alpha:]])b', '(?=a)', '', '\u{1f600}'],
])('what %j finds is left open', (source) => {
  const findings = findingsOf(source);
  expect([undefined, true]).toContain(findings && findings.before === undefined && findings.after === undefined);
});

test('what a pattern matches is among what can be found by it', () => {
  const place = fc.constantFrom('a', 'b', '[ab]', '[^b]', "[a-b']");
  const places = fc.array(place, { minLength: 1, maxLength: 2 }).map((some) => some.join(''));
  const sides = fc.array(
    fc.oneof(
      places,
      places.map((some) => `^${some}`),
    ),
    { minLength: 1, maxLength: 2 },
  );
  const look = (sign: string): fc.Arbitrary<string> =>
    fc.oneof(
      fc.constant(''),
      sides.map((some) => `(?${sign}${some.join('|')})`),
    );
  const source = fc
    .tuple(look('<='), look('<!'), fc.stringMatching(/^[ab]{1,2}$/), look('='), look('!'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(source, fc.stringMatching(/^[abc'^]{0,8}$/), (pattern, text) => {
      const { literal, before, after } = findingsOf(pattern)!;
      for (const { index } of text.matchAll(new RegExp(pattern, 'gu'))) {
        expect(text.startsWith(literal, index)).toBe(true);
        expect(before?.(text.charCodeAt(index - 1)) ?? true).toBe(true);
        expect(after?.(text.charCodeAt(index + literal.length)) ?? true).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});
