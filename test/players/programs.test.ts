import { describe, expect, test } from 'vitest';
import { chooseProgram, type FoundProgram } from '../../src/players/loudspeaker/find.js';
import { mpvDevicesOf, nodesOf, pcmsOf, sinksOf } from '../../src/players/loudspeaker/devices.js';
import { PROGRAMS } from '../../src/players/loudspeaker/programs.js';
import { PROGRAM_CHOICES } from '../../src/players/options.js';

const found = (...names: readonly string[]): FoundProgram[] =>
  names.map((text) => {
    const [name, isReady = 'ready'] = text.split(' ');
    return {
      program: PROGRAMS.find((program) => program.name === name)!,
      command: `/bin/${name}`,
      isReady: isReady === 'ready',
    };
  });
const chosen = (...asked: Parameters<typeof chooseProgram>) => chooseProgram(...asked).program.name;

describe('the program that plays', () => {
  test('is the first one with a device to play on', () => {
    expect(chosen(found('paplay no', 'aplay', 'mpv'), 'auto')).toBe('aplay');
    expect(chosen(found('paplay no', 'aplay no'), 'auto')).toBe('paplay');
  });

  test('is one that decodes where the sound is no WAV', () => {
    expect(chosen(found('paplay', 'ffplay'), 'auto', true)).toBe('ffplay');
    expect(() => chosen(found('paplay'), 'auto', true)).toThrow(
      expect.objectContaining({ code: 'HIGGS_SOUND_UNPLAYABLE' }),
    );
    expect(() => chosen(found('aplay', 'mpv'), 'aplay', true)).toThrow(
      expect.objectContaining({ code: 'HIGGS_SOUND_UNPLAYABLE' }),
    );
  });

  test('is the chosen one, or none', () => {
    expect(chosen(found('paplay', 'aplay no'), 'aplay')).toBe('aplay');
    for (const choice of ['auto', 'mpv'] as const) {
      expect(() => chosen([], choice)).toThrow(expect.objectContaining({ code: 'HIGGS_PLAYER_MISSING' }));
    }
  });

  test('is one of those that can be chosen', () => {
    expect(PROGRAMS.map(({ name }) => name).sort()).toEqual(PROGRAM_CHOICES.slice(1).sort());
  });
});

describe('devices are read off', () => {
  test('pactl', () => {
    expect(
      sinksOf('0\theard\tmodule-null-sink.c\ts16le 1ch\tIDLE\n1\thall\tm\ts\tIDLE\n').map(({ name }) => name),
    ).toEqual(['heard', 'hall']);
  });

  test('aplay', () => {
    expect(pcmsOf('null\n    Discard\ndefault\nhw:CARD=PCH,DEV=0\n    HDA Intel PCH, ALC\n    Direct\n')).toEqual([
      { name: 'default', label: 'default' },
      { name: 'hw:CARD=PCH,DEV=0', label: 'HDA Intel PCH, ALC, Direct' },
    ]);
  });

  test('pw-cli', () => {
    const text = `	id 31, type PipeWire:Interface:Node/3
 		node.description = "Built-in Audio"
 		node.name = "alsa_output.pci"
 		media.class = "Audio/Sink"
	id 32, type PipeWire:Interface:Node/3
 		node.name = "mic"
 		media.class = "Audio/Source"
`;
    expect(nodesOf(text)).toEqual([{ name: 'alsa_output.pci', label: 'Built-in Audio' }]);
  });

  test('mpv', () => {
    expect(
      mpvDevicesOf("List of detected audio devices:\n  'auto' (Autoselect device)\n  'alsa/x' (Card (x))\n"),
    ).toEqual([
      { name: 'auto', label: 'Autoselect device' },
      { name: 'alsa/x', label: 'Card (x)' },
    ]);
  });
});
