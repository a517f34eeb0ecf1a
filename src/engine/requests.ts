/** What callers ask of the engine and what they get: plain data, the same on both sides of the process border. */
import type { ACCENTS, Lexicon, SamplingValues, SEGMENT_BY, TrackName, TURNS } from './options.js';
import type { OnProgress } from './progress.js';

/** Of English: how a model that reads phones says words. */
export type Accent = (typeof ACCENTS)[number];

/** Where a voice comes from. */
export type VoiceSource =
  /** An embedded voice or one registered with the engine. */
  | { readonly kind: 'named'; readonly name: string }
  /**
   * Zero-shot cloning: a WAV file's path or its bytes, the words spoken in it, and how whoever speaks says them. `accent` counts
   * for models that read phones, as the embedded one does; left out: American.
   */
  | {
      readonly kind: 'clip';
      readonly clip: string | Uint8Array;
      readonly transcript: string;
      readonly accent?: Accent | undefined;
    }
  /** Words for the scene, such as "feminine; moderate pitch". */
  | { readonly kind: 'described'; readonly description: string }
  /** The model picks one. */
  | { readonly kind: 'any' };

/** A name stands for `{ kind: 'named', name }`. */
export type Voice = string | VoiceSource;

/** Each field left out takes the checkpoint's own value (generation_config.json), then the table in `options.ts`. */
export interface SamplingOptions {
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  /** Repetition-aware sampling: how many past frames are looked at; 0 turns it off. */
  readonly rasWindowFrames?: number;
  readonly rasLimit?: number;
  /** 0 to 2^32 - 1; the same seed and request give the same samples. Left out: a random one, told in the result. */
  readonly seed?: number;
  /** The longest speech one segment of text may become; left out: a limit by the text's length. */
  readonly maxSeconds?: number;
}

export type MusicSetting =
  | { readonly kind: 'none' }
  /** Music that the model makes: the text is wrapped in [music start] … [music end]. */
  | { readonly kind: 'model' }
  | ({ readonly kind: 'bed' } & MusicBed);

/** A recording (a WAV file's path or its bytes) or an embedded track, mixed under speech. */
export type MusicBed = BedSettings & BedSource;

export type BedSource =
  | { readonly clip: string | Uint8Array; readonly track?: undefined }
  | { readonly track: TrackName; readonly clip?: undefined };

/** Gains in dB, times in seconds; ranges and defaults: `BED_RULES`. */
export interface BedSettings {
  readonly gainDb?: number;
  /** How far the bed goes down while someone speaks; 0 or less. */
  readonly duckDb?: number;
  /** How long it takes to go down before a word, and to come back after the last one. */
  readonly attackSeconds?: number;
  readonly releaseSeconds?: number;
  readonly fadeInSeconds?: number;
  readonly fadeOutSeconds?: number;
  /** Bed alone before the first word, and after the last one. */
  readonly leadInSeconds?: number;
  readonly tailSeconds?: number;
  readonly loop?: boolean;
}

/** How a text becomes words. */
export interface ReadingFields {
  /** BCP 47 tag for numbers, dates and units in words; `auto` and left out: by the text itself, English where it does not tell. */
  readonly language?: string;
  /** For texts that are words already: nothing is put into words but what the model's own reference does. */
  readonly asWritten?: boolean;
  /** Words and how they are said, over the engine's own. */
  readonly lexicon?: Lexicon;
}

/** How a long text is cut into segments, and what of those before stands in the prompt of the next one. */
export interface SegmentFields {
  /**
   * `sentences`, or left out: at the ends of sentences, so that segments fit the model. `words` and `turns`: as the reference's
   * example cuts, after every {@link segmentWords} words, wherever that is, or before every {@link segmentTurns}th speaker's turn
   * (`[SPEAKER0] …` at a line's beginning); nothing is fitted then, and a dialogue's segments have all its voices.
   */
  readonly segmentBy?: (typeof SEGMENT_BY)[number];
  readonly segmentWords?: number;
  readonly segmentTurns?: number;
  /**
   * So many of the segments before, the last ones, stand in the prompt with their sound; 0: none. Each takes 25 positions a second.
   * Left out: the last one, and the first one too where no clip tells the voice; none for the embedded model.
   */
  readonly contextSegments?: number;
}

/** What the result's marks are to tell. */
export interface MarkFields {
  /** The words' times too, where the model can tell. Each segment ends a little later then, for it is looked at once more. */
  readonly wordTimes?: boolean;
}

export interface SpeakRequest extends SamplingOptions, SegmentFields, ReadingFields, MarkFields {
  /** `[pause]` and `[pause 0.8]` in it are silence of half a second and of 0.8 s. */
  readonly text: string;
  readonly voice?: Voice;
  /** The scene's words; left out: the reference's usual quiet room. */
  readonly scene?: string;
  /** What the model is told to do; left out: what the reference tells it; empty: nothing. */
  readonly system?: string;
  readonly music?: MusicSetting;
}

/** What is set here holds for this line alone; a line with anything of its own, or with a `[pause]`, is generated alone. */
export interface DialogueLine extends SamplingOptions {
  readonly speaker: string;
  readonly text: string;
  /** 0.25 to 4, without change of pitch. */
  readonly speed?: number;
  /** Where the speaker stands, -1 left … 1 right. Left out: as `pans` says. */
  readonly pan?: number;
  /** Silence before this line; negative: it begins before those before it have ended. Left out: the request's. */
  readonly gapSeconds?: number;
}

export interface DialogueRequest extends SamplingOptions, SegmentFields, ReadingFields, MarkFields {
  readonly lines: readonly DialogueLine[];
  /** A voice for each speaker named in `lines`. */
  readonly voices: Readonly<Record<string, Voice>>;
  readonly scene?: string;
  readonly system?: string;
  readonly music?: MusicSetting;
  /** `together`: one generation, the model takes the turns; `by-line`: each line alone, joined with gaps; `auto` decides by length. */
  readonly turns?: (typeof TURNS)[number];
  /** Silence between lines that were generated alone; negative: they overlap. */
  readonly gapSeconds?: number;
  /** Where each speaker stands, -1 left … 1 right; whoever is left out stands in the middle. The result is stereo then. */
  readonly pans?: Readonly<Record<string, number>>;
  /** A track for each speaker as well. */
  readonly stems?: boolean;
}

/** Where a word lies in the sound; `text` has the marks that stand beside it. */
export interface WordTime {
  readonly text: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** Where one line (or one segment of a long text) lies in the sound. */
export interface TimeMark {
  readonly index: number;
  readonly speaker?: string;
  readonly text: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** `exact`: the line was generated alone; `estimated`: found by its share of the text within one generation. */
  readonly certainty: 'exact' | 'estimated';
  /** As they are spoken, in order, where the request asked for them and the model can tell (the embedded one can). */
  readonly words?: readonly WordTime[];
}

export type StopReason = 'ended' | 'limit' | 'silence';

export interface SpeakResult {
  /** Mono, -1 to 1, 24 kHz: everyone, wherever they stand. */
  readonly samples: Float32Array;
  /** Left and right, where the request said where someone stands. */
  readonly channels?: readonly [left: Float32Array, right: Float32Array];
  /** Each speaker alone, without music, in place: as long as `samples`. Only where the request asked for it. */
  readonly stems?: Readonly<Record<string, Float32Array>>;
  readonly sampleRateHz: number;
  readonly durationSeconds: number;
  /** Time from the start of the work (not of waiting) to its end. */
  readonly workSeconds: number;
  readonly firstSoundSeconds: number;
  readonly frameCount: number;
  /** Left out: a server elsewhere spoke, which draws as it likes, whatever seed it is sent. */
  readonly seed?: number;
  /** What to call the voice: its name, "clip", or its description. */
  readonly voice: string;
  readonly stop: StopReason;
  readonly marks: readonly TimeMark[];
  /** How many times a segment was generated again because it had failed: silent, stuck, cut short, far too long, or words left out or said twice. */
  readonly retries: number;
  /** Whether this is the cached result of an equal request; then nothing was generated. */
  readonly cached: boolean;
  /** What the voice could not say as it was meant, and what to do; one text each. Left out: nothing. */
  readonly notes?: readonly string[];
}

/** What a text becomes before it is spoken. */
export interface Reading {
  /** The language that it is read in. */
  readonly language: string;
  /** What is said in one go, in order, and the silence that its writer asked for behind it. */
  readonly segments: readonly { readonly text: string; readonly pauseSeconds: number }[];
  /** As of a {@link SpeakResult}; empty where there is nothing to note. */
  readonly notes: readonly string[];
}

/** Mono 24 kHz samples that follow those of the chunk before; together they are the result's samples. */
export interface AudioChunk {
  readonly index: number;
  readonly startSeconds: number;
  readonly samples: Float32Array;
  /** As in {@link SpeakResult}, for this chunk. */
  readonly channels?: readonly [left: Float32Array, right: Float32Array];
  readonly stems?: Readonly<Record<string, Float32Array>>;
}

export interface VoiceInfo {
  readonly name: string;
  readonly origin: 'embedded' | 'registered';
  readonly description?: string;
  readonly transcript?: string;
  readonly durationSeconds?: number;
}

/** What was found when a clip was looked at. */
export interface ClipReport {
  readonly durationSeconds: number;
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly peakDb: number;
  readonly loudnessDb: number;
  readonly clippedShare: number;
  /** The level of what is heard where nobody speaks. */
  readonly noiseDb: number;
  readonly speechSeconds: number;
  /** The longest silence between two words. */
  readonly longestPauseSeconds: number;
  /** What makes a clone worse, each with what to do about it. */
  readonly warnings: readonly string[];
}

export interface RegisterVoiceRequest {
  readonly name: string;
  readonly source: Exclude<VoiceSource, { kind: 'named' } | { kind: 'any' }>;
  /** Replace a registered voice of this name; embedded ones are never replaced. */
  readonly replace?: boolean;
  /** Leave silence at both ends of the clip away. */
  readonly trim?: boolean;
}

/** How a voice from a file is kept. */
export interface ImportVoiceOptions {
  /** Left out: the name in the file. */
  readonly name?: string;
  readonly replace?: boolean;
}

export interface RegisteredVoice {
  readonly voice: VoiceInfo;
  readonly report?: ClipReport;
}

/** A call that waits, as others may see it. */
export interface WaitingCall {
  readonly owner?: string;
  readonly priority: number;
  /** How many go before it, the running one included. */
  readonly ahead: number;
  /** Its owner is paused. */
  readonly paused: boolean;
}

export interface EngineInfo {
  readonly state: 'idle' | 'starting' | 'ready' | 'given-up' | 'closed';
  readonly model: string;
  readonly device: string;
  /** 0 while it is not known: nothing was loaded yet and the options leave it open. */
  readonly bits: number;
  readonly waiting: number;
  readonly running: boolean;
  /** Who waits, first to be served first; as many as `waiting` says. */
  readonly queue: readonly WaitingCall[];
  /** Owners whose calls are held back, whether or not they have any. */
  readonly pausedOwners: readonly string[];
  readonly workerPid?: number;
  readonly residentBytes?: number;
  /** What holds where a request leaves it out: the loaded model's own values. Left out while none is loaded here. */
  readonly sampling?: SamplingValues;
  /** Seconds of sound for each second of work, of the last speech that was generated. */
  readonly speed?: number;
  readonly warnings: readonly string[];
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Higher goes first; equal ones in order of arrival. -1000 to 1000, default 0. */
  readonly priority?: number;
  /** Who asks: all calls of an owner can be stopped, paused and resumed together (a node's id, for one). */
  readonly owner?: string;
  /**
   * Goes before others of its priority, and stops running speech of a lower or the same priority, which ends with
   * HIGGS_ABORTED. Nothing is stopped for a request that cannot be served, nor for one whose owner is paused.
   */
  readonly interrupt?: boolean;
}

/** Which of an owner's calls a stop is for. */
export type StopScope = 'all' | 'waiting' | 'running';

export interface SpeakOptions extends CallOptions {
  /**
   * Whether the cached result of an equal request may answer, and this result be kept. Default true where the engine keeps any.
   * Without a seed in the request "equal" means all but the seed: ask for `false` where every result is to be a new one.
   */
  readonly cache?: boolean;
  /**
   * Sound as soon as there is some. Over a bed it comes at once at the end, for the mix needs all of the speech; a dialogue
   * by line comes line by line. An error thrown here never breaks the generation.
   */
  readonly onChunk?: (chunk: AudioChunk) => void;
}
