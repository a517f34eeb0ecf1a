import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WaveFile } from 'wavefile';
import { HiggsError } from '../../../src/engine/errors.js';
import { encodeWav, readWav, wavSeconds } from '../../../src/engine/sound/index.js';
import { largestDifference } from '../../helpers/compare.js';

const sine = (length: number, peak = 0.7) => Float32Array.from({ length }, (_, at) => peak * Math.sin(at / 9));

/** A WAV file byte by byte, for what no library writes. */
function wavBytes(options: {
  tag?: number;
  channels?: number;
  rate?: number;
  bits?: number;
  data: Uint8Array;
  fmtExtra?: Uint8Array;
  before?: Buffer;
  dataSize?: number;
}): Buffer {
  const { tag = 1, channels = 1, rate = 24_000, bits = 16, data, fmtExtra = new Uint8Array(0), before } = options;
  const block = (channels * bits) / 8;
  const fmt = Buffer.alloc(24 + fmtExtra.length);
  fmt.write('fmt ', 0);
  fmt.writeUInt32LE(16 + fmtExtra.length, 4);
  fmt.writeUInt16LE(tag, 8);
  fmt.writeUInt16LE(channels, 10);
  fmt.writeUInt32LE(rate, 12);
  fmt.writeUInt32LE((rate * block) % 2 ** 32, 16);
  fmt.writeUInt16LE(block, 20);
  fmt.writeUInt16LE(bits, 22);
  fmt.set(fmtExtra, 24);
  const head = Buffer.alloc(8);
  head.write('data', 0);
  head.writeUInt32LE(options.dataSize ?? data.length, 4);
  const body = Buffer.concat([Buffer.from('WAVE'), before ?? Buffer.alloc(0), fmt, head, data]);
  const riff = Buffer.alloc(8);
  riff.write('RIFF', 0);
  riff.writeUInt32LE(body.length, 4);
  return Buffer.concat([riff, body]);
}
const pcm16 = (samples: ArrayLike<number>) => new Uint8Array(Int16Array.from(samples).buffer);

describe('reading', () => {
  test.each([
    ['8', 1 / 128, (x: number) => Math.round(x * 127 + 128)],
    ['16', 1 / 32_768, (x: number) => Math.round(x * 32_768)],
    ['24', 2 ** -23, (x: number) => Math.round(x * 2 ** 23)],
    ['32', 1e-7, (x: number) => Math.round(x * 2 ** 31)],
    ['32f', 1e-7, (x: number) => x],
    ['64', 1e-7, (x: number) => x],
  ])('%s-bit samples come back as they were', (bits, tolerance, write) => {
    const samples = sine(2000);
    for (const container of ['RIFF', 'RIFX']) {
      const wav = new WaveFile();
      wav.fromScratch(1, 44_100, bits, Array.from(samples, write), { container });
      const recording = readWav(wav.toBuffer());
      expect(recording).toMatchObject({ sampleRateHz: 44_100, channels: 1 });
      expect(largestDifference(recording.samples, samples)).toBeLessThan(tolerance * 1.5);
    }
  });

  test.each([
    ['A-law', (wav: WaveFile) => wav.toALaw(), 0.02],
    ['µ-law', (wav: WaveFile) => wav.toMuLaw(), 0.02],
  ])('%s is decoded', (_name, compress, tolerance) => {
    const samples = sine(5050);
    const wav = new WaveFile();
    wav.fromScratch(
      1,
      8000,
      '16',
      Array.from(samples, (x) => Math.round(x * 32_767)),
    );
    compress(wav);
    const recording = readWav(wav.toBuffer());
    const settled = recording.samples.subarray(100, 5000);
    expect(largestDifference(settled, samples.subarray(100, 5000))).toBeLessThan(tolerance);
  });

  test('channels are mixed into one, whatever their number', () => {
    const left = sine(1000, 0.5);
    const right = sine(1000, 0.3).map((x) => -x);
    const wav = new WaveFile();
    wav.fromScratch(2, 48_000, '32f', [left, right]);
    const mean = left.map((x, at) => (x + right[at]!) / 2);
    const recording = readWav(wav.toBuffer());
    expect(recording.channels).toBe(2);
    expect(largestDifference(recording.samples, mean)).toBeLessThan(1e-6);

    const six = wavBytes({ channels: 6, data: pcm16(Array.from({ length: 600 }, (_, at) => (at % 6) * 100)) });
    expect(Array.from(readWav(six).samples)).toEqual(Array<number>(100).fill(Math.fround(250 / 32_768)));
  });

  test('a long recording is read slice by slice without a seam', () => {
    const samples = sine(500_000);
    expect(largestDifference(readWav(encodeWav(samples, { bits: 24 })).samples, samples)).toBeLessThan(2 ** -23);
  });

  test('the extensible format is read by its subformat', () => {
    const extra = Buffer.alloc(24);
    extra.writeUInt16LE(22, 0);
    extra.writeUInt16LE(20, 2); // 20 of 24 bits are valid; they are the upper ones.
    extra.writeUInt16LE(1, 8);
    const data = Uint8Array.of(0, 0, 0x40, 0, 0, 0xc0);
    const file = wavBytes({ tag: 0xfffe, bits: 24, data, fmtExtra: extra });
    expect(Array.from(readWav(file).samples)).toEqual([0.5, -0.5]);
    extra.writeUInt16LE(3, 8);
    const floats = new Uint8Array(Float32Array.of(0.25, -0.75).buffer);
    expect(Array.from(readWav(wavBytes({ tag: 0xfffe, bits: 32, data: floats, fmtExtra: extra })).samples)).toEqual([
      0.25, -0.75,
    ]);
  });

  test('chunks that say nothing about the sound are passed over, odd lengths included', () => {
    const list = Buffer.from('LIST\x05\x00\x00\x00abcde\x00bext\x02\x00\x00\x00xx', 'latin1');
    expect(Array.from(readWav(wavBytes({ before: list, data: pcm16([16_384]) })).samples)).toEqual([0.5]);
  });

  test('a file cut short, or written as a stream that did not know its length, is read as far as it goes', () => {
    const data = pcm16([1, 2, 3, 4]);
    expect(readWav(wavBytes({ data, dataSize: 0xffff_ffff })).samples).toHaveLength(4);
    expect(readWav(wavBytes({ data, dataSize: 800 })).samples).toHaveLength(4);
    expect(readWav(wavBytes({ data }).subarray(0, -3)).samples).toHaveLength(2);
  });

  test('an RF64 file, whose lengths stand elsewhere, is read', () => {
    const lengths = Buffer.alloc(8 + 28);
    lengths.write('ds64');
    lengths.writeUInt32LE(28, 4);
    const file = wavBytes({ before: lengths, data: pcm16([8192, -8192]), dataSize: 0xffff_ffff });
    file.write('RF64');
    expect(Array.from(readWav(file).samples)).toEqual([0.25, -0.25]);
  });

  test('the length in seconds is known from the header', () => {
    expect(wavSeconds(encodeWav(sine(36_000)))).toBe(1.5);
  });

  test.each([
    ['nothing', new Uint8Array(0), 'is empty'],
    ['text', Buffer.from('this is no sound at all'), 'is no WAV file'],
    ['an MP3 file', Buffer.from('ID3\x04\x00\x00\x00\x00\x00\x00more'), 'is an MP3 file'],
    ['an Ogg file', Buffer.from('OggS and so on and on'), 'is an Ogg file'],
    ['an M4A file', Buffer.from('\x00\x00\x00\x20ftypM4A more'), 'is an MP4 or M4A file'],
    ['a header alone', wavBytes({ data: new Uint8Array(0) }), 'holds no samples'],
    ['half a sample', wavBytes({ data: new Uint8Array(1) }), 'holds no samples'],
    ['no channels', wavBytes({ channels: 0, data: pcm16([1]) }), 'claims to have 0 channels'],
    ['a rate of 0', wavBytes({ rate: 0, data: pcm16([1]) }), 'claims to have 0 samples a second'],
    ['a rate of 4 GHz', wavBytes({ rate: 0xffff_ffff, data: pcm16([1]) }), 'samples a second'],
    ['ADPCM', wavBytes({ tag: 0x11, bits: 4, data: pcm16([1]) }), 'coding that is not supported'],
    ['MP3 within WAV', wavBytes({ tag: 0x55, data: pcm16([1]) }), 'coding that is not supported'],
    ['no format', Buffer.from('RIFF\x0c\x00\x00\x00WAVEdata\x04\x00\x00\x00abcd', 'latin1'), 'no description'],
    ['a float that is none', wavBytes({ tag: 3, bits: 32, data: new Uint8Array(4).fill(255) }), 'no numbers'],
  ])('%s is refused as unreadable, and it says why', (_name, bytes, reason) => {
    expect(() => readWav(bytes)).toThrow(reason);
    try {
      readWav(bytes);
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'HIGGS_CLIP_UNREADABLE' });
    }
  });

  test('a header of a thousand lists within lists ends at once', () => {
    const lists = Buffer.concat(Array.from({ length: 1000 }, () => Buffer.from('LIST\x04\x00\x00\x00INFO', 'latin1')));
    expect(readWav(wavBytes({ before: lists, data: pcm16([1, 2]) })).samples).toHaveLength(2);
  });

  test('a file of empty parts without end is refused after some thousand of them, and in time', () => {
    const parts = (count: number): Buffer => {
      const file = Buffer.alloc(12 + 8 * count);
      file.write('RIFF', 0);
      file.write('WAVE', 8);
      for (let part = 0; part < count; part++) file.write('junk', 12 + 8 * part);
      return file;
    };
    const millisecondsFor = (count: number): number => {
      const file = parts(count);
      const begun = performance.now();
      expect(() => readWav(file)).toThrow(HiggsError);
      return performance.now() - begun;
    };
    expect(() => readWav(parts(1_000))).toThrow('has no description of its format');
    expect(() => readWav(parts(1_000_000))).toThrow('has more than 10000 parts');
    // A hundred times the file costs no more: 8 MB took 12 s.
    millisecondsFor(10_000);
    expect(millisecondsFor(1_000_000)).toBeLessThan(20 * millisecondsFor(10_000) + 50);
  });

  test('whatever bytes change, a file is read or refused, in time', () => {
    const files = (['16', '24', '32f', '8a', '4'] as const).map((bits) => {
      const wav = new WaveFile();
      wav.fromScratch(
        1,
        8000,
        '16',
        Array.from(sine(600), (x) => Math.round(x * 30_000)),
      );
      if (bits === '8a') wav.toALaw();
      else if (bits === '4') wav.toIMAADPCM();
      else wav.toBitDepth(bits);
      return wav.toBuffer();
    });
    const change = fc.record({ at: fc.nat(80), value: fc.integer({ min: 0, max: 255 }) });
    const changes = fc.array(change, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...files), changes, fc.nat(700), (file, edits, cut) => {
        const broken = file.slice(0, Math.max(0, file.length - cut));
        for (const { at, value } of edits) if (at < broken.length) broken[at] = value;
        try {
          const { samples, channels, sampleRateHz } = readWav(broken);
          expect(samples.length).toBeGreaterThan(0);
          expect(channels).toBeGreaterThan(0);
          expect(sampleRateHz).toBeGreaterThanOrEqual(1000);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(HiggsError);
          expect(thrown).toMatchObject({ code: 'HIGGS_CLIP_UNREADABLE' });
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('random bytes after a RIFF header are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        const file = Buffer.concat([Buffer.from('RIFF\x00\x00\x00\x00WAVE', 'latin1'), noise]);
        try {
          readWav(file);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'HIGGS_CLIP_UNREADABLE' });
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('writing', () => {
  test('16 bits unless asked for more, mono, 24 kHz, and the same samples give the same bytes', () => {
    const file = encodeWav(sine(100));
    const wav = new WaveFile(file);
    expect(wav.fmt).toMatchObject({ audioFormat: 1, numChannels: 1, sampleRate: 24_000, bitsPerSample: 16 });
    expect(file.length).toBe(44 + 200);
    expect(encodeWav(sine(100))).toEqual(file);
  });

  test('values are rounded to the nearest step and clipped at full scale', () => {
    const step = 1 / 32_768;
    const file = encodeWav(Float32Array.of(0, 0.4 * step, 0.6 * step, -0.6 * step, 1, 2, -1, -2));
    expect(Array.from(new WaveFile(file).getSamples())).toEqual([0, 0, 1, -1, 32_767, 32_767, -32_768, -32_768]);
  });

  test('every 16-bit file is written again as it was read', () => {
    const all = Int16Array.from({ length: 65_536 }, (_, at) => at - 32_768);
    const file = wavBytes({ data: new Uint8Array(all.buffer) });
    expect(Buffer.from(encodeWav(readWav(file).samples)).equals(file)).toBe(true);
  });

  test('24 bits and floats keep more', () => {
    const samples = sine(1000);
    expect(largestDifference(readWav(encodeWav(samples, { bits: 24 })).samples, samples)).toBeLessThan(2 ** -23);
    expect(readWav(encodeWav(samples, { bits: 32 })).samples).toEqual(samples);
  });
});
