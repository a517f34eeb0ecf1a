import { beforeAll, describe, expect, it } from 'vitest';
import type { PronunciationReader } from '../../../src/engine/pronunciation/index.js';
import { openShipped } from './kit.js';

let reader: PronunciationReader;

beforeAll(async () => {
  reader = (await openShipped()).reader('american');
});

describe('the time that a text takes', () => {
  let texts = 0;
  /** Time of the processor for the quickest of three texts, each new to the reader. */
  const timeOf = (make: (length: number, run: number) => string, length: number): number =>
    Math.min(
      ...[1, 2, 3].map(() => {
        const text = make(length, texts++);
        const begun = process.cpuUsage();
        reader.read(text);
        return process.cpuUsage(begun).user / 1000;
      }),
    );
  const scrambled = (length: number, run: number): string => {
    let state = run * 7919 + length;
    return Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return 'etaoinshrdlucmfwypvbgkjqxz '[(state >>> 8) % 27]!;
    }).join('');
  };

  it.each([
    ['unknown words', scrambled],
    ['one endless word', (length: number, run: number) => String.fromCharCode(97 + (run % 26)).repeat(length)],
    ['hyphens', (length: number, run: number) => `${'ab-'.repeat(length / 3)}${run}`],
    ['apostrophes', (length: number, run: number) => `${"'".repeat(length)}${run}`],
    ['capitals', (length: number, run: number) => `${'aB'.repeat(length / 2)}${run}`],
    ['dots', (length: number, run: number) => `${'a.'.repeat(length / 2)}${run}`],
    ['opening brackets', (length: number, run: number) => `${'[a](/'.repeat(length / 5)}${run}`],
    ['endings', (length: number, run: number) => `${'ings'.repeat(length / 4)}${run}`],
  ])('grows no faster than the text: %s', (_what, make) => {
    timeOf(make, 5_000);
    const [short, long] = [timeOf(make, 5_000), timeOf(make, 20_000)];
    // Four times the text; the rest is for clocks and the collector of garbage.
    expect(long).toBeLessThan(12 * Math.max(short, 5));
  });
});
