/** The programs that play on this machine's loudspeaker, and how each one wants to be asked. */
import type { ProgramName } from '../options.js';
import type { PcmShape } from '../types.js';

export interface PlayerProgram {
  readonly name: ProgramName;
  readonly command: string;
  /** How it takes samples: raw on its standard input, with a WAV header before them, or as a WAV file. */
  readonly takes: 'pcm' | 'wav' | 'file';
  /** Whether it plays MP3, FLAC, Ogg and so on by itself: on its standard input too, where it takes sound there. */
  readonly decodes: boolean;
  /** Whether a device can be named to it. */
  readonly hasDevices: boolean;
  /**
   * Its arguments; a `file` that is left out stands for its standard input. `shape` is that of raw PCM, `gain` from 0 to 1
   * is for what it decodes itself: samples come at the right volume.
   */
  args(asked: Asked): readonly string[];
  /** What must succeed, with `says` in what it writes, where there is a device to play on; left out: that is not known. */
  readonly probe?: { readonly command: string; readonly args: readonly string[]; readonly says: RegExp };
  /** It fails without saying so in its exit status, but writes this. */
  readonly saysFailed?: RegExp;
}

export interface Asked {
  readonly shape?: PcmShape;
  readonly file?: string;
  readonly device?: string;
  readonly gain: number;
}

const given = (device: string | undefined, ...args: readonly string[]) => (device === undefined ? [] : args);
const percent = (share: number) => String(Math.round(100 * share));

/** In the order in which they are preferred: those that begin before the sound is whole go first. */
export const PROGRAMS: readonly PlayerProgram[] = [
  {
    name: 'paplay',
    command: 'paplay',
    takes: 'pcm',
    decodes: false,
    hasDevices: true,
    args: ({ shape, device }) => [
      '--raw',
      '--format=s16le',
      `--rate=${shape?.sampleRateHz}`,
      `--channels=${shape?.channelCount}`,
      ...given(device, `--device=${device}`),
    ],
    probe: { command: 'pactl', args: ['info'], says: /./ },
  },
  {
    // Its versions differ in what they take on their standard input; a file is the same to all.
    name: 'pw-play',
    command: 'pw-play',
    takes: 'file',
    decodes: false,
    hasDevices: true,
    args: ({ file, device }) => [...given(device, `--target=${device}`), file!],
    probe: { command: 'pw-cli', args: ['info', '0'], says: /./ },
  },
  {
    name: 'aplay',
    command: 'aplay',
    takes: 'pcm',
    decodes: false,
    hasDevices: true,
    args: ({ shape, device }) => [
      '-q',
      ...['-t', 'raw', '-f', 'S16_LE'],
      ...['-r', String(shape?.sampleRateHz), '-c', String(shape?.channelCount)],
      ...given(device, '-D', device!),
    ],
    probe: { command: 'aplay', args: ['-l'], says: /^card /m },
  },
  {
    name: 'afplay',
    command: 'afplay',
    takes: 'file',
    decodes: true,
    hasDevices: false,
    args: ({ file, gain }) => ['-v', String(gain), file!],
  },
  {
    name: 'mpv',
    command: 'mpv',
    takes: 'wav',
    decodes: true,
    hasDevices: true,
    args: ({ device, gain }) => [
      ...['--no-config', '--no-video', '--no-terminal', '--no-ytdl', '--load-scripts=no'],
      // Its percents are loudness: the cube of them is the gain.
      `--volume=${percent(Math.cbrt(gain))}`,
      ...given(device, `--audio-device=${device}`),
      '-',
    ],
  },
  {
    name: 'ffplay',
    command: 'ffplay',
    takes: 'wav',
    decodes: true,
    hasDevices: false,
    args: ({ gain }) => [
      ...['-nodisp', '-autoexit', '-loglevel', 'error'],
      ...['-volume', percent(gain), '-i', 'pipe:0'],
    ],
    saysFailed: /audio open failed|Failed to open/,
  },
  {
    // The file's name is a variable of the environment, so that nothing in it can be taken for a command.
    name: 'powershell',
    command: 'powershell',
    takes: 'file',
    decodes: false,
    hasDevices: false,
    args: () => [
      ...['-NoProfile', '-NonInteractive', '-Command'],
      '(New-Object System.Media.SoundPlayer $env:HIGGS_SOUND_FILE).PlaySync()',
    ],
  },
];

/** The variable in which the file's name is told, too. */
export const FILE_VARIABLE = 'HIGGS_SOUND_FILE';
