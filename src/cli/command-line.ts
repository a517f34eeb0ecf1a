/** What the command line takes: one table for parsing and for the help text. */
import { parseArgs } from 'node:util';

interface Flag {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** The value's name in the help text. */
  readonly value?: string;
  readonly help: string;
}

const MODEL_FLAGS = {
  model: { type: 'string', value: 'DIR', help: 'checkpoint folder (left out: the embedded model)' },
  codec: { type: 'string', value: 'DIR', help: "the codec's folder, where it does not lie in or beside the model's" },
  bits: { type: 'string', value: '4|8|32', help: 'bits of a weight' },
  'cache-bits': { type: 'string', value: '8|32', help: 'bits of kept keys and values; 32: whole' },
  'context-positions': { type: 'string', value: 'N', help: 'positions of the context, at most (8192)' },
  device: { type: 'string', value: 'NAME', help: 'auto, cpu, cuda, webgpu, dml, coreml or wasm' },
  threads: { type: 'string', value: 'N', help: 'processor threads; 0: one for each core' },
  remote: {
    type: 'string',
    value: 'URL',
    help: 'let this server speak, as http://gpu:8000/v1; repeatable, key in HIGGS_REMOTE_KEY',
  },
  'remote-api': { type: 'string', value: 'speech|chat', help: 'how servers are asked (speech)' },
  lexicon: { type: 'string', value: 'FILE', help: 'how words are said: "Tuya = too ya", one a line' },
  'cache-dir': { type: 'string', value: 'DIR', help: 'folder for converted models' },
  'data-dir': { type: 'string', value: 'DIR', help: 'folder for registered voices' },
} as const satisfies Record<string, Flag>;

const READING_FLAGS = {
  language: { type: 'string', value: 'TAG', help: 'language of numbers and dates, as in "de" (auto)' },
  'as-written': { type: 'boolean', help: 'the text is words already: leave it as it is' },
} as const satisfies Record<string, Flag>;

const JSON_FLAG = { json: { type: 'boolean', help: 'print the result as JSON' } } as const satisfies Record<
  string,
  Flag
>;

export const COMMANDS = {
  say: {
    summary: 'say [TEXT]           speak a text; "-" or none: from standard input',
    flags: {
      output: {
        type: 'string',
        short: 'o',
        value: 'FILE',
        help: 'file to write, WAV or as its ending says: .mp3, .flac, .opus, .aac, .pcm (speech.wav); "-": WAV on standard output',
      },
      subtitles: { type: 'string', value: 'FILE', help: 'what is said when, segment by segment: .vtt or .srt' },
      'word-times': {
        type: 'boolean',
        help: 'when each word is said, in --json and in .vtt; the embedded model can tell',
      },
      voice: {
        type: 'string',
        short: 'v',
        value: 'NAME',
        help: 'voice; with --dialogue NAME or SPEAKER=NAME, repeatable',
      },
      reference: { type: 'string', value: 'CLIP', help: 'clone the voice of this WAV file; needs --transcript' },
      transcript: { type: 'string', value: 'TEXT', help: 'the words spoken in the reference' },
      accent: { type: 'string', value: 'NAME', help: 'how the reference says English: american (default) or british' },
      describe: { type: 'string', value: 'TEXT', help: 'describe the voice, as in "feminine; bright"' },
      dialogue: { type: 'string', value: 'FILE', help: 'speak the dialogue in FILE ("-": standard input)' },
      music: { type: 'string', value: '[FILE]', help: 'music behind the speech: of a WAV file, or made by the model' },
      scene: { type: 'string', value: 'TEXT', help: 'describe the room and the mood' },
      ...READING_FLAGS,
      seed: { type: 'string', value: 'N', help: 'the same seed gives the same sound (random)' },
      temperature: { type: 'string', value: 'X', help: '0 to 2' },
      'top-k': { type: 'string', value: 'N', help: 'codes to draw from' },
      'top-p': { type: 'string', value: 'X', help: 'share of the likeliest codes to draw from' },
      'max-seconds': { type: 'string', value: 'X', help: 'longest speech of one segment of the text' },
      ...MODEL_FLAGS,
      ...JSON_FLAG,
    },
  },
  read: {
    summary: 'read [TEXT]          print what would be spoken, segment by segment',
    flags: {
      voice: { type: 'string', short: 'v', value: 'NAME', help: 'voice' },
      ...READING_FLAGS,
      ...MODEL_FLAGS,
      ...JSON_FLAG,
    },
  },
  voices: { summary: 'voices               list the voices', flags: { ...MODEL_FLAGS, ...JSON_FLAG } },
  convert: {
    summary: 'convert DIR          make a smaller copy of a checkpoint that loads at once',
    flags: {
      out: { type: 'string', value: 'DIR', help: 'a new folder for it, to be given to say as --model' },
      codec: MODEL_FLAGS.codec,
      bits: MODEL_FLAGS.bits,
      ...JSON_FLAG,
    },
  },
  pull: {
    summary: 'pull [REPO]          download a model from the hub (left out: the published Higgs Audio v2)',
    flags: {
      out: { type: 'string', value: 'DIR', help: 'folder to put it in (left out: the cache that other tools share)' },
      revision: { type: 'string', value: 'REV', help: 'branch, tag or commit (main)' },
      yes: { type: 'boolean', short: 'y', help: 'accept the licence' },
      'data-dir': { type: 'string', value: 'DIR', help: 'folder where accepted licences are remembered' },
      json: { type: 'boolean', help: 'print progress and results as lines of JSON' },
    },
  },
  serve: {
    summary: 'serve                speak for other programs until Ctrl-C',
    flags: {
      http: {
        type: 'string',
        value: '[ADDR:]PORT',
        help: "OpenAI's speech API at this port (127.0.0.1); keys in HIGGS_API_KEY, with commas",
      },
      wyoming: { type: 'string', value: '[ADDR:]PORT', help: "Home Assistant's Wyoming protocol at this port" },
      languages: {
        type: 'string',
        value: 'TAGS',
        help: 'offer the voices for these languages there, as in "en,de" (en)',
      },
      mqtt: {
        type: 'string',
        value: 'URL',
        help: 'announcements by this broker, as in mqtt://user@host:1883; password in HIGGS_MQTT_PASSWORD',
      },
      'mqtt-id': { type: 'string', value: 'ID', help: "the announcer's id there (the machine's name)" },
      forget: {
        type: 'boolean',
        help: 'with --mqtt: take the announcer out of Home Assistant and leave nothing at the broker',
      },
      'quiet-hours': { type: 'string', value: 'TIMES', help: 'announce only what is urgent, as in 22:00-07:00' },
      cooldown: { type: 'string', value: 'SECONDS', help: 'announce the same text no sooner again' },
      sounds: { type: 'string', value: '[ADDR:]PORT', help: 'where loudspeakers fetch announcements (a free port)' },
      'sounds-url': { type: 'string', value: 'URL', help: 'what loudspeakers know that place by (found)' },
      rate: { type: 'string', value: 'N', help: 'requests that one address may make a minute' },
      'allow-host': {
        type: 'string',
        value: 'NAME',
        help: 'a name that clients know this machine by, where there is no key; repeatable',
      },
      'no-zeroconf': { type: 'boolean', help: 'do not announce the servers in the network (zeroconf)' },
      'strict-voices': { type: 'boolean', help: "take the voices' own names alone, not alloy, nova, …" },
      'cors-origin': { type: 'string', value: 'ORIGIN', help: 'let web pages of this origin ask; repeatable' },
      ...MODEL_FLAGS,
    },
  },
  bench: {
    summary: 'bench                measure how fast this machine speaks',
    flags: {
      ...MODEL_FLAGS,
      rounds: { type: 'string', value: 'N', help: 'rounds of measurements (5)' },
      peers: { type: 'boolean', help: 'measure other runtimes and voices too, from the folder HIGGS_PEERS_DIR' },
      'speech-only': { type: 'boolean', help: 'measure loading, first sound and speed alone, no steps' },
      json: { type: 'string', value: 'FILE', help: 'write the figures there' },
    },
  },
  'gpu-check': {
    summary: 'gpu-check            try and measure the GPU, and remember how the engine should use it',
    flags: {
      model: { ...MODEL_FLAGS.model, help: 'measure this model (left out: the published shapes at random)' },
      codec: MODEL_FLAGS.codec,
      bits: MODEL_FLAGS.bits,
      device: { ...MODEL_FLAGS.device, help: 'try this device alone, also one that does not show' },
      threads: MODEL_FLAGS.threads,
      'cache-dir': MODEL_FLAGS['cache-dir'],
      minutes: { type: 'string', value: 'N', help: 'end after so long at the latest (7.5)' },
      quick: { type: 'boolean', help: 'only the usual way of using each device, each figure once' },
      json: { type: 'string', value: 'FILE', help: 'write what was found there' },
    },
  },
  info: {
    summary: 'info                 load the model and tell where it runs',
    flags: { ...MODEL_FLAGS, ...JSON_FLAG },
  },
} as const satisfies Record<string, { summary: string; flags: Record<string, Flag> }>;

export type CommandName = keyof typeof COMMANDS;
/** Flags by name, as they were given; one given twice holds every value. */
export type Values = Readonly<Record<string, readonly string[] | boolean | undefined>>;

/** A command line that cannot be understood; ends with exit status 2. */
export class UsageError extends Error {}

export function parseCommand(name: CommandName, args: readonly string[]): { values: Values; texts: string[] } {
  const flags: Readonly<Record<string, Flag>> = COMMANDS[name].flags;
  const options = Object.fromEntries(
    Object.entries(flags).map(([flag, { type, short }]) => [
      flag,
      type === 'string' ? { type, multiple: true, ...(short === undefined ? {} : { short }) } : { type },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: name === 'say' ? completeMusic(args) : [...args],
      options,
      allowPositionals: true,
    });
    return { values: values as Values, texts: positionals };
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown));
  }
}

/** `--music` may stand alone; then it gets an empty value, unless a WAV file's name follows. */
function completeMusic(args: readonly string[]): string[] {
  return args.map((arg, index) => (arg === '--music' && !/\.wav$/i.test(args[index + 1] ?? '') ? '--music=' : arg));
}

/** Every value given for `flag`. */
export function textsOf(values: Values, flag: string): readonly string[] {
  const value = values[flag];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** The last of them. */
export function textOf(values: Values, flag: string): string | undefined {
  return textsOf(values, flag).at(-1);
}

/** As {@link textOf}, as a number; its range is for the engine to check. */
export function numberOf(values: Values, flag: string): number | undefined {
  const text = textOf(values, flag);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) throw new UsageError(`--${flag} takes a number, not "${text}".`);
  return number;
}

export function helpText(version: string): string {
  const commands = Object.values(COMMANDS).map(({ summary }) => `  higgs-tts ${summary}`);
  const sections = Object.entries(COMMANDS).map(([name, { flags }]) => `${name}:\n${flagLines(flags).join('\n')}`);
  return `higgs-tts ${version}: speech from a Higgs Audio v2 model

${commands.join('\n')}
  higgs-tts --help | --version

${sections.join('\n\n')}
`;
}

function flagLines(flags: Readonly<Record<string, Flag>>): string[] {
  return Object.entries(flags).map(([name, { short, value, help }]) => {
    const usage = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
    return `  ${usage.padEnd(26)} ${help}`;
  });
}
