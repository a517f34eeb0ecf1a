/**
 * The messages between the engine and its child process; nothing here runs. Every call that the parent opens is closed
 * once, by `end` or `failed`. How many are open at a time is the parent's business, as the queue is; what is not speech is
 * done alone where the model is here.
 */
import type { WireError } from './errors.js';
import type { Device, WeightBits } from './options.js';
import type { ProgressEvent } from './progress.js';
import type { Accent } from './pronunciation/index.js';
import type { RemoteSettings } from './remote/settings.js';
import type { AudioChunk, ClipReport, DialogueRequest, SpeakRequest, SpeakResult } from './requests.js';

/** What a child needs to know before its first call; sent once, first of all. Folders are absolute. */
export interface ChildSettings {
  /** `embedded` or a folder. */
  readonly model: string;
  readonly codec?: string;
  readonly device: Device;
  readonly bits?: WeightBits;
  /** 0: as many as there are physical cores. */
  readonly threads: number;
  readonly cacheDir: string;
  /** Servers that speak in this machine's place. */
  readonly remote?: RemoteSettings;
}

/** A voice with its name looked up: the child knows no names. `label` is what the result calls it. */
export type ResolvedVoice =
  | {
      readonly kind: 'clip';
      readonly label: string;
      readonly clip: string | Uint8Array;
      readonly transcript: string;
      /** Of English, for models that read phones; left out: American. */
      readonly accent?: Accent;
    }
  | { readonly kind: 'described'; readonly label: string; readonly description: string }
  | { readonly kind: 'any'; readonly label: string };

/** What the child is told beside the request itself. */
interface Listening {
  /** Someone listens while the sound is made: it may not wait for its end. */
  readonly streams: boolean;
}

export type ResolvedSpeakRequest = Omit<SpeakRequest, 'voice'> & Listening & { readonly voice: ResolvedVoice };
export type ResolvedDialogueRequest = Omit<DialogueRequest, 'voices'> &
  Listening & { readonly voices: Readonly<Record<string, ResolvedVoice>> };

/** What is asked of the child. */
export type Assignment =
  | { readonly kind: 'speak'; readonly request: ResolvedSpeakRequest }
  | { readonly kind: 'dialogue'; readonly request: ResolvedDialogueRequest }
  /** Reads, checks and encodes a clip, and keeps its codes, so that the first sentence does not wait for that. */
  | { readonly kind: 'prepare-voice'; readonly clip: string | Uint8Array }
  | { readonly kind: 'load' };

export type ToChild =
  | { readonly kind: 'settings'; readonly settings: ChildSettings }
  | (Assignment & { readonly call: number })
  | { readonly kind: 'abort'; readonly call: number }
  | { readonly kind: 'close' };

/** A result without its samples, which have crossed as chunks, and without what only the parent knows. */
export type SpeechOutcome = Omit<SpeakResult, 'samples' | 'cached'>;

export type CallAnswer =
  | { readonly to: 'speech'; readonly outcome: SpeechOutcome }
  | { readonly to: 'prepare-voice'; readonly report: ClipReport }
  | { readonly to: 'load' };

export type ToParent =
  /** The model is loaded, or there is news of it; comes before the answer of the call that loaded it, and with each answer. */
  | {
      readonly kind: 'ready';
      readonly device: string;
      readonly bits: number;
      /** So many generations gain by going on together; 1: none do. */
      readonly mostTogether: number;
      readonly warnings: readonly string[];
      readonly residentBytes: number;
    }
  | { readonly kind: 'progress'; readonly call: number; readonly event: ProgressEvent }
  | { readonly kind: 'chunk'; readonly call: number; readonly chunk: AudioChunk }
  | { readonly kind: 'end'; readonly call: number; readonly answer: CallAnswer }
  | { readonly kind: 'failed'; readonly call: number; readonly error: WireError };
