import { describe, expect, test } from 'vitest';
import { engineOpener, SMALL_MODEL } from '../../engine-kit.js';

/** The embedded voice only knows English; another model is no voice of one language. */
const open = engineOpener();
const openSmall = engineOpener({ model: SMALL_MODEL });
const textsOf = ({ segments }: { segments: readonly { text: string }[] }) => segments.map(({ text }) => text);

describe('what would be spoken', () => {
  test('is told segment by segment, with the pauses between', async () => {
    const reading = await open().read({ text: 'Dr. Smith is here. [pause 1.5] It is 7:45.' });
    expect(reading).toEqual({
      language: 'en',
      segments: [
        { text: 'Doctor Smith is here.', pauseSeconds: 1.5 },
        { text: 'It is seven forty-five.', pauseSeconds: 0 },
      ],
      notes: [],
    });
  });

  test('is cut at its sentences where a voice cannot hold all of it, and ends with a mark each time', async () => {
    const sentences = Array.from({ length: 9 }, (_none, index) => `The lamp number ${index} in the old hall is on.`);
    const texts = textsOf(await open().read({ text: sentences.join(' ') }));
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(text).toMatch(/^The lamp .* is on\.$/);
  });

  test('is a segment for each sentence, where the voice learnt single sentences', async () => {
    const text = 'The taxi is waiting. Dinner is ready. The dog has been fed.';
    expect(textsOf(await open().read({ text }))).toEqual([
      'The taxi is waiting.',
      'Dinner is ready.',
      'The dog has been fed.',
    ]);
    expect(textsOf(await openSmall().read({ text }))).toEqual([text]);
  });

  test('is what speak says', async () => {
    const engine = open();
    const text = 'The CPU is at 45 %.';
    const { marks } = await engine.speak({ text, maxSeconds: 0.4, seed: 1 });
    expect(marks.map((mark) => mark.text)).toEqual(textsOf(await engine.read({ text })));
  });

  test('a text without words for the voice has nothing to speak, and an empty one is refused, as speak does', async () => {
    expect(textsOf(await open().read({ text: '你好' }))).toEqual(['']);
    await expect(open().read({ text: '' })).rejects.toMatchObject({ code: 'HIGGS_TEXT_EMPTY' });
  });
});

describe('a voice of English alone', () => {
  test('notes a German text, in the reading and in the result', async () => {
    const engine = open();
    const text = 'Die Waschmaschine ist fertig.';
    const { language, notes } = await engine.read({ text });
    expect(language).toBe('de');
    expect(notes).toEqual([expect.stringContaining('German')]);
    expect((await engine.speak({ text, maxSeconds: 0.4, seed: 1 })).notes).toEqual(notes);
    const lines = [{ speaker: 'A', text }];
    expect((await engine.dialogue({ lines, voices: { A: 'ella' }, maxSeconds: 0.4, seed: 1 })).notes).toEqual(notes);
  });

  test('has nothing to note of an English one', async () => {
    expect(await open().speak({ text: 'The light is on.', maxSeconds: 0.4, seed: 1 })).not.toHaveProperty('notes');
  });

  test('names letters that it leaves out', async () => {
    expect((await open().read({ text: 'Say 你好 to her.' })).notes).toEqual([expect.stringContaining('你好')]);
  });
});

describe('as it is written', () => {
  test('a text goes to the model untouched', async () => {
    const engine = openSmall();
    const text = 'Call 911 at 5 pm';
    expect(textsOf(await engine.read({ text, asWritten: true }))).toEqual(['Call 911 at 5 pm.']);
    expect(textsOf(await engine.read({ text }))).toEqual(['Call nine one one at five p m.']);
  });
});

describe('a lexicon', () => {
  test('of a request goes over the engine’s own', async () => {
    const engine = openSmall({ lexicon: 'Tuya = too ya; NAS = nass' });
    expect(textsOf(await engine.read({ text: 'The Tuya NAS.' }))).toEqual(['The too ya nass.']);
    expect(textsOf(await engine.read({ text: 'The Tuya NAS.', lexicon: { NAS: 'storage' } }))).toEqual([
      'The too ya storage.',
    ]);
  });

  test('makes another result, though the text is the same', async () => {
    const engine = openSmall({ speechCacheMegabytes: 10 });
    const request = { text: 'The Tuya lamp.', maxSeconds: 0.4, seed: 3 };
    const plain = await engine.speak(request);
    const said = await engine.speak({ ...request, lexicon: { Tuya: 'too ya' } });
    expect(said.cached).toBe(false);
    expect(said.marks[0]?.text).not.toBe(plain.marks[0]?.text);
    expect((await engine.speak({ ...request, lexicon: 'Tuya = too ya' })).cached).toBe(true);
  });

  test('that cannot be read is refused', async () => {
    const engine = open();
    await expect(engine.speak({ text: 'Hi.', lexicon: 'no mark' })).rejects.toMatchObject({
      code: 'HIGGS_OPTION_INVALID',
    });
    expect(() => open({ lexicon: '= nothing' })).toThrow(/no word/);
  });
});
