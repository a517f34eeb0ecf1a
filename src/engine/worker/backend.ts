/** Where a call is performed: on this machine's model ({@link Studio}) or by servers elsewhere ({@link RemoteStage}). */
import type { ResolvedVoice } from '../protocol.js';
import type { ClipReport, SamplingOptions, StopReason } from '../requests.js';
import type { CallTools, WorkplaceState } from './message-loop.js';

export interface NarrationStyle extends SamplingOptions {
  readonly seed: number;
  readonly scene?: string;
  readonly withMusic: boolean;
}

/** `Voice` is a voice as the stage needs it, `Turn` what it keeps of a piece that was spoken. */
export interface Stage<Voice, Turn> extends WorkplaceState {
  /** Makes everything ready for calls; what fails is tried again at the next one. `voices` will be cast soon. */
  open(tools: CallTools, voices?: readonly ResolvedVoice[]): Promise<unknown>;
  /** A caller's words as the model should read them. */
  write(text: string, language: string | undefined, tools: CallTools): Promise<string>;
  cast(voice: ResolvedVoice, tools: CallTools): Promise<Voice>;
  /** Checks a clip that is to be a voice. */
  prepare(clip: string | Uint8Array, tools: CallTools): Promise<ClipReport>;
  /** One call's narrator; the stage is open. */
  narrator(style: NarrationStyle, tools: CallTools): Teller<Voice, Turn>;
}

/** What one generation is to say. */
export interface Piece<Voice, Turn> {
  /** Normalised; with speaker tags where `voices` are several. */
  readonly text: string;
  readonly voices: readonly Voice[];
  readonly context?: readonly Turn[];
  /** What holds for this piece alone, over the call's. */
  readonly sampling?: SamplingOptions;
  /** Someone listens while it is made: its sound may not wait for its end. */
  readonly streams?: boolean;
}

export interface PieceEnd<Turn> {
  readonly stop: StopReason;
  readonly frameCount: number;
  readonly turn: Turn;
  /** How many takes were thrown away before this one; left out: none. */
  readonly redrawn?: number;
}

/** Speaks pieces of text for one call. */
export interface Teller<Voice, Turn> {
  /** Says what {@link speak} will be asked for, in order: what needs nothing of the pieces before it may be begun early. */
  announce(pieces: readonly Piece<Voice, Turn>[]): void;
  /** Speaks the next piece; its samples come in order, mono 24 kHz. */
  speak(piece: Piece<Voice, Turn>, onSound: (samples: Float32Array) => void): Promise<PieceEnd<Turn>>;
  /** What of the pieces spoken so far in this voice the next one is told. */
  contextOf(spoken: readonly Turn[], voice: Voice): Turn[];
  /** Normalised `text` in pieces that can each be spoken in one generation. */
  cut(text: string, voice: Voice, language: string | undefined): string[];
  /** Whether these speakers get their turns, in order and whole, in one generation of the normalised `text`. */
  takesTurns(text: string, voices: readonly Voice[]): boolean;
}
