/** What a higgs-music node is set to. */
import { BED_RULES, HiggsError, TRACKS, type MusicSetting } from '../../src/engine/index.js';
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

/** Made by the model, a recording, or an embedded track. */
const KINDS = ['model', 'bed', 'track'] as const;

export function musicInputs(red: NodeAPI) {
  return {
    kind: { property: 'music', read: readChoice(KINDS), fallback: 'model' },
    bed: { message: 'bed', property: 'bed', read: readClip(fileToRead(red)), fallback: undefined },
    track: { property: 'track', read: readChoice(TRACKS), fallback: undefined },
    gain: bedNumber('gain'),
    duck: bedNumber('duck'),
    attack: bedNumber('attack'),
    release: bedNumber('release'),
    leadIn: bedNumber('leadIn'),
    tail: bedNumber('tail'),
    fadeIn: bedNumber('fadeIn'),
    fadeOut: bedNumber('fadeOut'),
    loop: { property: 'loop', kind: 'bool', read: readBoolean, fallback: true },
  } as const satisfies InputTable;
}

/** The setting that goes with a text. Throws HIGGS_CLIP_UNREADABLE where there is neither recording nor track. */
export function settingOf(values: InputValues<ReturnType<typeof musicInputs>>): MusicSetting {
  const { kind, bed: clip, track, loop } = values;
  if (kind === 'model') return { kind };
  const numbers = Object.entries(BED_NAMES).map(([name, option]) => [option, values[name as BedName]] as const);
  const settings = { ...leaveOut(Object.fromEntries(numbers)), loop };
  if (kind === 'bed' && clip !== undefined) return { kind, clip, ...settings };
  if (track !== undefined) return { kind: 'bed', track, ...settings };
  throw new HiggsError(
    'HIGGS_CLIP_UNREADABLE',
    kind === 'bed'
      ? 'There is no music bed: neither the field nor msg.bed gives one.'
      : 'There is no music bed: no track is chosen.',
  );
}
