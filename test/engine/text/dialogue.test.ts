import { describe, expect, test } from 'vitest';
import { parseDialogue } from '../../../src/engine/text/index.js';

const ANNA_AND_BEN = [
  { speaker: 'Anna', text: 'Hello.' },
  { speaker: 'Ben', text: 'Hi, it is 10:30.' },
];

describe('a dialogue can be written as', () => {
  test('a list of lines', () => {
    expect(parseDialogue([{ speaker: ' Anna ', text: ' Hello. ' }, ANNA_AND_BEN[1]])).toEqual(ANNA_AND_BEN);
  });

  test('that list as JSON', () => {
    expect(parseDialogue(JSON.stringify(ANNA_AND_BEN))).toEqual(ANNA_AND_BEN);
  });

  test('a list with numbered speakers', () => {
    expect(parseDialogue([{ speaker: 0, text: 'Hi' }])).toEqual([{ speaker: '0', text: 'Hi' }]);
  });

  test('names with a colon', () => {
    expect(parseDialogue('Anna: Hello.\r\n\r\nBen:  Hi, it is 10:30.\n')).toEqual(ANNA_AND_BEN);
  });

  test('names of several words, accents and other scripts', () => {
    expect(parseDialogue('Frau Dr. Müller: Ja.\n小王：好。\nO’Neil-Smith Jr: No.'.replace('’', "'"))).toEqual([
      { speaker: 'Frau Dr. Müller', text: 'Ja.' },
      { speaker: '小王', text: '好。' },
      { speaker: "O'Neil-Smith Jr", text: 'No.' },
    ]);
  });

  test('lines that go on with the one before', () => {
    expect(parseDialogue('Anna: Hello.\nhow are you?\nhttps://a.b\n10:30 then\nBen:\nFine.')).toEqual([
      { speaker: 'Anna', text: 'Hello.\nhow are you?\nhttps://a.b\n10:30 then' },
      { speaker: 'Ben', text: 'Fine.' },
    ]);
  });

  test('speaker tags, several on a line or a turn over several lines', () => {
    expect(parseDialogue('[SPEAKER0] Hello. [SPEAKER1] Hi\nthere [laugh].\n[SPEAKER0] Note: bye.')).toEqual([
      { speaker: 'SPEAKER0', text: 'Hello.' },
      { speaker: 'SPEAKER1', text: 'Hi\nthere [laugh].' },
      { speaker: 'SPEAKER0', text: 'Note: bye.' },
    ]);
  });
});

describe('HIGGS_DIALOGUE_INVALID tells the line', () => {
  test.each([
    [[], 'no lines'],
    ['', 'no lines'],
    [' \n ', 'no lines'],
    ['Anna: Hi\nBen:\n\nAnna: Bye', 'Line 2 of the dialogue (Ben) has no words'],
    ['\nhello there', 'Line 2 of the dialogue names no speaker'],
    ['10:30 hello', 'Line 1 of the dialogue names no speaker'],
    ['well\n[SPEAKER0] Hi', 'Line 1 of the dialogue has words before'],
    ['[SPEAKER0] Hi\n\n[SPEAKER1]', 'Line 3 of the dialogue (SPEAKER1) has no words'],
    [[{ speaker: 'A', text: 'x' }, { speaker: 'B' }], 'Line 2 of the dialogue (B) has no "text"'],
    [[{ text: 'x' }], 'Line 1 of the dialogue has no "speaker"'],
    [[{ speaker: ' ', text: 'x' }], 'Line 1 of the dialogue has no "speaker"'],
    [['x'], 'Line 1 of the dialogue is no object'],
    [[null], 'Line 1 of the dialogue is no object'],
    ['[{"speaker": "A",]', 'not valid JSON'],
    [7, 'of type number'],
    [null, 'null'],
    [undefined, 'of type undefined'],
    [{ speaker: 'A', text: 'x' }, 'of type object'],
  ])('%j', (input, message) => {
    expect(() => parseDialogue(input)).toThrow(
      expect.objectContaining({ code: 'HIGGS_DIALOGUE_INVALID', message: expect.stringContaining(message) as string }),
    );
  });
});
