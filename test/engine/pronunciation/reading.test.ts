import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { withoutPhones, withPhones, type PronunciationReader } from '../../../src/engine/pronunciation/index.js';
import type { Accent } from '../../../src/engine/requests.js';
import { openShipped } from './kit.js';

interface Case {
  readonly text: string;
  readonly american: string;
  readonly british: string;
}

const CASES_FILE = path.join(__dirname, '../../fixtures/pronunciation/cases.json');
const cases = JSON.parse(fs.readFileSync(CASES_FILE, 'utf8')) as Case[];
const readers = {} as Record<Accent, PronunciationReader>;
const american = (text: string): string => readers.american.read(text);
const british = (text: string): string => readers.british.read(text);

beforeAll(async () => {
  const shipped = await openShipped();
  for (const accent of ['american', 'british'] as const) readers[accent] = shipped.reader(accent);
});

/** Share of words that are read as hibari reads them. */
function equalShare(accent: Accent): number {
  let [equal, all] = [0, 0];
  for (const { text, [accent]: phones } of cases) {
    const wanted = phones.split(' ');
    const read = readers[accent].read(text).split(' ');
    all += wanted.length;
    equal += read.length === wanted.length ? wanted.filter((word, index) => word === read[index]).length : 0;
  }
  return equal / all;
}

describe('sentences of known words', () => {
  it('are read in the American accent as hibari reads them, word for word in 99.5 %', () => {
    expect(cases.length).toBeGreaterThan(400);
    expect(equalShare('american')).toBeGreaterThan(0.995);
  });

  it('are read in the British accent as hibari reads them, word for word in 99.5 %', () => {
    expect(equalShare('british')).toBeGreaterThan(0.995);
  });
});

describe('one word in two places', () => {
  it.each([
    ['read', 'I will read it, as she has read it.', ['ɹˈid', 'ɹˈɛd']],
    ['live', 'They live here, the concert is live.', ['lˈɪv', 'lˈIv']],
    ['record', 'We record a record.', ['ɹəkˈɔɹd', 'ɹˈɛkəɹd']],
    ['use', 'We use it, it is of no use.', ['jˈuz', 'jˈus']],
    ['close', 'Please close it, we are close to it.', ['klˈOz', 'klˈOs']],
  ])('says "%s" by its place in the sentence', (_word, text, [first, second]) => {
    const words = american(text).replace(/[,.]/g, '').split(' ');
    expect(words.filter((word) => word === first || word === second)).toEqual([first, second]);
  });

  it('says "the", "to" and "in" by what follows', () => {
    expect(american('the apple')).toMatch(/^ði /);
    expect(american('the car')).toMatch(/^ðə /);
    expect(american('to eat')).toMatch(/^tʊ /);
    expect(american('to go')).toMatch(/^tə /);
    expect(american('Come in.')).toBe('kˈʌm ˈɪn.');
    expect(american('in time')).toBe('ɪn tˈIm');
  });

  it('says "a" as an article, as a letter and in a name', () => {
    expect(american('a car')).toBe('ɐ kˈɑɹ');
    expect(american('vitamin A.')).toMatch(/ ˈA\.$/);
    expect(american('an A-frame house')).toMatch(/^ɐn ˈA/);
  });
});

describe('words that no lexicon has as they stand', () => {
  it('reads endings on known words, in either accent', () => {
    expect(american("The router's pinged.")).toBe('ðə ɹˈWTəɹz pˈɪŋd.');
    expect(british('pinged, pinging')).toBe('pˈɪŋd, pˈɪŋɪŋ');
  });

  it('spells short names in capitals and initials', () => {
    expect(american('KNX')).toBe('kˌAˌɛnˈɛks');
    expect(american('U.S.A.')).toBe('jˌuˌɛsˈA');
  });

  it('reads the parts of words with hyphens and with capitals inside', () => {
    expect(american('HomeKit').replace(/[ˈˌ]/g, '')).toBe('hOmkɪt');
    expect(american('coffee-maker')).toBe('kˌɔfimˈAkəɹ');
  });

  it('folds letters of other languages', () => {
    expect(american('café')).toBe(american('cafe'));
    expect(american('Jänner')).toBe(american('Janner'));
    expect(american('smørrebrød')).toBe(american('smorrebrod'));
  });

  it('reads names of a home by their letters, with one primary stress', () => {
    for (const name of ['Zigbee', 'Sonos', 'Tasmota', 'Anja', 'Kubernetes', 'Shelly', 'Wolfgang']) {
      expect(american(name), name).toMatch(/^[^ˈ]*ˈ[^ˈ]*$/);
    }
  });

  it('reads digits one by one', () => {
    expect(american('42')).toBe(american('four two'));
  });
});

describe('marks', () => {
  it('keeps what the voice hears and drops brackets and quotation marks', () => {
    expect(american('"Wait" (she said)... really?')).toBe('wˈAt ʃi sˈɛd… ɹˈiᵊli?');
  });

  it('joins words to a dash and leaves no blank before a mark', () => {
    expect(american('well - that , is it')).toMatch(/^wˈɛl—ðˈ?æt, /);
  });

  it('reads a word in single quotation marks as the word', () => {
    expect(american("the 'old' man")).toBe(american('the old man'));
  });
});

describe('phones that a caller gives', () => {
  it('pass untouched, and the word before sees them', () => {
    expect(american(`the ${withPhones('apple', 'ˈæpəl')}`)).toBe('ði ˈæpəl');
    expect(british('Meet [Müller](/mˈʊlə/) today.')).toMatch(/ mˈʊlə /);
  });

  it('leave the words when they are taken off', () => {
    expect(withoutPhones(`the ${withPhones('apple', 'ˈæpəl')}.`)).toBe('the apple.');
  });

  it('may be written in the IPA', () => {
    expect(british(withPhones('Jürgen', "'jyːrgən"))).toBe('ˈjuːɹɡən');
    expect(american(withPhones('day', 'deɪ'))).toBe('dA');
  });

  it('lose signs that are not of the alphabet', () => {
    expect(american('[x](/kˈæ@#t/)')).toBe('kˈæt');
  });
});
