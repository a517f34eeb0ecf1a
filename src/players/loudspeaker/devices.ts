/** The devices that a program can play on. */
import path from 'node:path';
import type { FoundProgram } from './find.js';
import { ask } from './run.js';

export interface AudioDevice {
  /** As the program wants it named. */
  readonly name: string;
  /** For a person. */
  readonly label: string;
}

/** Empty where the program has no list, or nothing is known. */
export async function devicesOf({ program, command }: FoundProgram): Promise<readonly AudioDevice[]> {
  const beside = (other: string) => path.join(path.dirname(command), other);
  switch (program.name) {
    case 'paplay':
      return sinksOf((await ask(beside('pactl'), ['list', 'short', 'sinks'])) ?? '');
    case 'pw-play':
      return nodesOf((await ask(beside('pw-cli'), ['ls', 'Node'])) ?? '');
    case 'aplay':
      return pcmsOf((await ask(command, ['-L'])) ?? '');
    case 'mpv':
      return mpvDevicesOf((await ask(command, ['--no-config', '--audio-device=help'])) ?? '');
    case 'afplay':
    case 'ffplay':
    case 'powershell':
      return [];
  }
}

/** Lines of `pactl list short sinks`: number, name, module, format, state, with tabs between. */
export function sinksOf(text: string): readonly AudioDevice[] {
  const names = text.split('\n').map((line) => line.split('\t')[1] ?? '');
  return names.filter((name) => name !== '').map((name) => ({ name, label: name }));
}

/** `aplay -L`: a name at the beginning of a line, what it is in indented lines below. */
export function pcmsOf(text: string): readonly AudioDevice[] {
  const devices: { name: string; label: string }[] = [];
  for (const line of text.split('\n')) {
    const last = devices.at(-1);
    if (/^\S/.test(line)) devices.push({ name: line.trim(), label: '' });
    else if (last !== undefined && line.trim() !== '')
      last.label = [last.label, line.trim()].filter(Boolean).join(', ');
  }
  return devices
    .filter(({ name }) => name !== 'null')
    .map(({ name, label }) => ({ name, label: label === '' ? name : label }));
}

/** `pw-cli ls Node`: blocks of properties; those with the class of a sink play. */
export function nodesOf(text: string): readonly AudioDevice[] {
  const blocks = text.split(/^\s*id \d+, type /m);
  const property = (block: string, key: string) =>
    new RegExp(`^\\s*${key.replaceAll('.', '\\.')} = "([^"]*)"`, 'm').exec(block)?.[1];
  return blocks
    .filter((block) => property(block, 'media.class') === 'Audio/Sink')
    .flatMap((block) => {
      const name = property(block, 'node.name');
      return name === undefined ? [] : [{ name, label: property(block, 'node.description') ?? name }];
    });
}

/** `mpv --audio-device=help`: 'name' (what it is). */
export function mpvDevicesOf(text: string): readonly AudioDevice[] {
  return [...text.matchAll(/^\s*'([^']+)' \((.+)\)\s*$/gm)].map(([, name, label]) => ({ name: name!, label: label! }));
}
