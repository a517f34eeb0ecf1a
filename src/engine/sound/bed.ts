/** Music of one's own under speech. Samples are mono, 24 kHz. */
import { SAMPLE_RATE_HZ } from '../codes.js';
import { BED_RULES, checkNumber } from '../options.js';
import type { MusicBed } from '../requests.js';
import { fade } from './edges.js';
import { BLOCK_SECONDS, blockLevels, fromDb, loudnessOf, peakOf, speechFloor } from './levels.js';

/** How a bed is mixed; what is left out takes `BED_RULES`. */
export type BedSettings = Omit<MusicBed, 'clip'>;

export interface BedMix {
  /** leadIn + speech + tail. */
  readonly samples: Float32Array;
  /** Where the speech begins: what must be added to its time marks. */
  readonly speechStartSeconds: number;
  /** What the whole mix was turned down by so that nothing clips; 0 where it was not. */
  readonly turnedDownDb: number;
}

/** The bed goes down this long before speech, so that the first word is clear, and comes back this slowly after it. */
const ATTACK_SECONDS = 0.25;
const RELEASE_SECONDS = 0.8;
/** Pauses shorter than this do not bring the bed up. */
const HOLD_SECONDS = 0.6;
/** Two turns of a loop overlap so long. */
const SEAM_SECONDS = 0.05;
/** The mix peaks here at most (-0.1 dB). */
const CEILING = 0.989;
const BLOCK_LENGTH = SAMPLE_RATE_HZ * BLOCK_SECONDS;

/**
 * Speech with a bed under it: the bed alone for the lead-in, lower by `duckDb` while someone speaks, alone again for the
 * tail, faded in and out. A bed that is too short is looped with a short cross-fade, or ends early where `loop` is false
 * (default true). `gainDb` is applied to the bed as it is. Where speech and bed together would clip, the whole mix is turned
 * down evenly, so neither is distorted and their balance stays. Throws HIGGS_OPTION_INVALID for settings out of range.
 */
export function mixBed(speech: Float32Array, bed: Float32Array, settings: BedSettings = {}): BedMix {
  const value = (name: keyof typeof BED_RULES) => checkNumber(name, settings[name], BED_RULES[name]);
  const leadIn = Math.round(value('leadInSeconds') * SAMPLE_RATE_HZ);
  const length = leadIn + speech.length + Math.round(value('tailSeconds') * SAMPLE_RATE_HZ);
  const placed = new Float32Array(length);
  placed.set(speech, leadIn);

  const track = settings.loop === false ? bed.slice(0, length) : loopTo(bed, length);
  const music = fade(track, value('fadeInSeconds'), value('fadeOutSeconds'));
  const gains = duckingGains(placed, value('duckDb'));
  const gain = fromDb(value('gainDb'));
  for (let at = 0; at < music.length; at++) {
    const block = Math.floor(at / BLOCK_LENGTH);
    const within = (at % BLOCK_LENGTH) / BLOCK_LENGTH;
    const ducked = gains[block]! + (gains[block + 1]! - gains[block]!) * within;
    placed[at]! += music[at]! * gain * ducked;
  }

  const speechStartSeconds = leadIn / SAMPLE_RATE_HZ;
  const peak = peakOf(placed);
  if (peak <= CEILING) return { samples: placed, speechStartSeconds, turnedDownDb: 0 };
  const scale = CEILING / peak;
  return { samples: placed.map((sample) => sample * scale), speechStartSeconds, turnedDownDb: -20 * Math.log10(scale) };
}

/** The bed's factor at the start of each block and at the end of the last: 1 in pauses, `duckDb` under speech. */
function duckingGains(speech: Float32Array, duckDb: number): Float32Array {
  const levels = blockLevels(speech);
  const floor = speechFloor(loudnessOf(levels));
  const blocks = (seconds: number) => Math.round(seconds / BLOCK_SECONDS);
  const [before, after] = [blocks(ATTACK_SECONDS), blocks(HOLD_SECONDS)];
  const gains = new Float32Array(levels.length + 1);
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
    levelDb = isDucked
      ? Math.max(duckDb, levelDb + duckDb / blocks(ATTACK_SECONDS))
      : Math.min(0, levelDb - duckDb / blocks(RELEASE_SECONDS));
  }
  return gains;
}

/** `bed` again and again up to `length`, each turn's end cross-faded into the next one's start at equal power. */
function loopTo(bed: Float32Array, length: number): Float32Array {
  if (bed.length >= length || bed.length === 0) return bed.slice(0, length);
  const seam = Math.min(Math.round(SEAM_SECONDS * SAMPLE_RATE_HZ), Math.floor(bed.length / 4));
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
