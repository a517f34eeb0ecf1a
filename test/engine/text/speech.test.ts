import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  dropControlTokens,
  estimateSpeechSeconds,
  limitSpeechSeconds,
  normalizeText,
  toPlainEnglish,
  withoutTags,
  wrapInMusic,
} from '../../../src/engine/text/index.js';

describe('music', () => {
  test('text is wrapped once', () => {
    const wrapped = '<SE_s>[Music]</SE_s> Good evening. <SE_e>[Music]</SE_e>';
    expect(wrapInMusic(' Good evening. ')).toBe(wrapped);
    expect(wrapInMusic(wrapped)).toBe(wrapped);
    expect(normalizeText(wrapped)).toBe(wrapped);
    expect(withoutTags(wrapped).trim()).toBe('Good evening.');
  });
});

describe('how long a text takes', () => {
  test('the embedded voices’ clips are estimated within a factor of 1.8, and are within the limit', () => {
    const file = path.join(__dirname, '..', '..', '..', 'models', 'embedded', 'voices', 'voices.json');
    const voices = JSON.parse(readFileSync(file, 'utf8')) as { transcript: string; seconds: number }[];
    expect(voices.length).toBeGreaterThan(0);
    for (const { transcript, seconds } of voices) {
      const ratio = estimateSpeechSeconds(transcript) / seconds;
      expect(ratio, transcript).toBeGreaterThan(1 / 1.8);
      expect(ratio, transcript).toBeLessThan(1.8);
      expect(limitSpeechSeconds(transcript)).toBeGreaterThan(seconds);
    }
  });

  test('nothing takes no time, and has a limit all the same', () => {
    expect(estimateSpeechSeconds('')).toBe(0);
    expect(limitSpeechSeconds('')).toBe(2);
  });

  test('a Chinese sentence takes the time of its syllables, a sound its own', () => {
    expect(estimateSpeechSeconds('今天天气很好我们去玩')).toBeGreaterThan(1.5);
    expect(estimateSpeechSeconds('Ha. <SE>[Laughter]</SE>')).toBeGreaterThan(estimateSpeechSeconds('Ha.') + 1);
  });

  test('more text never takes less', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[a-z. ]{0,30}$/), (text, more) => {
        expect(estimateSpeechSeconds(`${text} a${more}`)).toBeGreaterThanOrEqual(estimateSpeechSeconds(text));
      }),
    );
  });
});

describe('text for a voice of plain English letters', () => {
  test.each([
    ['Café Über naïve Straße.', 'cafe uber naive strasse.'],
    ['Note: "go"; now.', 'note, go, now.'],
    ['The TV is ON, the USB LED OK.', 'the t v is on, the u s b l e d okay.'],
    ['FIRE! GET OUT', 'fire! get out.'],
    ['Really?!...', 'really?'],
    ["It's the dogs' turn - twenty-one", "it's the dogs turn twenty-one."],
    ['今天 hello', 'hello.'],
    ['and then,', 'and then.'],
    ['first\nsecond', 'first second.'],
    [
      '[SPEAKER0] Hi. <SE_s>[Music]</SE_s> La <SE_e>[Music]</SE_e>',
      '[SPEAKER0] hi. <SE_s>[Music]</SE_s> la <SE_e>[Music]</SE_e>',
    ],
    ['今天', ''],
    ['OK, Ok, oK, ok.', 'okay, okay, okay, okay.'],
  ])('%j', (text, plain) => {
    expect(toPlainEnglish(text)).toBe(plain);
  });

  test('has nothing else in it, and is the same done twice', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string()), (text) => {
        const plain = toPlainEnglish(normalizeText(text));
        expect(plain).toMatch(/^[a-z ,.?!'-]*$/);
        expect(toPlainEnglish(plain)).toBe(plain);
      }),
      { numRuns: 1000 },
    );
  });
});

test('control tokens go, and none can be made of what is left', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('<', '|', '>', '<|', '|>', 'eot_id', 'AUDIO_OUT', ' ', '<|eot_id|>')),
      (parts) => {
        const left = dropControlTokens(parts.join(''));
        expect(left).not.toMatch(/<\||\|>/);
        expect(dropControlTokens(left)).toBe(left);
      },
    ),
    { numRuns: 1000 },
  );
  expect(dropControlTokens('a < b | c > d')).toBe('a < b | c > d');
});
