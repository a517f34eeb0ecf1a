/** Music under speech that is there already. */
import type { BedSource, MusicBed } from '../requests.js';
import { checkChoice, TRACKS } from '../options.js';
import { mixBedUnder, readWav, resample, type BedMix } from '../sound/index.js';
import { SAMPLE_RATE_HZ } from '../codes.js';
import { readClip } from '../voices/index.js';
import { playTrack } from './tracks.js';
import type { Sound } from './types.js';

/** A bed's samples, mono: a recording's or an embedded track's. Throws HIGGS_CLIP_UNREADABLE, HIGGS_OPTION_INVALID. */
export async function readBedSource(source: BedSource, sampleRateHz: number): Promise<Float32Array> {
  if (source.track !== undefined) {
    const track = await playTrack(checkChoice('music.track', source.track, TRACKS));
    return resample(track, SAMPLE_RATE_HZ, sampleRateHz);
  }
  const recording = readWav(await readClip(source.clip));
  return resample(recording.samples, recording.sampleRateHz, sampleRateHz);
}

/**
 * `sound` with music under it, at the sound's own rate and in all its channels: longer by lead-in and tail. `startSeconds` is
 * where the sound begins now. Throws HIGGS_OPTION_INVALID, HIGGS_CLIP_UNREADABLE.
 */
export async function mixMusic(sound: Sound, music: MusicBed): Promise<{ sound: Sound; startSeconds: number }> {
  const { sampleRateHz } = sound;
  const bed = await readBedSource(music, sampleRateHz);
  const { channels, speechStartSeconds }: BedMix = mixBedUnder(sound.channels, bed, music, sampleRateHz);
  return { sound: { channels, sampleRateHz }, startSeconds: speechStartSeconds };
}
