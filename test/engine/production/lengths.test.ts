/** Every form's length as others read it: ffprobe and ffmpeg (Debian's ffmpeg), and the `wave` of Python. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { padFrame } from '../../../src/engine/production/adts-padding.js';
import { encodeSound, fileExtensionOf, openSoundEncoder } from '../../../src/engine/production/index.js';
import type { SoundFormat } from '../../../src/engine/options.js';
import { temporaryFolder } from '../../engine-kit.js';
import { skipWithout } from '../../helpers/programs.js';
import { framesOf } from './adts.js';
import { noise } from './signals.js';

const RATE = 24_000;
const folder = temporaryFolder();

const sine = (seconds: number, hertz = 220) =>
  Float32Array.from(
    { length: Math.round(seconds * RATE) },
    (_, at) => 0.5 * Math.sin((2 * Math.PI * hertz * at) / RATE),
  );
const soundOf = (seconds: number, channelCount: number) => ({
  channels: Array.from({ length: channelCount }, (_, channel) => sine(seconds, 220 + 110 * channel)),
  sampleRateHz: RATE,
});

function fileOf(bytes: Uint8Array, format: SoundFormat): string {
  const file = path.join(folder, `sound${fileExtensionOf(format)}`);
  fs.writeFileSync(file, bytes);
  return file;
}

function probedSeconds(file: string): number {
  const wanted = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0'];
  return Number(execFileSync('ffprobe', [...wanted, file], { encoding: 'utf8' }));
}

/** Samples of a channel after decoding, at `rateHz`. */
function decoded(file: string, rateHz: number): Float32Array {
  const raw = ['-f', 'f32le', '-ac', '1', '-ar', String(rateHz), '-'];
  const bytes = execFileSync('ffmpeg', ['-v', 'error', '-i', file, ...raw], { maxBuffer: 1e9 });
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const LENGTHS = [0.3, 1, 2.345, 61];
const WHOLE = ['wav16', 'wav24', 'wavFloat', 'flac', 'mp3', 'opus'] as const;
/** Of an AAC frame in ADTS. */
const AAC_FRAME_SECONDS = 1024 / 48_000;

describe('a whole sound', () => {
  beforeEach((context) => skipWithout(context, 'ffprobe', 'ffmpeg'));

  describe.each(WHOLE)('as %s', (format) => {
    test.each(LENGTHS)('of %d s is as long to ffprobe', async (seconds) => {
      for (const channelCount of [1, 2]) {
        const file = fileOf(await encodeSound(soundOf(seconds, channelCount), format), format);
        expect(Math.abs(probedSeconds(file) - seconds)).toBeLessThan(0.05);
      }
    });

    test('has its samples where they were, none before and none behind', async () => {
      const tone = sine(2.345);
      const [from, to] = [RATE, 2 * RATE];
      const samples = tone.map((sample, at) => (at >= from && at < to ? sample : 0));
      const bytes = await encodeSound({ channels: [samples], sampleRateHz: RATE }, format);
      const heard = decoded(fileOf(bytes, format), RATE);
      // Behind an MP3 a frame of silence may stay.
      const behind = heard.length - samples.length;
      expect(Math.abs(behind - (format === 'mp3' ? 288 : 0))).toBeLessThanOrEqual(format === 'mp3' ? 289 : 1);
      const isLoud = (sample: number) => Math.abs(sample) > 0.2;
      expect(Math.abs(heard.findIndex(isLoud) - samples.findIndex(isLoud))).toBeLessThan(0.005 * RATE);
      expect(Math.abs(heard.findLastIndex(isLoud) - samples.findLastIndex(isLoud))).toBeLessThan(0.005 * RATE);
    });
  });

  // No header tells an ADTS file's length: ffprobe takes it by the bytes of the first frames.
  test.each(LENGTHS)('of %d s as AAC is as long to ffprobe', async (seconds) => {
    for (const channelCount of [1, 2]) {
      const file = fileOf(await encodeSound(soundOf(seconds, channelCount), 'aac'), 'aac');
      expect(Math.abs(probedSeconds(file) - seconds)).toBeLessThan(0.05);
    }
  });

  test('of noise between pauses as AAC is as long to ffprobe, though its frames are long and short', async () => {
    const samples = noise(30).map((sample, at) => (at % (3 * RATE) < RATE ? sample : 0));
    const file = fileOf(await encodeSound({ channels: [samples], sampleRateHz: RATE }, 'aac'), 'aac');
    expect(Math.abs(probedSeconds(file) - 30)).toBeLessThan(0.05);
  });

  test('whose AAC frames are filled up to any length sounds the same to the sample', async () => {
    const bytes = await encodeSound({ channels: [noise(2)], sampleRateHz: RATE }, 'aac');
    const frames = framesOf(bytes);
    const whole = decoded(fileOf(bytes, 'aac'), RATE);
    for (const first of [1, 2, 15, 16, 17, 120, 271, 280, 600]) {
      const filled = frames.map((frame, index) => padFrame(frame, frame.length + ((first + index) % 700)));
      expect(filled.map(({ length }) => length)).toEqual(framesOf(Buffer.concat(filled)).map(({ length }) => length));
      expect(decoded(fileOf(Buffer.concat(filled), 'aac'), RATE)).toEqual(whole);
    }
  });

  test('as AAC has its samples a frame of the encoder later', async () => {
    const samples = sine(2.345).map((sample, at) => (at >= RATE && at < 2 * RATE ? sample : 0));
    const heard = decoded(fileOf(await encodeSound({ channels: [samples], sampleRateHz: RATE }, 'aac'), 'aac'), RATE);
    const isLoud = (sample: number) => Math.abs(sample) > 0.2;
    const late = AAC_FRAME_SECONDS * RATE;
    expect(Math.abs(heard.findIndex(isLoud) - samples.findIndex(isLoud) - late)).toBeLessThan(0.005 * RATE);
    expect(Math.abs(heard.findLastIndex(isLoud) - samples.findLastIndex(isLoud) - late)).toBeLessThan(0.005 * RATE);
  });

  test('as MP3 for loudspeakers that want 44.1 kHz is as long, too', async () => {
    const options = { mp3SampleRateHz: 44_100 };
    const file = fileOf(await encodeSound(soundOf(2.345, 1), 'mp3', options), 'mp3');
    expect(Math.abs(probedSeconds(file) - 2.345)).toBeLessThan(0.05);
    expect(Math.abs(decoded(file, 44_100).length - 2.345 * 44_100)).toBeLessThan(1152);
  });
});

test('Opus that was streamed in uneven parts is as long', async (context) => {
  skipWithout(context, 'ffprobe', 'ffmpeg');
  const { channels } = soundOf(2.345, 1);
  const encoder = await openSoundEncoder('opus', { sampleRateHz: RATE, channelCount: 1 });
  const parts: Uint8Array[] = [];
  const cuts = [0, 1, 480, 481, 5000, 30_000];
  for (const [index, from] of cuts.entries()) parts.push(encoder.push([channels[0]!.subarray(from, cuts[index + 1])]));
  const file = fileOf(Buffer.concat([...parts, await encoder.end()]), 'opus');
  expect(Math.abs(probedSeconds(file) - 2.345)).toBeLessThan(0.05);
  expect(Math.abs(decoded(file, RATE).length - channels[0]!.length)).toBeLessThanOrEqual(1);
});

describe('to the wave of Python', () => {
  beforeEach((context) => skipWithout(context, 'python3'));

  test.each(['wav16', 'wav24'] as const)('a whole sound as %s is as long', async (format) => {
    for (const seconds of LENGTHS) {
      const file = fileOf(await encodeSound(soundOf(seconds, 2), format), format);
      const program = 'import sys, wave; f = wave.open(sys.argv[1]); print(f.getnframes() / f.getframerate())';
      expect(Number(execFileSync('python3', ['-c', program, file], { encoding: 'utf8' }))).toBeCloseTo(seconds, 3);
    }
  });
});
