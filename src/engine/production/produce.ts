/** What is done to speech that is whole: speed, loudness, chimes. */
import { setImmediate } from 'node:timers/promises';
import { checkChoice, checkNumber, CHIMES, PRODUCTION_RULES } from '../options.js';
import type { TimeMark } from '../requests.js';
import { readWav, resample } from '../sound/index.js';
import { readClip } from '../voices/index.js';
import { ringChime } from './chimes.js';
import { level } from './loudness.js';
import { moveMark } from './marks.js';
import { openTempo } from './tempo.js';
import type { ChimeSource, Production, Sound } from './types.js';
import { joinFloats } from '../values.js';

export interface Produced {
  readonly sound: Sound;
  /** Where the marks that were given lie now. */
  readonly marks: readonly TimeMark[];
}

/** Between a chime and the speech. */
const CHIME_GAP_SECONDS = 0.25;
/** Other work gets its turn after each so long part. */
const PART_SECONDS = 2;

/**
 * `sound` at another speed, levelled, between chimes, in this order; what is left out changes nothing, and `sound` itself
 * stays as it is. Throws HIGGS_OPTION_INVALID, and HIGGS_CLIP_UNREADABLE for a chime that is no WAV file.
 */
export async function produce(
  sound: Sound,
  production: Production,
  marks: readonly TimeMark[] = [],
): Promise<Produced> {
  const { loudnessLufs, chimeBefore, chimeAfter } = production;
  const speed = checkNumber('speed', production.speed, PRODUCTION_RULES.speed);
  checkNumber('loudnessLufs', loudnessLufs, PRODUCTION_RULES.loudnessLufs);
  const { sampleRateHz } = sound;
  // Read first, so that a bad file costs no work.
  const before = chimeBefore && (await readChime(chimeBefore, sampleRateHz));
  const after = chimeAfter && (await readChime(chimeAfter, sampleRateHz));

  let produced = await atSpeed(sound, speed);
  if (loudnessLufs !== undefined) produced = level(produced, loudnessLufs);
  const gap = new Float32Array(Math.round(CHIME_GAP_SECONDS * sampleRateHz));
  const start = before === undefined ? 0 : (before.length + gap.length) / sampleRateHz;
  const channels = produced.channels.map((channel) =>
    joinFloats([...(before ? [before, gap] : []), channel, ...(after ? [gap, after] : [])]),
  );
  return {
    sound: { channels, sampleRateHz },
    marks: marks.map((mark) => moveMark(mark, (seconds) => start + seconds / speed)),
  };
}

/** A chime's samples, mono; the same for each channel. */
async function readChime(source: ChimeSource, sampleRateHz: number): Promise<Float32Array> {
  if (source.kind === 'builtin') {
    checkChoice('chime', source.name, CHIMES);
    return ringChime(source.name, sampleRateHz);
  }
  const recording = readWav(await readClip(source.clip));
  return resample(recording.samples, recording.sampleRateHz, sampleRateHz);
}

async function atSpeed(sound: Sound, speed: number): Promise<Sound> {
  if (speed === 1) return sound;
  const { channels, sampleRateHz } = sound;
  const tempo = openTempo(speed, { sampleRateHz, channelCount: channels.length });
  const parts: Float32Array[][] = [];
  const partLength = PART_SECONDS * sampleRateHz;
  for (let from = 0; from < (channels[0]?.length ?? 0); from += partLength) {
    parts.push(tempo.push(channels.map((channel) => channel.subarray(from, from + partLength))));
    await setImmediate();
  }
  parts.push(tempo.end());
  return { channels: channels.map((_, index) => joinFloats(parts.map((part) => part[index]!))), sampleRateHz };
}
