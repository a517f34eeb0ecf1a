import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inOrder, remembering, type NormalizerStep } from '../../../src/engine/prompt/replacements.js';

interface Rule {
  readonly type: string;
  readonly pattern?: { readonly String?: string; readonly Regex?: string };
  readonly content?: string;
}

const SHIPPED = path.join(__dirname, '..', '..', '..', 'models', 'embedded', 'model', 'tokenizer.json');
const { normalizers: RULES } = (JSON.parse(readFileSync(SHIPPED, 'utf8')) as { normalizer: { normalizers: Rule[] } })
  .normalizer;

/** A step as the library makes it, that counts how often it is asked. */
function step(config: Rule, count = () => {}): NormalizerStep {
  const { String: literal, Regex: source } = config.pattern ?? {};
  const pattern = source === undefined ? literal : new RegExp(source, 'gu');
  const apply = (text: string): string => {
    count();
    if (config.type === 'Lowercase') return text.toLowerCase();
    if (config.type === 'NFD') return text.normalize('NFD');
    return text.replaceAll(pattern ?? '', config.content ?? '');
  };
  return Object.assign(apply, { config });
}

describe('the rules of the shipped voice', () => {
  const steps = RULES.map((rule) => step(rule));
  const word = fc.oneof(
    fc.constantFrom('Dinner', 'is', 'ready', "o'clock", 'kitchen', 'Zürich', '21', 'the', 'queue', 'xylophonic', '.'),
    fc.stringMatching(/^[a-z']{1,12}$/),
  );

  test('give the same whether or not those that cannot apply are passed over', () => {
    const quick = inOrder(steps);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const text = words.join(' ');
        expect(quick(text)).toBe(steps.reduce((current, apply) => apply(current), text));
      }),
      { numRuns: 60 },
    );
  });

  test('are passed over but for a few, where a sentence has common words alone', () => {
    let asked = 0;
    const quick = inOrder(RULES.map((rule) => step(rule, () => (asked += 1))));
    quick('Please open the door.');
    expect(RULES.length).toBeGreaterThan(2900);
    expect(asked).toBeLessThan(RULES.length / 20);
  });
});

test('what was normalised lately is not normalised again', () => {
  const asked: string[] = [];
  const normalize = remembering((text) => {
    asked.push(text);
    return text.toLowerCase();
  });
  const texts = Array.from({ length: 64 }, (_, i) => `Text ${i}`);
  for (const text of [...texts, 'Text 0', 'New', 'Text 0']) expect(normalize(text)).toBe(text.toLowerCase());
  expect(asked).toEqual([...texts, 'New']);
  normalize('Text 1');
  expect(asked.at(-1)).toBe('Text 1');
});
