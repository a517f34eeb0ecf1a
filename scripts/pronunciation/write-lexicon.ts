/** Sections of words and phones, as `src/engine/pronunciation/lexicon.ts` reads them. */
import {
  CODED_PHONES,
  FIRST_PHONE,
  IN_LEXICON,
  WORD_CLASSES,
  type Pronunciation,
} from '../../src/engine/pronunciation/lexicon.js';

type Words = ReadonlyMap<string, Pronunciation>;

const BLOCK = 16;
const CODES = new Map(Array.from(CODED_PHONES, (phone, index) => [phone, FIRST_PHONE + index]));

export interface LexiconSections {
  readonly words: Buffer;
  readonly americanPhones: Buffer;
  readonly britishPhones: Buffer;
}

export function writeLexicon(american: Words, british: Words): LexiconSections {
  const keys = [...new Set([...american.keys(), ...british.keys()])].map((word) => Buffer.from(word));
  keys.sort((a, b) => Buffer.compare(a, b));
  const words: Buffer[] = [];
  const phones = { american: [] as number[], british: [] as number[] };
  let before: Buffer = Buffer.alloc(0);
  for (const [index, key] of keys.entries()) {
    const word = key.toString();
    let shared = 0;
    if (index % BLOCK !== 0) while (shared < key.length && key[shared] === before[shared]) shared++;
    let flags = 0;
    for (const [accent, lexicon] of [
      ['american', american],
      ['british', british],
    ] as const) {
      const entry = lexicon.get(word);
      if (!entry) continue;
      flags |= entry.isChecked ? IN_LEXICON[accent].checked : IN_LEXICON[accent].other;
      phones[accent].push(...codesOf(entry), 0);
    }
    words.push(Buffer.from([shared]), key.subarray(shared), Buffer.from([flags]));
    before = key;
  }
  return {
    words: Buffer.concat(words),
    americanPhones: Buffer.from(phones.american),
    britishPhones: Buffer.from(phones.british),
  };
}

function codesOf({ phones, byClass }: Pronunciation): number[] {
  const codes = [...spell(phones)];
  for (const [wordClass, own] of byClass) codes.push(WORD_CLASSES.indexOf(wordClass) + 1, ...spell(own ?? ''));
  return codes;
}

function spell(phones: string): number[] {
  return Array.from(phones, (phone) => {
    const code = CODES.get(phone);
    if (code === undefined) throw new Error(`"${phone}" in "${phones}" is no phone.`);
    return code;
  });
}
