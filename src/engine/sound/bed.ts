/** Music of one's own under speech. */
import { SAMPLE_RATE_HZ } from '../codes.js';
import { BED_RULES, checkNumber } from '../options.js';
import type { BedSettings } from '../requests.js';
import { fade } from './edges.js';
import { BLOCK_SECONDS, blockLevels, fromDb, loudnessOf, peakOf, speechFloor } from './levels.js';

export interface BedMix {
  /** Each leadIn + speech + tail long. */
  readonly channels: readonly Float32Array[];
  /** Where the speech begins: what must be added to its time marks. */
  readonly speechStartSeconds: number;
  /** What the whole mix was turned down by so that nothing clips; 0 where it was not. */
  readonly turnedDownDb: number;
}

/** Pauses shorter than this do not bring the bed up. */
const HOLD_SECONDS = 0.6;
/** Two turns of a loop overlap so long. */
const SEAM_SECONDS = 0.05;
/** The mix peaks here at most (-0.1 dB). */
const CEILING = 0.989;

/** {@link mixBedUnder} for speech in one channel at 24 kHz. */
export function mixBed(
  speech: Float32Array,
  bed: Float32Array,
  settings: BedSettings = {},
): Omit<BedMix, 'channels'> & { readonly samples: Float32Array } {
  const { channels, ...facts } = mixBedUnder([speech], bed, settings);
  return { samples: channels[0]!, ...facts };
}

/**
 * Speech (one array of equal length a channel) with a bed under it: the bed alone for the lead-in, lower by `duckDb` while
 * someone speaks, alone again for the tail, faded in and out; it stands in the middle. A bed that is too short is looped with a short cross-fade, or ends early where `loop` is false
 * (default true). `gainDb` is applied to the bed as it is. Where speech and bed together would clip, the whole mix is turned
 * down evenly, so neither is distorted and their balance stays. What is left out of `settings` takes `BED_RULES`; throws
 * HIGGS_OPTION_INVALID for settings out of range.
 */
export function mixBedUnder(
  speech: readonly Float32Array[],
  bed: Float32Array,
  settings: BedSettings = {},
  sampleRateHz: number = SAMPLE_RATE_HZ,
): BedMix {
  const value = (name: keyof typeof BED_RULES) => checkNumber(name, settings[name], BED_RULES[name]);
  const leadIn = Math.round(value('leadInSeconds') * sampleRateHz);
  const length = leadIn + (speech[0]?.length ?? 0) + Math.round(value('tailSeconds') * sampleRateHz);
  const placed = speech.map((channel) => {
    const longer = new Float32Array(length);
    longer.set(channel, leadIn);
    return longer;
  });

  const track = settings.loop === false ? bed.slice(0, length) : loopTo(bed, length, sampleRateHz);
  const music = fade(track, value('fadeInSeconds'), value('fadeOutSeconds'), sampleRateHz);
  const gains = duckingGains(meanOf(placed, length), sampleRateHz, {
    duckDb: value('duckDb'),
    attackSeconds: value('attackSeconds'),
    releaseSeconds: value('releaseSeconds'),
  });
  // Equal power in all channels together, however many there are.
  const gain = fromDb(value('gainDb')) / Math.sqrt(placed.length);
  const blockLength = sampleRateHz * BLOCK_SECONDS;
  for (let at = 0; at < music.length; at++) {
    const block = Math.floor(at / blockLength);
    const within = (at % blockLength) / blockLength;
    const ducked = gains[block]! + (gains[block + 1]! - gains[block]!) * within;
    for (const channel of placed) channel[at]! += music[at]! * gain * ducked;
  }

  const speechStartSeconds = leadIn / sampleRateHz;
  const peak = Math.max(...placed.map(peakOf));
  if (peak <= CEILING) return { channels: placed, speechStartSeconds, turnedDownDb: 0 };
  const scale = CEILING / peak;
  const channels = placed.map((channel) => channel.map((sample) => sample * scale));
  return { channels, speechStartSeconds, turnedDownDb: -20 * Math.log10(scale) };
}

function meanOf(channels: readonly Float32Array[], length: number): Float32Array {
  if (channels.length === 1) return channels[0]!;
  const mean = new Float32Array(length);
  for (const channel of channels) for (let at = 0; at < length; at++) mean[at]! += channel[at]! / channels.length;
  return mean;
}

/**
 * The bed's factor at the start of each block and at the end of the last: 1 in pauses, `duckDb` under speech. It goes down so
 * long before speech that the first word is clear, and comes back slowly after it.
 */
function duckingGains(
  speech: Float32Array,
  sampleRateHz: number,
  { duckDb, attackSeconds, releaseSeconds }: Required<Pick<BedSettings, 'duckDb' | 'attackSeconds' | 'releaseSeconds'>>,
): Float32Array {
  const levels = blockLevels(speech, sampleRateHz);
  const floor = speechFloor(loudnessOf(levels));
  const blocks = (seconds: number) => Math.max(1, Math.round(seconds / BLOCK_SECONDS));
  const [before, after, up] = [blocks(attackSeconds), blocks(HOLD_SECONDS), blocks(releaseSeconds)];
  const gains = new Float32Array(
    Math.max(levels.length, Math.ceil(speech.length / (sampleRateHz * BLOCK_SECONDS))) + 2,
  );
  /** Blocks since the last speech at or before `block + before`. */
  let sinceSpeech = Infinity;
  for (let block = 0; block < Math.min(before, levels.length); block++) {
    sinceSpeech = levels[block]! >= floor ? 0 : sinceSpeech + 1;
  }
  let levelDb = sinceSpeech < Infinity ? duckDb : 0;
  for (let block = 0; block < gains.length; block++) {
    gains[block] = fromDb(levelDb);
    const ahead = block + before;
    sinceSpeech = ahead < levels.length && levels[ahead]! >= floor ? 0 : sinceSpeech + 1;
    const isDucked = sinceSpeech <= before + after;
    levelDb = isDucked ? Math.max(duckDb, levelDb + duckDb / before) : Math.min(0, levelDb - duckDb / up);
  }
  return gains;
}

/** `bed` again and again up to `length`, each turn's end cross-faded into the next one's start at equal power. */
function loopTo(bed: Float32Array, length: number, sampleRateHz: number): Float32Array {
  if (bed.length >= length || bed.length === 0) return bed.slice(0, length);
  const seam = Math.min(Math.round(SEAM_SECONDS * sampleRateHz), Math.floor(bed.length / 4));
  const turn = bed.length - seam;
  const looped = new Float32Array(length);
  for (let at = 0; at < length; at++) {
    const within = at % turn;
    const isSeam = at >= turn && within < seam;
    const angle = isSeam ? ((within / seam) * Math.PI) / 2 : Math.PI / 2;
    looped[at] = bed[within]! * Math.sin(angle) + (isSeam ? bed[turn + within]! * Math.cos(angle) : 0);
  }
  return looped;
}
