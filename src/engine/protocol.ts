/**
 * The messages between the engine and its worker process; nothing here runs. Every call that the parent opens is closed
 * once, by `end` or `failed`. How many are open at a time is the parent's business, as their order is; what is not speech is
 * done alone where the model is here.
 */
import type { WireError } from './errors.js';
import type { CacheBits, Device, RemoteApiName, SamplingValues, WeightBits } from './options.js';
import type { ProgressEvent } from './progress.js';
import type {
  Accent,
  AudioChunk,
  ClipReport,
  DialogueRequest,
  Reading,
  SpeakRequest,
  SpeakResult,
} from './requests.js';
import type { LexiconEntry } from './lexicon.js';

/**
 * The pipe over which a thread of the worker tells that the process lives: a byte every BEAT_MS, made of the two bits below. No
 * byte comes from a process that is stopped; none with progress from one that hangs.
 */
export const HEARTBEAT_FD = 4;
export const BEAT_MS = 500;
/** Something was done since the byte before. */
export const BEAT_PROGRESS = 1;
/** It starts, or converts or loads a model: native work that tells of nothing meanwhile. */
export const BEAT_LOADING = 2;

/** What a worker needs to know before its first call; sent once, first of all. Folders are absolute. */
export interface WorkerSettings {
  /** `embedded` or a folder. */
  readonly model: string;
  readonly codec?: string;
  readonly device: Device;
  readonly bits?: WeightBits;
  readonly cacheBits?: CacheBits;
  readonly contextPositions: number;
  /** 0: as many as there are physical cores. */
  readonly threads: number;
  readonly cacheDir: string;
  /** Results are kept up to this size; 0: none is. */
  readonly speechCacheMegabytes: number;
  /** The engine's own; requests have theirs over it. */
  readonly lexicon?: readonly LexiconEntry[];
  /** Servers that speak in this machine's place. */
  readonly remote?: RemoteSettings;
}

/** Servers elsewhere: the options of that name, checked and filled in. */
export interface RemoteSettings {
  /** Base addresses that end with a slash. */
  readonly urls: readonly string[];
  readonly api: RemoteApiName;
  readonly model?: string;
  readonly key?: string;
  readonly silenceSeconds: number;
  /** Left out: by the kind of each server. */
  readonly requestsAtOnce?: number;
  readonly fallBack: boolean;
}

/** A voice with its name looked up: the worker knows no names. `label` is what the result calls it. */
export type ResolvedVoice =
  | {
      readonly kind: 'clip';
      readonly label: string;
      readonly clip: string | Uint8Array;
      readonly transcript: string;
      /** Of English, for models that read phones; left out: American. */
      readonly accent?: Accent | undefined;
    }
  | { readonly kind: 'described'; readonly label: string; readonly description: string }
  | { readonly kind: 'any'; readonly label: string };

/** What the worker is told beside the request itself. */
export interface SpeechManner {
  /** Someone listens while the sound is made: it may not wait for its end. */
  readonly streams: boolean;
  /** The cached result of an equal request may answer, and this one's result be kept. */
  readonly cache: boolean;
}

export type ResolvedSpeakRequest = Omit<SpeakRequest, 'voice'> & SpeechManner & { readonly voice: ResolvedVoice };
export type ResolvedDialogueRequest = Omit<DialogueRequest, 'voices'> &
  SpeechManner & { readonly voices: Readonly<Record<string, ResolvedVoice>> };

export type SpeechTask =
  | { readonly kind: 'speak'; readonly request: ResolvedSpeakRequest }
  | { readonly kind: 'dialogue'; readonly request: ResolvedDialogueRequest };

/** What is asked of the worker. */
export type Task =
  | SpeechTask
  /**
   * Reads, checks and encodes a clip, and keeps its codes, so that the first sentence does not wait for that. `trim`:
   * without the silence at its ends.
   */
  | { readonly kind: 'prepare-voice'; readonly clip: Uint8Array; readonly trim: boolean }
  /** Reads a text as `speak` would, and speaks nothing. */
  | { readonly kind: 'read'; readonly request: ResolvedSpeakRequest }
  | { readonly kind: 'load' };

export type ToWorker =
  | { readonly kind: 'settings'; readonly settings: WorkerSettings }
  | (Task & { readonly call: number })
  | { readonly kind: 'abort'; readonly call: number }
  | { readonly kind: 'close' };

/** A result without its samples, which have crossed as chunks. */
export type SpeechOutcome = Omit<SpeakResult, 'samples' | 'channels' | 'stems'>;

export type CallAnswer =
  | { readonly to: 'speech'; readonly outcome: SpeechOutcome }
  /** `trimmed`: the clip as it is to be kept, where something was cut from it. */
  | { readonly to: 'prepare-voice'; readonly report: ClipReport; readonly trimmed?: Uint8Array }
  | { readonly to: 'read'; readonly reading: Reading }
  | { readonly to: 'load' };

/** What the worker tells of one call. */
export type CallMessage = { readonly call: number } & (
  | { readonly kind: 'progress'; readonly event: ProgressEvent }
  | { readonly kind: 'chunk'; readonly chunk: AudioChunk }
  | { readonly kind: 'end'; readonly answer: CallAnswer }
  | { readonly kind: 'failed'; readonly error: WireError }
);

/** The model is loaded, or there is news of it; comes before the answer of the call that loaded it, and with each answer. */
export interface ReadyMessage {
  readonly kind: 'ready';
  readonly device: string;
  readonly bits: number;
  /** So many generations gain by going on together; 1: none do. */
  readonly mostTogether: number;
  /** What holds where a request leaves it out; left out: servers elsewhere know. */
  readonly sampling?: SamplingValues;
  /** So many calls are answered at the same time, where servers do; left out: one. */
  readonly callsAtOnce?: number;
  readonly warnings: readonly string[];
  readonly residentBytes: number;
}

export type ToParent = ReadyMessage | CallMessage;
