import { describe, expect, test } from 'vitest';
import { TRACKS } from '../../../src/engine/options.js';
import { measureLoudness, mixMusic, playTrack } from '../../../src/engine/production/index.js';
import { blockLevels, loudnessOf, mixBedUnder, peakOf } from '../../../src/engine/sound/index.js';
import { largestJump, RATE, sine, voiceLike } from './signals.js';

describe.each(TRACKS)('the track %s', (name) => {
  test('is music of a recording’s level that goes on from its end to its beginning', async () => {
    const track = await playTrack(name);
    expect(track.length / RATE).toBeCloseTo(name === 'morning' ? 20 : 16, 0);
    expect(measureLoudness({ channels: [track], sampleRateHz: RATE })).toBeCloseTo(-18, 0);
    expect(peakOf(track)).toBeLessThan(0.9);
    const seam = Float32Array.of(...track.subarray(-50), ...track.subarray(0, 50));
    expect(largestJump(seam)).toBeLessThanOrEqual(largestJump(track));
    expect(Math.min(...blockLevels(track))).toBeGreaterThan(-60);
    expect(await playTrack(name)).toBe(track);
  });
});

describe('music under sound that is there', () => {
  test('keeps rate and channels, and lies around the sound', async () => {
    const sound = { channels: [sine(1, { rateHz: 44_100 }), sine(1, { rateHz: 44_100 })], sampleRateHz: 44_100 };
    const mixed = await mixMusic(sound, { track: 'calm', leadInSeconds: 0.5, tailSeconds: 0.25 });
    expect(mixed.startSeconds).toBeCloseTo(0.5, 4);
    expect(mixed.sound.sampleRateHz).toBe(44_100);
    expect(mixed.sound.channels.map((channel) => channel.length)).toEqual([77_175, 77_175]);
    const before = mixed.sound.channels[0]!.subarray(10_000, 20_000);
    expect(loudnessOf(blockLevels(before, 44_100))).toBeGreaterThan(-60);
  });

  test('a track that nobody has is refused by name', async () => {
    const sound = { channels: [sine(0.1)], sampleRateHz: RATE };
    await expect(mixMusic(sound, { track: 'disco' as never })).rejects.toThrow('"music.track"');
  });

  test('attack and release say how fast the bed gives way and comes back', () => {
    const speech = [new Float32Array(3 * RATE).map((_, at) => (at < RATE ? 0.3 * Math.sin(at / 10) : 0))];
    const bed = sine(10, { hertz: 1000, peak: 0.5 });
    const levelAfter = (releaseSeconds: number) => {
      const settings = { duckDb: -30, releaseSeconds, gainDb: 0, leadInSeconds: 0, tailSeconds: 0, fadeInSeconds: 0 };
      const { channels } = mixBedUnder(speech, bed, settings);
      return loudnessOf(blockLevels(channels[0]!.subarray(1.9 * RATE, 2 * RATE)));
    };
    expect(levelAfter(0.1)).toBeGreaterThan(levelAfter(3) + 15);
  });

  test('stands in the middle of a stereo sound at the power that it has in mono', () => {
    const voice = voiceLike(1).map((sample) => 0.3 * sample);
    const bed = sine(2, { hertz: 1000, peak: 0.2 });
    const settings = { leadInSeconds: 0.5, tailSeconds: 0, fadeInSeconds: 0 };
    const [mono] = mixBedUnder([voice], bed, settings).channels;
    const [left, right] = mixBedUnder([voice, voice], bed, settings).channels;
    expect(left).toEqual(right);
    expect(left![5000]! * Math.SQRT2).toBeCloseTo(mono![5000]!, 5);
  });
});
