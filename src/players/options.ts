/** What players can be told: names, ranges, defaults. Data alone, for the editor's page has it too. */
import type { NumberRule } from '../engine/options.js';

/** What plays on this machine's loudspeaker; `auto` takes the first one that is there and has a device to play on. */
export const PROGRAM_CHOICES = ['auto', 'paplay', 'pw-play', 'aplay', 'afplay', 'mpv', 'ffplay', 'powershell'] as const;
export type ProgramName = Exclude<(typeof PROGRAM_CHOICES)[number], 'auto'>;

/** The name of this machine's loudspeaker among the players. */
export const LOUDSPEAKER = 'loudspeaker';

export const PLAYER_RULES = {
  volume: { leftOut: 'as the player is set', min: 0, max: 100, unit: '%' },
  queueLimit: { fallback: 100, min: 1, max: 10_000, integer: true, unit: 'sounds' },
} as const satisfies Record<string, NumberRule>;
