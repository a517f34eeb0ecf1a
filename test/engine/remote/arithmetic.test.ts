import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventsOf } from '../../../src/engine/remote/events.js';
import { PcmReader } from '../../../src/engine/remote/pcm.js';
import { baseAddress } from '../../../src/engine/remote/server.js';

/** `bytes` cut at the places that `cuts` name. */
function* pieces(bytes: Uint8Array, cuts: readonly number[]): Generator<Uint8Array> {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...places, bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

describe('raw samples', () => {
  test('are the same wherever the bytes are cut', () => {
    const samples = fc.array(fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }), { maxLength: 40 });
    fc.assert(
      fc.property(samples, fc.array(fc.nat(), { maxLength: 8 }), (values, cuts) => {
        const bytes = Buffer.alloc(2 * values.length);
        values.forEach((value, at) => bytes.writeInt16LE(value, 2 * at));
        const reader = new PcmReader();
        const read = [...pieces(bytes, cuts)].flatMap((piece) => [...reader.push(piece)]);
        expect(read).toEqual(values.map((value) => value / 2 ** 15));
        expect(reader.isCut).toBe(false);
      }),
    );
  });

  test('that end with half a sample are known to be cut', () => {
    const reader = new PcmReader();
    reader.push(Uint8Array.of(1, 2, 3));
    expect(reader.isCut).toBe(true);
  });
});

describe('events', () => {
  const read = async (text: string, cuts: readonly number[] = []): Promise<string[]> => {
    async function* parts() {
      for (const piece of pieces(Buffer.from(text, 'utf8'), cuts)) yield await Promise.resolve(piece);
    }
    const found: string[] = [];
    for await (const event of eventsOf(parts())) found.push(event);
    return found;
  };

  test('are the same wherever the bytes are cut and whatever ends the lines', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\r\n]/u.test(text));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(), { maxLength: 8 }),
        async (events, end, cuts) => {
          const text = events.map((event) => `: a comment${end}data: ${event}${end}${end}`).join('');
          expect(await read(text, cuts)).toEqual(events);
        },
      ),
    );
  });

  test('of several data lines are one text, and one that has no end yet is none', async () => {
    expect(await read('event: x\ndata: a\ndata: b\n\ndata: c\n')).toEqual(['a\nb']);
  });
});

describe('a base address', () => {
  test.each([
    ['http://gpu:8000', 'http://gpu:8000/v1/'],
    ['http://gpu:8000/', 'http://gpu:8000/v1/'],
    ['https://gpu.example/higgs/v1', 'https://gpu.example/higgs/v1/'],
    ['http://gpu:8000/v1/?x=1#y', 'http://gpu:8000/v1/'],
  ])('%s stands for %s', (text, address) => {
    expect(baseAddress(text).href).toBe(address);
  });

  test.each(['gpu:8000', 'ftp://gpu', 'not an address', ''])('"%s" is refused', (text) => {
    expect(() => baseAddress(text)).toThrow(expect.objectContaining({ code: 'HIGGS_OPTION_INVALID' }));
  });

  test('with a password is refused without telling it', () => {
    const refused = expect(() => baseAddress('http://me:secret@gpu:8000'));
    refused.toThrow(expect.objectContaining({ code: 'HIGGS_OPTION_INVALID' }));
    refused.not.toThrow(/secret/u);
  });
});
