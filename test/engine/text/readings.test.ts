import { describe, expect, test } from 'vitest';
import { normalizeText, toPlainEnglish } from '../../../src/engine/text/index.js';
import { faultOf, readLinesOf, type Reading } from './readings.js';

/** Readings that a listener takes for right, by kind; a quarter German. */
const READINGS = readLinesOf<Reading>('readings.jsonl').map((reading) => ({ ...reading, fault: faultOf(reading) }));
const KINDS = [...new Set(READINGS.map(({ kind }) => kind))];

const share = (readings: readonly { fault: string | undefined }[]): number =>
  readings.filter(({ fault }) => fault === undefined).length / readings.length;
const faults = (readings: typeof READINGS): string =>
  readings.flatMap(({ id, text, fault }) => (fault === undefined ? [] : [`${id} ${text} -> ${fault}`])).join('\n');
const isGerman = ({ language = 'en' }: Reading): boolean => language.startsWith('de');

describe('text as a person would read it', () => {
  test.each(KINDS)('at least 97 %% of the readings of kind "%s" are right', (kind) => {
    const readings = READINGS.filter((reading) => reading.kind === kind);
    expect(share(readings), faults(readings)).toBeGreaterThanOrEqual(0.97);
  });

  test('German is read no worse than English', () => {
    const german = READINGS.filter(isGerman);
    expect(share(german), faults(german)).toBeGreaterThanOrEqual(
      share(READINGS.filter((reading) => !isGerman(reading))),
    );
  });

  test('a wrong reading is noticed', () => {
    expect(faultOf({ kind: 'times', id: '1', text: 'at 7:45', spoken: ['at seven'] })).toBeDefined();
    expect(faultOf({ kind: 'times', id: '2', text: 'at 7:45', mustNot: ['seven'] })).toBeDefined();
    expect(faultOf({ kind: 'lines', id: '3', text: 'one two', pauseAfter: ['one'] })).toBeDefined();
    expect(
      faultOf({ kind: 'pieces', id: '4', text: 'one two.', maxCharacters: 9, sentencesExpected: ['one'] }),
    ).toBeDefined();
  });
});

describe('more of each kind', () => {
  const own = readLinesOf<{ language: string; plain?: boolean; text: string; said: string }>('own-readings.jsonl');
  test.each(own)('$language: $text', ({ language, plain = false, text, said }) => {
    const words = normalizeText(text, language);
    expect(plain ? toPlainEnglish(words) : words).toBe(said);
  });
});
