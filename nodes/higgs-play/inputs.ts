/** What a higgs-play node is set to. */
import { LOUDSPEAKER, PLAYER_RULES, PROGRAM_CHOICES, type LoudspeakerOptions } from '../../src/players/index.js';
import { MESSAGE_PROPERTIES } from '../common/catalogue.js';
import type { InputTable } from '../common/inputs.js';
import type { Saved } from '../common/node-red.js';
import { QUEUE_INPUTS } from '../common/queue-inputs.js';
import { invalid, readChoice, readNumber } from '../common/readers.js';

export const PLAY_INPUTS = {
  sound: { property: 'sound', kind: 'msg', initial: MESSAGE_PROPERTIES.sound, read: asItIs, fallback: undefined },
  player: { property: 'player', initial: LOUDSPEAKER, read: readPlayers, fallback: [LOUDSPEAKER] },
  /** Percent; not set: as the player is set. */
  volume: {
    message: 'volume',
    property: 'volume',
    kind: 'num',
    read: readNumber(PLAYER_RULES.volume),
    fallback: undefined,
  },
  ...QUEUE_INPUTS,
} as const satisfies InputTable;

/** Names or addresses with commas between them, or a list of them; each one once. */
export function readPlayers(value: unknown, name: string): readonly string[] {
  const list: readonly unknown[] =
    typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [undefined];
  const names = list.map((player) => {
    if (typeof player === 'string') return player.trim();
    throw invalid(name, value, '"loudspeaker", the name or address of a player, or a list of them');
  });
  const players = [...new Set(names.filter((player) => player !== ''))];
  return players.length === 0 ? [LOUDSPEAKER] : players;
}

/** Which program plays on this machine, and on which device. Throws HIGGS_OPTION_INVALID. */
export function loudspeakerOptions(saved: Saved): LoudspeakerOptions {
  const program = readChoice(PROGRAM_CHOICES)(saved.program ?? PROGRAM_CHOICES[0], 'program');
  const device = typeof saved.device === 'string' ? saved.device.trim() : '';
  // A device that looks like an option of the program would be one.
  if (device.startsWith('-')) throw invalid('device', device, 'the name of a device');
  return { program, ...(device === '' ? {} : { device }) };
}

function asItIs(value: unknown): unknown {
  return value;
}
