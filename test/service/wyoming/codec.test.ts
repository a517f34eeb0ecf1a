import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeEvent, EventReader, ProtocolError, type WyomingEvent } from '../../../src/service/wyoming/codec.js';
import { takeSentences } from '../../../src/service/wyoming/sentences.js';

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
    expect(takeSentences(text)).toEqual({ sentences, rest });
  });

  test('loses and adds nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('A', 'b', '.', '!', ' ', '\n', '3', '"', '…') }), (text) => {
        const { sentences, rest } = takeSentences(text);
        expect(sentences.join('') + rest).toBe(text);
      }),
    );
  });
});
