import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDialogue, SOUND_TAGS, splitAtPauses, writeSoundTags } from '../../../src/engine/text/index.js';

describe('pauses in a text', () => {
  test.each([
    [
      'One. [pause] Two.',
      [
        ['One.', 0.5],
        ['Two.', 0],
      ],
    ],
    [
      'One. [pause 0.8] Two. [PAUSE 2s]',
      [
        ['One.', 0.8],
        ['Two.', 2],
      ],
    ],
    [
      '[pause 500 ms]One.',
      [
        ['', 0.5],
        ['One.', 0],
      ],
    ],
    [
      'One. [pause 1][pause 0,5] Two.',
      [
        ['One.', 1.5],
        ['Two.', 0],
      ],
    ],
    ['One. [pause 9999]', [['One.', 30]]],
    ['No [pauses] here.', [['No [pauses] here.', 0]]],
    ['', [['', 0]]],
  ] as const)('%j', (text, phrases) => {
    expect(splitAtPauses(text).map(({ text: words, pauseSeconds }) => [words, pauseSeconds])).toEqual(phrases);
  });

  test('no word is lost between them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('One.', 'Two', '[pause]', '[pause 1.5]', '[laugh]', '\n')), (parts) => {
        const words = parts.filter((part) => !part.startsWith('[pause') && part !== '\n');
        const split = splitAtPauses(parts.join(' '));
        expect(
          split
            .map(({ text }) => text)
            .join(' ')
            .split(/\s+/)
            .filter(Boolean),
        ).toEqual(words);
      }),
    );
  });
});

describe('lines with settings of their own', () => {
  test('are written behind the name, or as fields', () => {
    expect(parseDialogue('Anna (speed 1.2, pan -0.5): Hello.\nBob (gap -0.3): Hi!')).toEqual([
      { speaker: 'Anna', text: 'Hello.', speed: 1.2, pan: -0.5 },
      { speaker: 'Bob', text: 'Hi!', gapSeconds: -0.3 },
    ]);
    expect(parseDialogue([{ speaker: 'Anna', text: 'Hello.', temperature: 0.5, mood: 'glad' }])).toEqual([
      { speaker: 'Anna', text: 'Hello.', temperature: 0.5 },
    ]);
  });

  test('in another form belong to the words of the line before', () => {
    expect(parseDialogue('Anna: Hello.\nBob (whispering): hush')).toEqual([
      { speaker: 'Anna', text: 'Hello.\nBob (whispering): hush' },
    ]);
  });

  test.each([
    ['Anna (speed 5): Hello.', 'speed'],
    ['Anna: Hi.\nBob (pan 2): Hello.', 'pan'],
  ])('out of range are refused, and the message names the line: %j', (script, name) => {
    expect(() => parseDialogue(script)).toThrow(new RegExp(`"${name}" of "Line \\d`));
  });
});

test('every sound tag of the list is one that the model is told', () => {
  for (const tag of SOUND_TAGS) expect(writeSoundTags(tag)).toMatch(/^<SE/);
});
