/** A tokenizer as large as the published one, with its special tokens' ids: the small kit's rules, made-up words. */
import fs from 'node:fs';
import path from 'node:path';
import { FIRST_SPECIAL_ID, LANGUAGE_MODEL, SPECIAL_IDS } from './sizes.js';

/** From dist/test/full-size, where this runs. */
const KIT = path.join(__dirname, '..', '..', '..', 'test', 'fixtures', 'reference', 'small', 'model');
/** `Ġ` is how a space is written in a byte-level vocabulary. */
const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz');
const FIRST_LETTERS = [...LETTERS, 'Ġ'];

interface TokenizerJson {
  added_tokens: { id: number; content: string }[];
  model: { vocab: Record<string, number>; merges: [string, string][] };
}

/** Writes tokenizer.json and tokenizer_config.json into `dir`. */
export function writeTokenizer(dir: string): void {
  const kit = fs.readFileSync(path.join(KIT, 'tokenizer.json'), 'utf8');
  const json = JSON.parse(kit) as TokenizerJson & Record<string, unknown>;
  const bytes = Object.keys(json.model.vocab).filter((token) => token.length === 1);
  const { words, merges } = madeUpWords(FIRST_SPECIAL_ID - bytes.length);
  const vocab = Object.fromEntries([...bytes, ...words].map((token, id) => [token, id]));
  const added = specialTokens().map((content, index) => ({
    ...json.added_tokens[0]!,
    id: FIRST_SPECIAL_ID + index,
    content,
  }));
  const processor = JSON.stringify(json['post_processor']).replace(/"ids":\[\d+\]/, `"ids":[${FIRST_SPECIAL_ID}]`);
  const whole = {
    ...json,
    added_tokens: added,
    post_processor: JSON.parse(processor) as unknown,
    model: { ...json.model, vocab, merges },
  };
  fs.writeFileSync(path.join(dir, 'tokenizer.json'), JSON.stringify(whole));
  fs.copyFileSync(path.join(KIT, 'tokenizer_config.json'), path.join(dir, 'tokenizer_config.json'));
}

/** `count` words of two, three and four letters, and how they are put together: two ways each, as in trained ones. */
function madeUpWords(count: number): { words: string[]; merges: [string, string][] } {
  const words: string[] = [];
  const merges: [string, string][] = [];
  let shorter = FIRST_LETTERS;
  while (words.length < count) {
    const longer = shorter.flatMap((word) => LETTERS.map((letter) => word + letter)).slice(0, count - words.length);
    for (const word of longer) {
      merges.push([word.slice(0, -1), word.slice(-1)]);
      if (word.length > 2) merges.push([word.slice(0, -2), word.slice(-2)]);
    }
    words.push(...longer);
    shorter = longer;
  }
  return { words, merges };
}

/** 256 of them; those without a use here are reserved. */
function specialTokens(): string[] {
  const names = new Map<number, string>(Object.entries(SPECIAL_IDS).map(([name, id]) => [id, name]));
  const count = LANGUAGE_MODEL.vocabularySize - FIRST_SPECIAL_ID;
  return Array.from({ length: count }, (_, index) => names.get(FIRST_SPECIAL_ID + index) ?? `<|reserved_${index}|>`);
}
