import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WaveFile } from 'wavefile';
import {
  encodeSound,
  fileExtensionOf,
  mediaTypeOf,
  openSoundEncoder,
  type Sound,
} from '../../../src/engine/production/index.js';
import { SOUND_FORMATS, type SoundFormat } from '../../../src/engine/options.js';
import { readWav } from '../../../src/engine/sound/index.js';
import { framesOf } from './adts.js';
import { decodeFlac } from './flac-decoder.js';

const RATE = 24_000;
const sine = (length: number, hertz = 220, peak = 0.5) =>
  Float32Array.from({ length }, (_, at) => peak * Math.sin((2 * Math.PI * hertz * at) / RATE));
const noise = (length: number, seed = 1) => {
  let state = seed;
  return Float32Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2 ** 31);
};
const sixteen = (samples: Float32Array) =>
  Array.from(samples, (sample) => Math.max(-32768, Math.min(32767, Math.round(sample * 32768))) || 0);

/** Sounds of one to three channels, loud, quiet, silent, constant and beyond full scale. */
const sounds: fc.Arbitrary<Sound> = fc
  .record({
    length: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 4000, max: 9000 })),
    kinds: fc.array(fc.constantFrom('sine', 'noise', 'silent', 'constant', 'loud', 'steps'), {
      minLength: 1,
      maxLength: 3,
    }),
    seed: fc.integer({ min: 1, max: 2 ** 30 }),
    sampleRateHz: fc.constantFrom(8_000, 24_000, 44_100, 96_000),
  })
  .map(({ length, kinds, seed, sampleRateHz }) => ({
    sampleRateHz,
    channels: kinds.map((kind) => {
      if (kind === 'sine') return sine(length, 100 + (seed % 900));
      if (kind === 'noise') return noise(length, seed);
      if (kind === 'loud') return noise(length, seed).map((sample) => 1.5 * sample);
      if (kind === 'steps') return Float32Array.from({ length }, (_, at) => (at % 7 < 3 ? 1 : -1));
      return new Float32Array(length).fill(kind === 'constant' ? 0.3 : 0);
    }),
  }));

async function stream(sound: Sound, format: SoundFormat, cuts: readonly number[]): Promise<Uint8Array> {
  const { channels, sampleRateHz } = sound;
  const encoder = await openSoundEncoder(format, { sampleRateHz, channelCount: channels.length });
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const to of [...cuts.map((cut) => cut % (channels[0]!.length + 1)).sort((a, b) => a - b), channels[0]!.length]) {
    parts.push(encoder.push(channels.map((channel) => channel.slice(from, to))));
    from = to;
  }
  return Buffer.concat([...parts, await encoder.end()]);
}

describe('FLAC', () => {
  test('gives back every sample, with its length and its check sum told', async () => {
    await fc.assert(
      fc.asyncProperty(sounds, async (sound) => {
        const decoded = decodeFlac(await encodeSound(sound, 'flac'));
        expect(decoded.channels).toEqual(sound.channels.map(sixteen));
        expect(decoded).toMatchObject({
          sampleRateHz: sound.sampleRateHz,
          toldFrameCount: sound.channels[0]!.length,
          md5Holds: true,
        });
      }),
      { numRuns: 40 },
    );
  });

  test('that is written while the sound comes has the same frames', async () => {
    await fc.assert(
      fc.asyncProperty(sounds, fc.array(fc.nat(9000), { maxLength: 4 }), async (sound, cuts) => {
        const streamed = await stream(sound, 'flac', cuts);
        const whole = await encodeSound(sound, 'flac');
        expect(decodeFlac(streamed)).toMatchObject({ toldFrameCount: 0, channels: sound.channels.map(sixteen) });
        expect(Buffer.compare(streamed.subarray(42), whole.subarray(42))).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  test('halves what is sound, and no noise makes it much larger than it is', async () => {
    const bytes = async (samples: Float32Array) =>
      (await encodeSound({ channels: [samples], sampleRateHz: RATE }, 'flac')).length / (2 * samples.length);
    expect(await bytes(sine(RATE))).toBeLessThan(0.5);
    expect(await bytes(noise(RATE))).toBeLessThan(1.01);
    expect(await bytes(new Float32Array(RATE))).toBeLessThan(0.01);
  });
});

describe('WAV', () => {
  test.each([
    ['wav16', '16', 2 ** -16],
    ['wav24', '24', 2 ** -24],
    ['wavFloat', '32f', 0],
  ] as const)('%s is read by others as what it is, whole or streamed', async (format, depth, error) => {
    await fc.assert(
      fc.asyncProperty(sounds, fc.array(fc.nat(9000), { maxLength: 3 }), async (sound, cuts) => {
        const bytes = await encodeSound(sound, format);
        const wav = new WaveFile(bytes);
        expect(wav.bitDepth).toBe(depth);
        const told = wav.fmt as { numChannels: number; sampleRate: number };
        expect(told).toMatchObject({ numChannels: sound.channels.length, sampleRate: sound.sampleRateHz });
        expect(bytes.length % 2).toBe(0);
        for (const file of [bytes, await stream(sound, format, cuts)]) {
          const { samples } = readWav(file);
          expect(samples.length).toBe(sound.channels[0]!.length);
          for (const [at, sample] of samples.entries()) {
            const clipped = (value: number) => (error === 0 ? value : Math.max(-1, Math.min(1 - 2 * error, value)));
            const mean =
              sound.channels.reduce((sum, channel) => sum + clipped(channel[at]!), 0) / sound.channels.length;
            expect(Math.abs(sample - mean)).toBeLessThanOrEqual(error + 1e-7);
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  test('without samples is a whole file all the same', async () => {
    const empty = { channels: [new Float32Array(0)], sampleRateHz: RATE };
    expect((await encodeSound(empty, 'wav16')).length).toBe(44);
    expect((await stream(empty, 'wav24', [])).length).toBe(44);
  });
});

describe('MP3', () => {
  /** Frames of an MPEG layer 3 stream, by their headers alone. */
  function readFrames(bytes: Uint8Array) {
    const frames: { version: number; rateHz: number; kbps: number; mono: boolean; samples: number }[] = [];
    for (let at = 0; at + 4 <= bytes.length;) {
      const [a, b, c, d] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!];
      if (a !== 0xff || (b & 0xe6) !== 0xe2) throw new Error(`no frame at ${at}`);
      const version = (b >> 3) & 3; // 3: MPEG-1, 2: MPEG-2
      const rateHz = [44_100, 48_000, 32_000][(c >> 2) & 3]! / (version === 3 ? 1 : 2);
      const kbps =
        version === 3
          ? [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320][c >> 4]!
          : [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160][c >> 4]!;
      const samples = version === 3 ? 1152 : 576;
      frames.push({ version, rateHz, kbps, mono: d >> 6 === 3, samples });
      at += Math.floor((samples / 8) * ((1000 * kbps) / rateHz)) + ((c >> 1) & 1);
    }
    return frames;
  }

  test('at 24 kHz is MPEG-2 at the asked bit rate, as long as the sound and a frame or three', async () => {
    const bytes = await encodeSound({ channels: [sine(2 * RATE)], sampleRateHz: RATE }, 'mp3', { mp3BitrateKbps: 62 });
    const [info, ...frames] = readFrames(bytes);
    expect(info).toMatchObject({ version: 2, rateHz: RATE, mono: true });
    expect(new Set(frames.map((frame) => JSON.stringify(frame))).size).toBe(1);
    expect(frames[0]).toEqual({ version: 2, rateHz: RATE, kbps: 64, mono: true, samples: 576 });
    const seconds = (frames.length * 576) / RATE;
    expect(seconds).toBeGreaterThanOrEqual(2);
    expect(seconds).toBeLessThan(2.1);
  });

  test('for loudspeakers that want 44.1 kHz is MPEG-1, stereo where the sound is', async () => {
    const sound = { channels: [sine(RATE), sine(RATE, 330)], sampleRateHz: RATE };
    const [, ...frames] = readFrames(await encodeSound(sound, 'mp3', { mp3SampleRateHz: 44_100 }));
    expect(frames[0]).toEqual({ version: 3, rateHz: 44_100, kbps: 160, mono: false, samples: 1152 });
    expect((frames.length * 1152) / 44_100).toBeGreaterThanOrEqual(1);
  });

  test('written while the sound comes is the same file, but for the frame that tells its length', async () => {
    const sound = { channels: [sine(RATE)], sampleRateHz: RATE };
    const whole = Buffer.from(await encodeSound(sound, 'mp3'));
    const streamed = await stream(sound, 'mp3', [10, 600, 9000]);
    const info = whole.subarray(0, whole.length - streamed.length);
    expect(info.includes('Info')).toBe(true);
    expect(whole.subarray(info.length).equals(streamed)).toBe(true);
  });

  test('with more than two channels, or another rate, is refused', async () => {
    const channels = [sine(10), sine(10), sine(10)];
    await expect(encodeSound({ channels, sampleRateHz: RATE }, 'mp3')).rejects.toMatchObject({
      code: 'HIGGS_OPTION_INVALID',
    });
    const mono = { channels: [sine(10)], sampleRateHz: RATE };
    await expect(encodeSound(mono, 'mp3', { mp3SampleRateHz: 12_345 })).rejects.toMatchObject({
      code: 'HIGGS_OPTION_INVALID',
    });
  });
});

describe('AAC', () => {
  /** What the headers of its frames of 1024 samples say. */
  const readFrames = (bytes: Uint8Array) =>
    framesOf(bytes).map((frame) => ({
      rate: (frame[2]! >> 2) & 15,
      channelCount: ((frame[2]! & 1) << 2) | (frame[3]! >> 6),
    }));

  test('of a sound in odd parts is the same bytes as of the whole', async () => {
    const speechLike = noise(RATE).map((sample, at) => sample * Math.sin((Math.PI * at * 4) / RATE) ** 2);
    for (const channels of [[speechLike], [sine(RATE), speechLike]]) {
      const whole = await encodeSound({ channels, sampleRateHz: RATE }, 'aac');
      const streamed = await stream({ channels, sampleRateHz: RATE }, 'aac', [1, 7, 600, 601, 9000]);
      expect(Buffer.compare(streamed, whole)).toBe(0);
      // 48 kHz: the sound's frames, and the encoder's first one.
      const count = Math.ceil((2 * RATE) / 1024) + 1;
      expect(readFrames(whole)).toEqual(
        Array.from({ length: count }, () => ({ rate: 3, channelCount: channels.length })),
      );
    }
  });

  test('is encoded where another package has made a global Worker, which stays', async () => {
    const worker = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
    Object.defineProperty(globalThis, 'Worker', { value: Worker, configurable: true });
    try {
      expect(readFrames(await encodeSound({ channels: [sine(RATE)], sampleRateHz: RATE }, 'aac'))).not.toHaveLength(0);
      expect(Reflect.get(globalThis, 'Worker')).toBe(Worker);
    } finally {
      if (worker === undefined) Reflect.deleteProperty(globalThis, 'Worker');
      else Object.defineProperty(globalThis, 'Worker', worker);
    }
  });

  test('of no sound is a file of frames all the same, and what is no number is silence', async () => {
    const empty = { channels: [new Float32Array(0)], sampleRateHz: RATE };
    expect(readFrames(await encodeSound(empty, 'aac'))).toHaveLength(2);
    expect(readFrames(await stream(empty, 'aac', []))).toHaveLength(2);
    const broken = { channels: [Float32Array.of(Number.NaN, Infinity, 9)], sampleRateHz: RATE };
    expect(readFrames(await encodeSound(broken, 'aac'))).toHaveLength(2);
  });

  test('with more than two channels, or a rate that it does not have, is refused', async () => {
    for (const sound of [
      { channels: [sine(9), sine(9), sine(9)], sampleRateHz: RATE },
      { channels: [sine(9)], sampleRateHz: 12_345 },
    ]) {
      await expect(encodeSound(sound, 'aac')).rejects.toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
    }
  });
});

test('raw PCM is the samples and nothing else', async () => {
  const channels = [Float32Array.of(0, 1, -1), Float32Array.of(0.5, -0.5, Number.NaN)];
  const bytes = await encodeSound({ channels, sampleRateHz: RATE }, 'pcm16');
  const view = Buffer.from(bytes);
  expect([0, 2, 4, 6, 8, 10].map((at) => view.readInt16LE(at))).toEqual([0, 16384, 32767, -16384, -32768, 0]);
});

test('every format has a media type and a file ending, and refuses what is no sound', async () => {
  for (const format of SOUND_FORMATS) {
    expect(mediaTypeOf(format)).toMatch(/^(audio|application)\//);
    expect(fileExtensionOf(format)).toMatch(/^\.[a-z0-9]+$/);
    await expect(openSoundEncoder(format, { sampleRateHz: 0, channelCount: 1 })).rejects.toThrow('"sampleRateHz"');
    await expect(encodeSound({ channels: [], sampleRateHz: RATE }, format)).rejects.toThrow('"channelCount"');
    const uneven = { channels: [sine(3), sine(4)], sampleRateHz: RATE };
    await expect(encodeSound(uneven, format)).rejects.toThrow('same length');
  }
  await expect(openSoundEncoder('ogg' as never, { sampleRateHz: RATE, channelCount: 1 })).rejects.toThrow('"format"');
});
