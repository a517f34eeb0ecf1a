import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHIMES } from '../../../src/engine/index.js';
import { COMMAND_LIMIT_BYTES, parseCommand, type Command } from '../../../src/service/mqtt/command.js';

const parse = (payload: string | Uint8Array, target?: string): Command =>
  parseCommand(Buffer.from(payload), () => 'made-up', target);
const announcement = (payload: string, target?: string) => {
  const command = parse(payload, target);
  if (command.kind !== 'announce') throw command.error;
  return command.announcement;
};
const refusal = (payload: string | Uint8Array) => {
  const command = parse(payload);
  if (command.kind !== 'malformed') throw new Error('it was taken');
  return { code: command.error.code, message: command.error.message, id: command.id };
};

describe('a plain text', () => {
  test.each(['Dinner is ready.', '42', '"quoted"', '[laugh] Hello', 'null', ' Guten Morgen! ☕'])(
    '%j is the announcement itself',
    (text) => {
      expect(parse(text)).toEqual({
        kind: 'announce',
        named: false,
        announcement: { id: 'made-up', text, priority: 0 },
      });
    },
  );

  test('takes its target from the topic', () => {
    expect(announcement('Hello.', 'kitchen').target).toEqual(['kitchen']);
  });
});

describe('a JSON command', () => {
  test('has what is said in it, and nothing else', () => {
    const fields = {
      text: 'Tea is ready.',
      id: 'tea-7',
      voice: 'somebody',
      priority: 5,
      interrupt: true,
      chime: CHIMES[1],
      music: false,
      target: ['media_player.kitchen', 'hall'],
      language: 'de',
      speed: 1.2,
      volume: 40,
      repeat: { everySeconds: 30, times: 3 },
    };
    expect(parse(JSON.stringify(fields))).toEqual({ kind: 'announce', named: true, announcement: fields });
  });

  test('takes numbers and switches as templates write them, and empty fields as left out', () => {
    const said = announcement('{"text":"A","priority":"3","volume":"50","music":"ON","voice":"","target":null,"id":7}');
    expect(said).toEqual({ id: '7', text: 'A', priority: 3, volume: 50, music: true });
  });

  test('chooses the first chime by true and none by false', () => {
    expect(announcement('{"text":"A","chime":true}').chime).toBe(CHIMES[0]);
    expect(announcement('{"text":"A","chime":false}').chime).toBe(false);
  });

  test('is repeated with the usual times by true', () => {
    expect(announcement('{"text":"A","repeat":true}').repeat).toEqual({ everySeconds: 60, times: 10 });
    expect(announcement('{"text":"A","repeat":false}').repeat).toBeUndefined();
  });

  test('wins over the topic’s target', () => {
    expect(announcement('{"text":"A","target":"hall"}', 'kitchen').target).toEqual(['hall']);
  });
});

describe('a malformed command', () => {
  test.each([
    ['{"text":', 'HIGGS_OPTION_INVALID', 'JSON'],
    ['{"text":"A"} and more', 'HIGGS_OPTION_INVALID', 'JSON'],
    ['', 'HIGGS_TEXT_EMPTY', 'text'],
    ['  \n', 'HIGGS_TEXT_EMPTY', 'text'],
    ['{}', 'HIGGS_TEXT_EMPTY', 'text'],
    ['{"text":5}', 'HIGGS_TEXT_EMPTY', 'text'],
    ['{"text":"A","prio":5}', 'HIGGS_OPTION_INVALID', '"prio"'],
    ['{"text":"A","priority":"high"}', 'HIGGS_OPTION_INVALID', '"priority" is "high"'],
    ['{"text":"A","priority":1e9}', 'HIGGS_OPTION_INVALID', '"priority"'],
    ['{"text":"A","volume":101}', 'HIGGS_OPTION_INVALID', '"volume"'],
    ['{"text":"A","chime":"/etc/passwd"}', 'HIGGS_OPTION_INVALID', '"chime"'],
    ['{"text":"A","music":"bed.wav"}', 'HIGGS_OPTION_INVALID', '"music"'],
    ['{"text":"A","voice":{"kind":"clip"}}', 'HIGGS_OPTION_INVALID', '"voice"'],
    ['{"text":"A","target":[1]}', 'HIGGS_OPTION_INVALID', '"target"'],
    ['{"text":"A","repeat":5}', 'HIGGS_OPTION_INVALID', '"repeat"'],
    ['{"text":"A","repeat":{"every":5}}', 'HIGGS_OPTION_INVALID', '"repeat.every"'],
    ['{"text":"A","repeat":{"everySeconds":0}}', 'HIGGS_OPTION_INVALID', '"repeat.everySeconds"'],
    ['{"text":"A","id":{}}', 'HIGGS_OPTION_INVALID', '"id"'],
    ['{"text":"A","__proto__":{"voice":"x"}}', 'HIGGS_OPTION_INVALID', '"__proto__"'],
    ['{"text":"A","toString":1}', 'HIGGS_OPTION_INVALID', '"toString"'],
  ])('%j is refused with %s that names %s', (payload, code, named) => {
    expect(refusal(payload)).toMatchObject({ code, message: expect.stringContaining(named) as string });
  });

  test('keeps its id, so that its sender knows which it was', () => {
    expect(refusal('{"id":"bell","text":"A","volume":-1}').id).toBe('bell');
  });

  test('is refused for bytes that are no text, and for its size', () => {
    expect(refusal(Uint8Array.of(0xff, 0xfe)).code).toBe('HIGGS_OPTION_INVALID');
    expect(refusal(new Uint8Array(COMMAND_LIMIT_BYTES + 1)).code).toBe('HIGGS_TEXT_TOO_LONG');
  });

  test('never throws, whatever comes in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => ['announce', 'malformed'].includes(parse(bytes).kind)),
    );
    fc.assert(
      fc.property(fc.json(), fc.string(), (json, word) =>
        ['announce', 'malformed'].includes(parse(`{"text":"A",${JSON.stringify(word)}:${json}}`).kind),
      ),
    );
  });
});
