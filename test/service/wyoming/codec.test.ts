import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { encodeEvent, EventReader, ProtocolError, type WyomingEvent } from '../../../src/service/wyoming/codec.js';
import { LONGEST_SENTENCE, SentenceReader } from '../../../src/service/wyoming/sentences.js';

describe('events of the Wyoming protocol', () => {
  test('are a line, and what the line announces', () => {
    expect(encodeEvent('ping').toString()).toBe('{"type":"ping"}\n');
    expect(encodeEvent('a', { b: 'é' }, Uint8Array.of(1, 2)).toString('latin1')).toBe(
      `{"type":"a","data_length":10,"payload_length":2}\n{"b":"${Buffer.from('é').toString('latin1')}"}\u0001\u0002`,
    );
  });

  test('may carry data in the line, which what follows it adds to', () => {
    const [event] = new EventReader(1000).push(
      Buffer.from('{"type":"a","data":{"x":1,"y":1},"data_length":7,"payload_length":null,"version":"1.8"}\n{"y":2}'),
    );
    expect(event).toEqual({ type: 'a', data: { x: 1, y: 2 } });
    const nothing = Buffer.from('{"type":"a","data":null,"data_length":null,"payload_length":null}\n');
    expect(new EventReader(1000).push(nothing)).toEqual([{ type: 'a', data: {} }]);
  });

  test('come out as they went in, into whatever parts the bytes were cut', () => {
    const event = fc.record({
      type: fc.string({ minLength: 1 }),
      data: fc.dictionary(
        fc.string({ maxLength: 5 }),
        fc.oneof(fc.string({ unit: 'binary', maxLength: 10 }), fc.integer()),
      ),
      payload: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), fc.array(fc.nat(200), { maxLength: 8 }), (events, cuts) => {
        const bytes = Buffer.concat(events.map(({ type, data, payload }) => encodeEvent(type, data, payload)));
        const reader = new EventReader(100_000);
        const places = [...new Set(cuts.map((cut) => Math.min(cut, bytes.length)))].sort((a, b) => a - b);
        const read: WyomingEvent[] = [];
        for (const [index, from] of [0, ...places].entries()) {
          read.push(...reader.push(bytes.subarray(from, places[index] ?? bytes.length)));
        }
        expect(read.map(({ type }) => type)).toEqual(events.map(({ type }) => type));
        for (const [index, { data, payload }] of read.entries()) {
          expect(data).toEqual({ ...events[index]!.data });
          expect([...(payload ?? [])]).toEqual([...events[index]!.payload]);
        }
      }),
    );
  });

  test('are read in time that grows with their bytes and no faster, when each byte comes alone', () => {
    const copied = (length: number) => {
      let count = 0;
      const real = Buffer.concat.bind(Buffer);
      const spy = vi.spyOn(Buffer, 'concat').mockImplementation((parts) => {
        const joined = real(parts);
        count += joined.length;
        return joined;
      });
      const reader = new EventReader(1e6);
      const bytes = encodeEvent('a', { text: 'x'.repeat(length) });
      for (let at = 0; at < bytes.length; at += 1) reader.push(bytes.subarray(at, at + 1));
      spy.mockRestore();
      expect(reader.isWithinEvent).toBe(false);
      return count;
    };
    // Joined once in a while, so that parts take little memory: each byte some 20 times in 40,000.
    expect(copied(40_000)).toBeLessThan(40 * 40_000);
  });

  test.each([
    ['no JSON', 'hello\n'],
    ['no object', '[1]\n'],
    ['no type', '{}\n'],
    ['data that are none', '{"type":"a","data":"x"}\n'],
    ['a negative length', '{"type":"a","data_length":-1}\n'],
    ['a length that is none', '{"type":"a","payload_length":"9"}\n'],
    ['a huge length', '{"type":"a","payload_length":1e9}\n'],
    ['a line without an end', 'x'.repeat(2000)],
    ['data that are no JSON', '{"type":"a","data_length":2}\nxx'],
  ])('%s is refused', (_what, text) => {
    expect(() => new EventReader(1000).push(Buffer.from(text))).toThrow(ProtocolError);
  });
});

describe('text in parts', () => {
  test.each<[string, string[], string]>([
    ['Dinner is ready. Come', ['Dinner is ready. '], 'Come'],
    ['Is it? "Yes!" He left.', ['Is it? ', '"Yes!" '], 'He left.'],
    ['It costs 3.50 euros', [], 'It costs 3.50 euros'],
    ['Dr. Who is late. So', ['Dr. Who is late. '], 'So'],
    ['Am 3. März ist es so weit. Dann', ['Am 3. März ist es so weit. '], 'Dann'],
    ['One line\nand another', ['One line\n'], 'and another'],
    ['The end.', [], 'The end.'],
    ['', [], ''],
  ])('of %j says what is whole', (text, sentences, rest) => {
    const whole = new SentenceReader();
    expect([whole.push(text), whole.end()]).toEqual([sentences, rest]);
  });

  const letters = fc.constantFrom('A', 'b', '.', '!', ' ', '\n', '3', '"', '…', 'Dr', '。');
  test('loses and adds nothing, into whatever parts it was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: letters })), (parts) => {
        const reader = new SentenceReader();
        const sentences = parts.flatMap((part) => reader.push(part));
        expect(sentences.join('') + reader.end()).toBe(parts.join(''));
      }),
    );
  });

  test('gives the same sentences letter by letter as at once, where no end of one can go on', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('A', 'b', '.', '!', ' ', '3', '"', '…', 'Dr') }), (text) => {
        const [whole, parts] = [new SentenceReader(), new SentenceReader()];
        expect(Array.from(text).flatMap((letter) => parts.push(letter))).toEqual(whole.push(text));
        expect(parts.end()).toBe(whole.end());
      }),
    );
  });

  test.each([
    ['words without an end', 'word '.repeat(2000)],
    ['one letter', 'a'.repeat(10_000)],
    ['ideographs', '今'.repeat(10_000)],
    ['emoji', '😀'.repeat(5000)],
    ['initials', 'A. '.repeat(4000)],
    ['blanks', ' '.repeat(10_000)],
    ['points', '.'.repeat(10_000)],
  ])('of %s without an end comes in parts of a length that can be spoken, no letter cut in two', (_what, text) => {
    const reader = new SentenceReader();
    const parts = [...reader.push(text), reader.end()];
    expect(parts.join('')).toBe(text);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(LONGEST_SENTENCE);
    expect(parts.every((part) => !/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(part))).toBe(true);
  });

  test.each([
    ['words', 'word '],
    ['initials', 'A. '],
    ['blanks', '     '],
    ['points and quotes', '."'],
  ])('of %s takes time that grows with the text and no faster', (_what, unit) => {
    // The text is looked at by `RegExp.prototype.exec` and `test` alone; what they are given tells the work.
    const lookedAt = (text: string) => {
      let count = 0;
      const reader = new SentenceReader();
      // eslint-disable-next-line @typescript-eslint/unbound-method -- both are called with the expression they belong to
      const { exec, test: testOf } = RegExp.prototype;
      const counting = <T>(real: (text: string) => T) =>
        function (this: RegExp, given: string): T {
          count += given.length - (this.global ? this.lastIndex : 0);
          return real.call(this, given);
        };
      try {
        Object.assign(RegExp.prototype, { exec: counting(exec), test: counting(testOf) });
        for (const letter of text) reader.push(letter);
      } finally {
        Object.assign(RegExp.prototype, { exec, test: testOf });
      }
      return count;
    };
    const short = lookedAt(unit.repeat(Math.ceil(3000 / unit.length)));
    expect(lookedAt(unit.repeat(Math.ceil(12_000 / unit.length)))).toBeLessThan(5 * short);
  });
});
