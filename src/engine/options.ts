/** Every option of the engine: its default, range and unit. Checks, the editor and docs/options.md read these tables. */
import { HiggsError } from './errors.js';

export interface NumberRule {
  /** The number that holds where it is left out. */
  readonly fallback?: number;
  /** What holds then in words, where it is no number. */
  readonly leftOut?: string;
  readonly min: number;
  readonly max: number;
  readonly integer?: true;
  readonly unit: string;
}

export const SAMPLING_RULES = {
  temperature: { fallback: 0.3, min: 0, max: 2, unit: '' },
  topK: { fallback: 50, min: 1, max: 1024, integer: true, unit: 'codes' },
  topP: { fallback: 0.95, min: 0.01, max: 1, unit: 'share' },
  rasWindowFrames: { fallback: 7, min: 0, max: 100, integer: true, unit: 'frames' },
  rasLimit: { fallback: 2, min: 1, max: 100, integer: true, unit: 'times' },
  seed: { leftOut: 'drawn at random', min: 0, max: 0xffff_ffff, integer: true, unit: '' },
  maxSeconds: { leftOut: 'by the length of the text', min: 0.2, max: 600, unit: 'seconds' },
} as const satisfies Record<string, NumberRule>;

/** What decides how a code is sampled, every value known. */
export interface SamplingValues {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly rasWindowFrames: number;
  readonly rasLimit: number;
}

/** The published model's own values. Source: `generation_config.json` of bosonai/higgs-audio-v2-generation-3B-base. */
export const PUBLISHED_SAMPLING: SamplingValues = {
  temperature: 1,
  topK: 50,
  topP: 0.95,
  rasWindowFrames: 7,
  rasLimit: 2,
};

/** Where a long text is cut into segments: of the list, as in all here, the first one is the default. */
export const SEGMENT_BY = ['sentences', 'words', 'turns'] as const;

export const SEGMENT_RULES = {
  segmentWords: { fallback: 200, min: 1, max: 1000, integer: true, unit: 'words' },
  segmentTurns: { fallback: 1, min: 1, max: 100, integer: true, unit: 'turns' },
  contextSegments: { leftOut: 'by model and voice', min: 0, max: 100, integer: true, unit: 'segments' },
} as const satisfies Record<string, NumberRule>;

export const BED_RULES = {
  gainDb: { fallback: -18, min: -60, max: 12, unit: 'dB' },
  duckDb: { fallback: -9, min: -60, max: 0, unit: 'dB' },
  attackSeconds: { fallback: 0.25, min: 0.01, max: 5, unit: 'seconds' },
  releaseSeconds: { fallback: 0.8, min: 0.01, max: 10, unit: 'seconds' },
  fadeInSeconds: { fallback: 0.5, min: 0, max: 30, unit: 'seconds' },
  fadeOutSeconds: { fallback: 1.5, min: 0, max: 30, unit: 'seconds' },
  leadInSeconds: { fallback: 1, min: 0, max: 30, unit: 'seconds' },
  tailSeconds: { fallback: 1.5, min: 0, max: 60, unit: 'seconds' },
} as const satisfies Record<string, NumberRule>;

export const DIALOGUE_RULES = {
  gapSeconds: { fallback: 0.3, min: -10, max: 10, unit: 'seconds' },
} as const satisfies Record<string, NumberRule>;

/** Of English, as a model that reads phones says words: of the list, the first one is the default. */
export const ACCENTS = ['american', 'british'] as const;

/** @returns the accent that a value names, or undefined for every other value. */
export function accentNamed(value: unknown): (typeof ACCENTS)[number] | undefined {
  return ACCENTS.find((accent) => accent === value);
}

/** Who takes the turns of a dialogue: in this list of choices, as in all here, the first one is the default. */
export const TURNS = ['auto', 'together', 'by-line'] as const;

export const CALL_RULES = {
  priority: { fallback: 0, min: -1000, max: 1000, unit: '' },
} as const satisfies Record<string, NumberRule>;

export const PRODUCTION_RULES = {
  speed: { fallback: 1, min: 0.25, max: 4, unit: 'times' },
  loudnessLufs: { leftOut: 'as spoken', min: -40, max: -5, unit: 'LUFS' },
} as const satisfies Record<string, NumberRule>;

/** What one line of a dialogue may have of its own; sampling as above. */
export const LINE_RULES = {
  speed: PRODUCTION_RULES.speed,
  pan: { fallback: 0, min: -1, max: 1, unit: '' },
  gapSeconds: DIALOGUE_RULES.gapSeconds,
} as const satisfies Record<string, NumberRule>;

export const ENCODER_RULES = {
  sampleRateHz: { fallback: 24_000, min: 8_000, max: 192_000, integer: true, unit: 'Hz' },
  channelCount: { fallback: 1, min: 1, max: 8, integer: true, unit: 'channels' },
  mp3BitrateKbps: { leftOut: '96, in stereo 160', min: 32, max: 320, unit: 'kbit/s' },
} as const satisfies Record<string, NumberRule>;

export const ENGINE_RULES = {
  threads: { fallback: 0, min: 0, max: 256, integer: true, unit: 'threads' },
  idleSeconds: { fallback: 600, min: 0, max: 86_400, unit: 'seconds' },
  stallSeconds: { fallback: 300, min: 1, max: 86_400, unit: 'seconds' },
  queueLimit: { fallback: 100, min: 1, max: 10_000, integer: true, unit: 'requests' },
  textLimitCharacters: { fallback: 20_000, min: 1, max: 1_000_000, integer: true, unit: 'characters' },
  contextPositions: { fallback: 8192, min: 256, max: 32_768, integer: true, unit: 'positions' },
  speechCacheMegabytes: { fallback: 100, min: 0, max: 100_000, unit: 'MB' },
} as const satisfies Record<string, NumberRule>;

export const REMOTE_RULES = {
  silenceSeconds: { fallback: 60, min: 1, max: 3600, unit: 'seconds' },
  requestsAtOnce: {
    leftOut: 'by the kind of server: docs/scaling.md',
    min: 1,
    max: 256,
    integer: true,
    unit: 'requests',
  },
} as const satisfies Record<string, NumberRule>;

/** The built-in chimes: production/chimes.ts has their notes. */
export const CHIMES = ['ding', 'ding-dong', 'three-tones', 'attention', 'gong'] as const;
export type ChimeName = (typeof CHIMES)[number];
/** The embedded music: production/tracks.ts has its notes. */
export const TRACKS = ['calm', 'morning', 'news'] as const;
export type TrackName = (typeof TRACKS)[number];

/** WAV of 16 or 24 bits or of 32-bit floats; raw little-endian PCM of 16 bits, channels interleaved; MP3; FLAC of 16 bits; Opus in Ogg; AAC in ADTS frames. */
export const SOUND_FORMATS = ['wav16', 'wav24', 'wavFloat', 'pcm16', 'mp3', 'flac', 'opus', 'aac'] as const;
export type SoundFormat = (typeof SOUND_FORMATS)[number];

/** WebVTT and SubRip. */
export const SUBTITLE_FORMATS = ['vtt', 'srt'] as const;
export type SubtitleFormat = (typeof SUBTITLE_FORMATS)[number];

export const REMOTE_APIS = ['speech', 'chat'] as const;
export type RemoteApiName = (typeof REMOTE_APIS)[number];

/** Servers that speak in this machine's place, with vLLM or SGLang for instance: docs/scaling.md. */
export interface RemoteOptions {
  /** Base addresses such as `http://gpu:8000/v1`; the least busy server that is well is asked. */
  readonly urls: readonly string[];
  /**
   * `speech`: `POST /audio/speech`, one voice, cloned or the server's own; `chat`: `POST /chat/completions`, which knows
   * scenes, described voices and several speakers as well.
   */
  readonly api?: RemoteApiName;
  /** The name the servers have for the model. Left out: the first that each lists. */
  readonly model?: string;
  /** Sent as `Authorization: Bearer …`, to these addresses alone. */
  readonly key?: string;
  /**
   * A server that is silent for this long, at the beginning or in mid-speech, has failed. One that sends all its sound at the
   * end has four times the longest that the sound can last on top.
   */
  readonly silenceSeconds?: number;
  /** Requests that each server gets at the same time; left out: as many as its kind answers well. */
  readonly requestsAtOnce?: number;
  /** Speak on this machine, with `model` and `device`, where no server can. */
  readonly fallBack?: boolean;
}

export const DEVICES = ['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml', 'wasm'] as const;
export type Device = (typeof DEVICES)[number];
export const WEIGHT_BITS = [4, 8, 32] as const;
export type WeightBits = (typeof WEIGHT_BITS)[number];
export const CACHE_BITS = [8, 32] as const;
export type CacheBits = (typeof CACHE_BITS)[number];

/** A lexicon as people give it: `word = how to say it`, one a line, an object, or a list of both (docs/api.md). */
export type Lexicon =
  string | Readonly<Record<string, string>> | readonly (string | Readonly<Record<string, string>>)[];

export interface EngineOptions {
  /**
   * `embedded`, a folder (a language model's checkpoint, or one that holds `model/` and `codec/`), or the name of a
   * model on the hub that was downloaded before.
   */
  readonly model?: string;
  /** The codec's folder where it does not lie in or beside the model's. */
  readonly codec?: string;
  readonly device?: Device;
  /**
   * Bits of a weight; left out: 8 for small models, 4 for large ones. Embeddings always stay whole; with 4, the products
   * that suffer most take 8 (docs/quality.md).
   */
  readonly bits?: WeightBits;
  /**
   * Bits of a key or a value that is kept. 32: whole, at four times the memory, and on a CPU slower the longer the context is
   * (docs/quality.md). 8, or left out: in 8 bits where weights are rounded and the device can, else whole.
   */
  readonly cacheBits?: CacheBits;
  /**
   * Positions of the model's context, at most: a second of speech or of a reference takes 25, a word one or two. The network has
   * no limit of its own; memory grows with what is used.
   */
  readonly contextPositions?: number;
  /** 0: as many as there are physical cores. */
  readonly threads?: number;
  /** Graphs made from checkpoints, codes of reference clips. Left out: the system's cache folder. */
  readonly cacheDir?: string;
  /** Registered voices. Left out: the system's folder for application data. */
  readonly dataDir?: string;
  /** After this long without work the model is unloaded; 0: never. */
  readonly idleSeconds?: number;
  /**
   * A speech process that has made no progress for this long, though something is asked of it, or that does not even tell that it
   * lives, is ended and replaced. While it starts, converts and loads a model, ten times as long.
   */
  readonly stallSeconds?: number;
  /** Left out: this machine speaks. */
  readonly remote?: RemoteOptions;
  readonly queueLimit?: number;
  readonly textLimitCharacters?: number;
  /** Words and how they are said: `Tuya = too ya`, one a line; phones stand between slashes (docs/api.md). */
  readonly lexicon?: Lexicon;
  /**
   * Results are kept in `cacheDir` up to this size, the last used ones, and answer equal requests (see `cache` of a call's
   * options). They hold what was said, as sound and as text; 0 keeps none.
   */
  readonly speechCacheMegabytes?: number;
}

/** `value`, or where it is left out the rule's fallback; throws HIGGS_OPTION_INVALID naming option, value and range. */
export function checkNumber(name: string, value: unknown, rule: NumberRule & { readonly fallback: number }): number;
export function checkNumber(name: string, value: unknown, rule: NumberRule): number | undefined;
export function checkNumber(name: string, value: unknown, rule: NumberRule): number | undefined {
  if (value === undefined) return rule.fallback;
  const inRange = typeof value === 'number' && value >= rule.min && value <= rule.max;
  if (!inRange || (rule.integer === true && !Number.isInteger(value))) {
    const kind = rule.integer === true ? 'a whole number' : 'a number';
    const unit = rule.unit === '' ? '' : ` ${rule.unit}`;
    throw new HiggsError(
      'HIGGS_OPTION_INVALID',
      `The option "${name}" is ${shown(value)}; it takes ${kind} from ${rule.min} to ${rule.max}${unit}.`,
    );
  }
  return value;
}

/** NaN and Infinity too, which JSON has no words for; of what is long, the beginning. */
function shown(value: unknown): string {
  const text = String(typeof value === 'number' ? value : JSON.stringify(value));
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** `value` where it is one of `choices`, the first of them where it is left out; else HIGGS_OPTION_INVALID. */
export function checkChoice<T extends string | number>(name: string, value: unknown, choices: readonly T[]): T {
  const found = value === undefined ? choices[0] : choices.find((choice) => choice === value);
  if (found === undefined) {
    throw new HiggsError(
      'HIGGS_OPTION_INVALID',
      `The option "${name}" is ${shown(value)}; it takes one of: ${choices.join(', ')}.`,
    );
  }
  return found;
}
