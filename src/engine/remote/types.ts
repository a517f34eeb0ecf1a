/** What a server of this kind of model is asked, whatever form it wants the question in. */
import type { StopReason } from '../requests.js';

/** A voice as it is sent over: a clip's bytes instead of its codes. */
export type RemoteVoice =
  | { readonly kind: 'any' }
  | { readonly kind: 'described'; readonly description: string }
  /** `wav`: mono, 24 kHz, 16 bits. */
  | { readonly kind: 'cloned'; readonly transcript: string; readonly wav: Uint8Array };

export interface RemoteQuestion {
  /** Normalised; with `[SPEAKERn]` tags where `voices` are several, with music tags where wanted. */
  readonly text: string;
  readonly voices: readonly RemoteVoice[];
  readonly scene?: string;
  readonly system?: string;
  readonly seed: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  /** The longest the answer may become. */
  readonly maxFrames: number;
}

/** One form of question and answer, such as OpenAI's speech endpoint. */
export interface RemoteApi {
  /** Where it is asked, after the base address. */
  readonly path: string;
  /** The body to post. Throws HIGGS_OPTION_INVALID for what this form cannot say. */
  bodyOf(question: RemoteQuestion, model: string): object;
  /** The samples of an answer's body, mono 24 kHz, as they come. Throws {@link BrokenAnswer} where they are none. */
  samplesOf(answer: RemoteAnswer): AsyncGenerator<Float32Array, StopReason, void>;
}

/** An answer of status 200. */
export interface RemoteAnswer {
  /** Media type without parameters, in lower case; empty where the server does not say. */
  readonly mediaType: string;
  header(name: string): string | undefined;
  parts(): AsyncGenerator<Uint8Array, void, void>;
}

/** A server said something that is no speech; another one, or a second try, may do better. */
export class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer';
}
