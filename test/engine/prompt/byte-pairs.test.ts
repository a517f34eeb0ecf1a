/** Long words fall into the same parts as by the library, whatever the vocabulary, in steps that grow as the word does. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import * as library from '@huggingface/tokenizers';
import { describe, expect, test } from 'vitest';
import { makeMergeTable, mergePairs, quickenLongWords, type PairModel } from '../../../src/engine/prompt/byte-pairs.js';
import { loadKit } from '../../helpers/kit.js';

const { Tokenizer } = library as unknown as {
  Tokenizer: new (tokenizer: object, config: object) => { readonly model: PairModel };
};

function libraryModel(merges: readonly (readonly [string, string])[], more: object = {}): PairModel {
  const parts = ['a', 'b', 'c', '😀', ...merges.map(([left, right]) => left + right)];
  const vocab = Object.fromEntries(parts.map((part, id) => [part, id]));
  const model = { type: 'BPE', vocab, merges, ...more };
  const none = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
  return new Tokenizer({ ...none, model, added_tokens: [] }, {}).model;
}

/** Each merge is of parts that the ones before it make, as a vocabulary that was trained has them. */
const vocabulary = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 20 }).map((choices) => {
  const parts = ['a', 'b', 'c', '😀'];
  const merges: (readonly [string, string])[] = [];
  for (const [first, second] of choices) {
    const pair = [parts[first % parts.length]!, parts[second % parts.length]!] as const;
    if (merges.some(([left, right]) => left === pair[0] && right === pair[1])) continue;
    merges.push(pair);
    parts.push(pair.join(''));
  }
  return merges;
});
/** With a letter that no vocabulary has. */
const word = fc
  .array(fc.constantFrom('a', 'b', 'c', '😀', 'x'), { minLength: 1, maxLength: 60 })
  .map((it) => it.join(''));

test('a word falls into the parts that the library finds', () => {
  fc.assert(
    fc.property(vocabulary, word, (merges, text) => {
      expect(mergePairs(text, makeMergeTable(merges))).toEqual(libraryModel(merges).bpe(text));
    }),
    { numRuns: 500 },
  );
});

test('a long word falls into the parts that the library finds, by the kit’s vocabulary and by the shipped one', () => {
  const shipped = path.join(__dirname, '..', '..', '..', 'models', 'embedded', 'model');
  for (const folder of [loadKit('small').modelDir, shipped]) {
    const json = JSON.parse(readFileSync(path.join(folder, 'tokenizer.json'), 'utf8')) as object;
    const quick = new Tokenizer(json, {}).model;
    const plain = new Tokenizer(json, {}).model;
    quickenLongWords(quick);
    expect(Object.hasOwn(quick, 'bpe')).toBe(true);
    const text = 'Thewashingmachinehasfinishedandthesunrisesintheeast'.repeat(20);
    expect(quick.bpe(text)).toEqual(plain.bpe(text));
  }
});

describe('pairs that are looked up for a word of 20,000 letters', () => {
  const merges: [string, string][] = [
    ['a', 'a'],
    ['aa', 'aa'],
    ['a', 'b'],
    ['aaaa', 'aaaa'],
    ['ab', 'ab'],
    ['b', 'a'],
  ];

  test.each(['a', 'ab', 'aab', 'abba', 'x'])('(%s again and again) are at most three for each letter', (period) => {
    const text = period.repeat(20_000 / period.length);
    let lookedUp = 0;
    const parts = mergePairs(text, makeMergeTable(merges), () => (lookedUp += 1));
    expect(parts.join('')).toBe(text);
    expect(lookedUp).toBeLessThanOrEqual(3 * text.length);
  });
});

test.each([{ end_of_word_suffix: '</w>' }, { continuing_subword_suffix: '##' }])(
  'a vocabulary with %j is left to the library',
  (more) => {
    const model = libraryModel([['a', 'b']], more);
    quickenLongWords(model);
    expect(Object.hasOwn(model, 'bpe')).toBe(false);
  },
);
