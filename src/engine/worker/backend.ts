/** Where speech is made: by this machine's model (local-backend.ts) or by servers elsewhere (remote-backend.ts). */
import type { OnProgress } from '../progress.js';
import type { ReadyMessage, ResolvedVoice } from '../protocol.js';
import type { ReadingNote, ReadingOptions } from '../text/index.js';
import type {
  AudioChunk,
  ClipReport,
  MarkFields,
  SamplingOptions,
  SegmentFields,
  StopReason,
  WordTime,
} from '../requests.js';

/** What a call may use while it is answered. */
export interface CallTools {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly onChunk: (chunk: AudioChunk) => void;
  /** Called where something is done that is told in no other way: whoever hears nothing for long takes the process for stuck. */
  readonly onStep?: () => void;
}

/** What is told of a backend that is ready. */
export type BackendState = Omit<ReadyMessage, 'kind' | 'residentBytes'>;

/** `Voice` is a voice as the backend needs it, `Turn` what it keeps of a segment that was spoken. */
export interface Backend<Voice, Turn> {
  /** Undefined before the model is loaded. */
  readonly loaded: BackendState | undefined;
  /** Makes everything ready for calls; what fails is tried again at the next one. `voices` will be opened soon. */
  open(tools: CallTools, voices?: readonly ResolvedVoice[]): Promise<unknown>;
  /** A caller's words as the model should read them; empty where it has nothing to say of them. */
  normalize(text: string, reading: ReadingOptions, tools: CallTools): Promise<string>;
  /** What of `text` the voices here cannot say as it is meant; the backend is open. */
  notesOn(text: string): readonly ReadingNote[];
  openVoice(voice: ResolvedVoice, tools: CallTools): Promise<Voice>;
  /** Checks a clip that is to be a voice. */
  checkClip(clip: string | Uint8Array, tools: CallTools): Promise<ClipReport>;
  /** For one call; the backend is open. */
  segmentGenerator(style: SpeechStyle, tools: CallTools): SegmentGenerator<Voice, Turn>;
}

/** What holds for all segments of a call. */
export interface SpeechStyle extends SamplingOptions, SegmentFields, MarkFields {
  readonly seed: number;
  readonly scene?: string;
  readonly system?: string;
  readonly withMusic: boolean;
}

/** What one generation is to say. */
export interface Segment<Voice, Turn> {
  /** Normalised; with speaker tags where `voices` are several. */
  readonly text: string;
  readonly voices: readonly Voice[];
  readonly context?: readonly Turn[];
  /** What holds for this segment alone, over the call's. */
  readonly sampling?: SamplingOptions;
  /** Someone listens while it is made: its sound may not wait for its end. */
  readonly streams?: boolean;
}

export interface SegmentEnd<Turn> {
  readonly stop: StopReason;
  readonly frameCount: number;
  readonly turn: Turn;
  /** Seconds from the segment's beginning, where the call wants them and the model can tell. */
  readonly words?: readonly WordTime[];
  /** How many attempts were thrown away before this one; left out: none. */
  readonly retries?: number;
  /** Whoever made it draws as it likes, whatever the seed. */
  readonly ignoresSeed?: boolean;
}

/** Speaks the segments of one call. */
export interface SegmentGenerator<Voice, Turn> {
  /** Says what {@link speak} will be asked for, in order: what needs nothing of the segments before it may be begun before its turn. */
  plan(segments: readonly Segment<Voice, Turn>[]): void;
  /** Speaks the next segment; its samples come in order, mono 24 kHz. */
  speak(segment: Segment<Voice, Turn>, onSound: (samples: Float32Array) => void): Promise<SegmentEnd<Turn>>;
  /** What of the segments spoken so far in this voice the next one is told. */
  contextOf(spoken: readonly Turn[], voice: Voice): Turn[];
  /** Normalised `text` in segments that can each be spoken in one generation, or as the call asks for. */
  split(text: string, voice: Voice): string[];
  /** Whether these speakers get their turns, in order and whole, in one generation of the normalised `text`. */
  fitsTogether(text: string, voices: readonly Voice[]): boolean;
}

/** A voice that has no clip, as prompts and servers take it. */
export function withoutClip(voice: Exclude<ResolvedVoice, { kind: 'clip' }>) {
  return voice.kind === 'any'
    ? ({ kind: 'any' } as const)
    : ({ kind: 'described', description: voice.description } as const);
}
