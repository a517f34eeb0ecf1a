import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockLevels, fade, loudnessOf, mixBed, peakOf, SilenceWatch } from '../../../src/engine/sound/index.js';

const RATE = 24_000;
const tone = (seconds: number, peak: number, hertz = 300) =>
  Float32Array.from(
    { length: Math.round(seconds * RATE) },
    (_, at) => peak * Math.sin((2 * Math.PI * hertz * at) / RATE),
  );
const silence = (seconds: number) => new Float32Array(Math.round(seconds * RATE));
const join = (...parts: Float32Array[]) => Float32Array.from(parts.flatMap((part) => Array.from(part)));
/** The level in dB between two times. */
const levelBetween = (samples: Float32Array, from: number, to: number) =>
  loudnessOf(blockLevels(samples.slice(Math.round(from * RATE), Math.round(to * RATE))));

describe('a bed', () => {
  const speech = tone(2, 0.2);
  const flat = { fadeInSeconds: 0, fadeOutSeconds: 0 };

  test('plays alone before and after the speech, and lower under it', () => {
    const settings = { ...flat, gainDb: -20, duckDb: -10, leadInSeconds: 2, tailSeconds: 3 };
    const bed = tone(10, 1, 1000);
    const { samples, speechStartSeconds, turnedDownDb } = mixBed(speech, bed, settings);
    expect(samples.length).toBe(7 * RATE);
    expect(speechStartSeconds).toBe(2);
    expect(turnedDownDb).toBe(0);
    const alone = -20 - 3.01;
    expect(levelBetween(samples, 0, 1.7)).toBeCloseTo(alone, 1);
    expect(levelBetween(samples, 5.5, 7)).toBeCloseTo(alone, 1);
    const under = samples.slice(2 * RATE, 4 * RATE).map((sample, at) => sample - speech[at]!);
    expect(loudnessOf(blockLevels(under))).toBeCloseTo(alone - 10, 1);
  });

  test('comes down before the first word and up after the last, never by a jump', () => {
    const { samples } = mixBed(speech, tone(10, 1, 1000), { ...flat, gainDb: -20, duckDb: -20 });
    const bed = samples.slice(0, RATE);
    const levels = blockLevels(bed);
    for (let block = 1; block < levels.length; block++)
      expect(Math.abs(levels[block]! - levels[block - 1]!)).toBeLessThan(1.5);
    expect(levels.at(-1)).toBeLessThan(-38);
  });

  test('does not pump between words', () => {
    const words = join(tone(0.5, 0.2), silence(0.4), tone(0.5, 0.2));
    const { samples } = mixBed(words, tone(10, 1, 1000), { ...flat, gainDb: -20, duckDb: -15 });
    expect(levelBetween(samples, 1.55, 1.85)).toBeCloseTo(-20 - 3.01 - 15, 0);
  });

  test('that is too short is looped without a click, or ends where it ends', () => {
    const short = tone(0.7, 0.5, 100);
    const settings = { ...flat, gainDb: 0, duckDb: 0, leadInSeconds: 0, tailSeconds: 3 };
    const looped = mixBed(silence(1), short, settings).samples;
    expect(levelBetween(looped, 3.5, 4)).toBeGreaterThan(-12);
    let jump = 0;
    for (let at = 1; at < looped.length; at++) jump = Math.max(jump, Math.abs(looped[at]! - looped[at - 1]!));
    expect(jump).toBeLessThan(0.03);
    const once = mixBed(silence(1), short, { ...settings, loop: false, fadeOutSeconds: 0.2 }).samples;
    expect(once.length).toBe(looped.length);
    expect(peakOf(once.slice(0.7 * RATE))).toBe(0);
    expect(Math.abs(once[Math.round(0.7 * RATE) - 1]!)).toBeLessThan(1e-3);
  });

  test('fades in and out', () => {
    const { samples } = mixBed(silence(1), tone(9, 0.5), { gainDb: 0, fadeInSeconds: 1, fadeOutSeconds: 1 });
    const full = levelBetween(samples, 1.2, 2);
    expect(levelBetween(samples, 0, 0.2)).toBeLessThan(full - 15);
    expect(levelBetween(samples, samples.length / RATE - 0.2, samples.length / RATE)).toBeLessThan(full - 15);
  });

  test('never clips, and the balance of speech and bed stays', () => {
    const loud = tone(2, 0.9);
    const { samples, turnedDownDb } = mixBed(loud, tone(5, 1, 1000), {
      ...flat,
      gainDb: 6,
      duckDb: -6,
      leadInSeconds: 0.5,
      tailSeconds: 2.5,
    });
    expect(peakOf(samples)).toBeLessThan(0.9891);
    expect(turnedDownDb).toBeGreaterThan(3);
    const scale = 10 ** (-turnedDownDb / 20);
    expect(levelBetween(samples, 4, 5) - 20 * Math.log10(scale)).toBeCloseTo(6 - 3.01, 0);
  });

  test('refuses settings out of range by name', () => {
    expect(() => mixBed(speech, speech, { duckDb: 3 })).toThrow(/duckDb/);
  });

  test('gives finite samples within full scale for whatever comes in', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ maxLength: 3000, noNaN: true, min: -1, max: 1 }),
        fc.float32Array({ maxLength: 300, noNaN: true, min: -1, max: 1 }),
        fc.boolean(),
        (words, music, loop) => {
          const { samples } = mixBed(words, music, { loop, gainDb: 12, leadInSeconds: 0.01, tailSeconds: 0.02 });
          expect(samples.length).toBe(words.length + 240 + 480);
          expect(samples.every((sample) => Math.abs(sample) < 0.9891)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('silence', () => {
  test('that lasts is noticed, and forgotten at the next sound', () => {
    const watch = new SilenceWatch(1);
    watch.hear(tone(1, 0.1));
    watch.hear(silence(0.6));
    expect(watch.isSilent).toBe(false);
    watch.hear(join(tone(0.1, 0.1), silence(0.6)));
    expect(watch.silentSeconds).toBeCloseTo(0.6);
    watch.hear(tone(0.5, 0.001));
    expect(watch.isSilent).toBe(true);
    watch.hear(tone(0.1, 0.1));
    expect(watch.isSilent).toBe(false);
  });
});

test('fades leave what they are given as it is', () => {
  const samples = tone(1, 0.5);
  const before = samples.slice();
  const faded = fade(samples, 0.1, 0.2);
  expect(samples).toEqual(before);
  expect(faded[0]).toBe(0);
  expect(faded.slice(0.1 * RATE, 0.8 * RATE)).toEqual(before.slice(0.1 * RATE, 0.8 * RATE));
  expect(Math.abs(faded.at(-1)!)).toBeLessThan(1e-6);
  expect(fade(samples, 3, 3)).toHaveLength(RATE);
});
