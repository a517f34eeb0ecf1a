/** What a higgs-music node is set to. */
import { BED_RULES, HiggsError, TRACKS, type MusicSetting } from '../../src/engine/index.js';
import { MUSIC_KINDS, SWITCHES } from '../common/catalogue.js';
import type { Input, InputTable, InputValues } from '../common/inputs.js';
import type { NodeAPI } from '../common/node-red.js';
import { fileToRead } from '../common/paths.js';
import { readBoolean, readChoice, readClip, readNumber } from '../common/readers.js';
import { leaveOut } from '../common/values.js';

/** Names in the editor and in msg.higgs, and what the engine calls them. */
const BED_NAMES = {
  gain: 'gainDb',
  duck: 'duckDb',
  attack: 'attackSeconds',
  release: 'releaseSeconds',
  leadIn: 'leadInSeconds',
  tail: 'tailSeconds',
  fadeIn: 'fadeInSeconds',
  fadeOut: 'fadeOutSeconds',
} as const satisfies Record<string, keyof typeof BED_RULES>;
type BedName = keyof typeof BED_NAMES;

function bedNumber(name: BedName): Input<number | undefined> {
  return { property: name, kind: 'num', read: readNumber(BED_RULES[BED_NAMES[name]]), fallback: undefined };
}

export function musicInputs(red: NodeAPI) {
  return {
    kind: { property: 'music', read: readChoice(MUSIC_KINDS), fallback: MUSIC_KINDS[0] },
    bed: { message: 'bed', property: 'bed', read: readClip(fileToRead(red)), fallback: undefined },
    track: { property: 'track', read: readChoice(TRACKS), fallback: TRACKS[0] },
    gain: bedNumber('gain'),
    duck: bedNumber('duck'),
    attack: bedNumber('attack'),
    release: bedNumber('release'),
    leadIn: bedNumber('leadIn'),
    tail: bedNumber('tail'),
    fadeIn: bedNumber('fadeIn'),
    fadeOut: bedNumber('fadeOut'),
    loop: { property: 'loop', kind: 'bool', read: readBoolean, fallback: SWITCHES.musicLoop },
  } as const satisfies InputTable;
}

/** The setting that goes with a text. Throws HIGGS_CLIP_UNREADABLE where there is no recording. */
export function settingOf(values: InputValues<ReturnType<typeof musicInputs>>): MusicSetting {
  const { kind, bed: clip, track, loop } = values;
  if (kind === 'model') return { kind };
  const numbers = Object.entries(BED_NAMES).map(([name, option]) => [option, values[name as BedName]] as const);
  const settings = { ...leaveOut(Object.fromEntries(numbers)), loop };
  if (kind === 'track') return { kind: 'bed', track, ...settings };
  if (clip !== undefined) return { kind, clip, ...settings };
  throw new HiggsError(
    'HIGGS_CLIP_UNREADABLE',
    'There is no recording to play: neither the field "Recording" nor msg.bed gives one.',
  );
}
