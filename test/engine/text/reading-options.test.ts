import { parseLexicon } from '../../../src/engine/lexicon.js';
import { describe, expect, test } from 'vitest';
import {
  detectLanguage,
  normalizeText,
  notesOn,
  readText,
  splitAtPauses,
  toPlainEnglish,
} from '../../../src/engine/text/index.js';

describe('the language of a text', () => {
  test.each([
    ['The kitchen light is on.', 'en'],
    ['Das Licht in der Küche ist an.', 'de'],
    ['Die Waschmaschine ist fertig', 'de'],
    ['La porte du garage est ouverte.', 'fr'],
    ['La puerta del garaje está abierta.', 'es'],
    ['La porta del garage è aperta.', 'it'],
    ['A porta da garagem não está aberta.', 'pt'],
    ['De deur van de garage is open.', 'nl'],
    ['Dörren är öppen och det är kallt.', 'sv'],
    ['Drzwi są otwarte i nie jest zimno.', 'pl'],
    ['今天天气很好。', 'zh'],
    ['今日はいい天気です。', 'ja'],
    ['오늘은 날씨가 좋아요.', 'ko'],
    ['Сегодня хорошая погода.', 'ru'],
    ['The word 你好 means hello.', 'en'],
  ])('%s is told by its letters and common words', (text, language) => {
    expect(detectLanguage(text)).toBe(language);
  });

  test.each(['', '21.5 °C', 'Anna', '42', '😀'])('%j does not tell', (text) => {
    expect(detectLanguage(text)).toBeUndefined();
  });

  test.each([undefined, '', 'auto', 'AUTO'])('decides how numbers are read where %j is asked for', (language) => {
    expect(normalizeText('Es sind 21,5 °C in der Küche.', language)).toMatch(/einundzwanzig Komma fünf Grad/);
    expect(normalizeText('It is 21.5 °C in the kitchen.', language)).toMatch(/twenty-one point five degrees/);
    expect(normalizeText('21.5 °C', language)).toBe('twenty-one point five degrees Celsius.');
  });

  test('that is named counts more than what the words tell', () => {
    expect(normalizeText('Das sind 5 Lampen.', 'en')).toBe('Das sind five Lampen.');
  });
});

describe('notes on a text for a voice of English alone', () => {
  test('say that German text is German, and what to do', () => {
    const [note, ...others] = notesOn('Die Waschmaschine ist fertig.', ['en']);
    expect(note).toMatchObject({ kind: 'language', message: expect.stringContaining('German') as string });
    expect(note?.remedy).toMatch(/model that speaks German/);
    expect(others).toEqual([]);
  });

  test('name letters that it would leave out', () => {
    const [note] = notesOn('Say 你好 to her, please.', ['en']);
    expect(note).toMatchObject({ kind: 'letters', message: expect.stringContaining('你好') as string });
  });

  test.each(['Zoë met André in Zürich.', 'The light is on.', '', '42 °C', '😀'])('are none for %j', (text) => {
    expect(notesOn(text, ['en'])).toEqual([]);
  });

  test('are none for a voice that speaks the language', () => {
    expect(notesOn('Die Waschmaschine ist fertig.', ['en', 'de'])).toEqual([]);
  });
});

describe('a text as it is written', () => {
  const read = (text: string): string => readText(text, { asWritten: true });
  test.each([
    ['Call 911 at 5 pm.', 'Call 911 at 5 pm.'],
    ['Hello (world)', 'Hello world.'],
    ['It is 5 °C', 'It is 5 degrees Celsius.'],
    ['**bold**\n\n  <b>x</b>', '**bold**\n<b>x</b>.'],
    ['今天，很好。', '今天, 很好.'],
    ['Ha [laugh] ha', 'Ha <SE>[Laughter]</SE> ha.'],
    ['[SPEAKER0] Hi', '[SPEAKER0] Hi.'],
    ['<|eot_id|>hi', 'hi.'],
    ['Dr. Who?', 'Dr. Who?'],
    ['【laugh】 Hi：', '<SE>[Laughter]</SE> Hi:.'],
    ['[music start] Hi', '<SE_s>[Music]</SE_s> Hi.'],
    ['Hi [sing end]', 'Hi <SE_e>[Singing]</SE_e>'],
    ['Hi [sing start]', 'Hi <SE_s>[Singing]</SE_s>.'],
    ['\ufeffHi\u001c\u001fthere\rnow\n\u0085\nyou', '\ufeffHi there now\nyou.'],
  ])('%j has only what the reference does', (text, written) => {
    expect(read(text)).toBe(written);
  });
});

/** The reference example's table (boson-ai/higgs-audio, examples/generation.py), mark by mark. */
const CHINESE_MARKS: readonly (readonly [mark: string, written: string])[] = [
  ['，', ', '],
  ['。', '.'],
  ['：', ':'],
  ['；', ';'],
  ['？', '?'],
  ['！', '!'],
  ['（', ' '],
  ['）', ' '],
  ['【', '['],
  ['】', ']'],
  ['《', '<'],
  ['》', '>'],
  ['“', '"'],
  ['”', '"'],
  ['‘', "'"],
  ['’', "'"],
  ['、', ','],
  ['—', '-'],
  ['…', '...'],
  ['·', '.'],
  ['「', '"'],
  ['」', '"'],
  ['『', '"'],
  ['』', '"'],
];

test.each(CHINESE_MARKS)('the mark %s becomes %j in a text as it is written, as in the reference', (mark, written) => {
  expect(readText(`天${mark}地`, { asWritten: true })).toBe(`天${written}地.`);
});

test.each(CHINESE_MARKS)('the mark %s is none that the model has to read in any text', (mark) => {
  expect(readText(`天${mark}地`)).toMatch(/^[天地 ,.:;?!"'-]+$/u);
});

describe('a lexicon of one’s own', () => {
  const lexicon = parseLexicon(
    '# names\nTuya = too ya\nkWh = kilowatts\nNode-RED = node red\nHome Assistant = /hˈoʊm əsˈɪstənt/\nC++ = see plus plus\n',
  );
  const read = (text: string, knowsPhones = false): string => readText(text, { language: 'en', lexicon, knowsPhones });

  test.each([
    ['The Tuya lamp', 'The too ya lamp.'],
    ['Tuya, Tuya! (Tuya)', 'too ya, too ya! too ya.'],
    ['Use Node-RED.', 'Use node red.'],
    ['C++ and C', 'see plus plus and C.'],
    ['**Tuya** lamp', 'too ya lamp.'],
    ["Tuya's lamp", "too ya's lamp."],
  ])('is used in %j', (text, said) => {
    expect(read(text)).toBe(said);
  });

  test.each([
    ['tuya is in small letters', /tuya/],
    ['TuyaSmart is another word', /TuyaSmart/],
    ['See tuya.com and Tuya.com now', /dot com/],
    ['MyTuya', /MyTuya/],
  ])('matches whole words in the case that is given: %j', (text, kept) => {
    expect(read(text)).toMatch(kept);
    expect(read(text)).not.toMatch(/too ya/);
  });

  test('gives phones to a model that knows them, and leaves the word where it does not', () => {
    expect(read('Home Assistant is on.', true)).toBe('[Home Assistant](/hˈoʊm əsˈɪstənt/) is on.');
    expect(read('Home Assistant is on.')).toBe('Home Assistant is on.');
  });

  test('phones may stand in the text itself; a link stays a link', () => {
    expect(read('[Müller](/mˈʊlə/) is here.', true)).toBe('[Müller](/mˈʊlə/) is here.');
    expect(read('[Müller](/mˈʊlə/) is here.')).toBe('Müller is here.');
    expect(read('[docs](/start/) are here.', true)).toBe('docs are here.');
  });

  test('holds in a text as written too', () => {
    expect(readText('Tuya costs 5 EUR.', { asWritten: true, lexicon })).toBe('too ya costs 5 EUR.');
  });

  test('may be an object or a list of both', () => {
    expect(parseLexicon({ Tuya: 'too ya' })).toEqual([{ word: 'Tuya', say: { words: 'too ya' } }]);
    expect(parseLexicon(['a = b', { c: '/d/' }])).toEqual([
      { word: 'a', say: { words: 'b' } },
      { word: 'c', say: { phones: 'd' } },
    ]);
    expect(parseLexicon(undefined)).toEqual([]);
  });

  test.each([
    ['no mark', /Line 1 .* no "="/],
    ['a = b\n= c', /Line 2 .* no word/],
    ['a =', /Line 1 .* how "a" is said/],
    [{ a: 5 }, /"a" is no text/],
    [7, /of type number/],
  ])('%j is refused, and the message names the line', (written, message) => {
    expect(() => parseLexicon(written)).toThrow(
      expect.objectContaining({ code: 'HIGGS_OPTION_INVALID', message: expect.stringMatching(message) as string }),
    );
  });

  test('cannot bring control tokens in', () => {
    expect(readText('x', { lexicon: parseLexicon('x = a <|eot_id|> b') })).not.toMatch(/<\|/);
  });
});

describe('pauses of SSML', () => {
  test.each([
    ['Hello <break time="1500ms"/> world', [1.5]],
    ['a <break time="2s" /> b <break time=".5s"></break> c', [2, 0.5]],
    ["a <break time='250ms'/> b", [0.25]],
    ['a <break strength="strong"/> b <break strength="none"/> c', [0.8]],
    ['a <break/> b', [0.5]],
    ['a <break time="99s"/> b', [30]],
    ['a breakfast <b>b</b>', []],
  ])('in %j are heard', (text, seconds) => {
    expect(
      splitAtPauses(text)
        .map(({ pauseSeconds }) => pauseSeconds)
        .filter((pause) => pause > 0),
    ).toEqual(seconds);
  });
});

test('plain English keeps spelt names apart', () => {
  expect(toPlainEnglish(normalizeText('The CPU of the NAS, a USB-C LED, NOT OK'))).toBe(
    'the c p u of the nas, a u s b c l e d, not okay.',
  );
});
