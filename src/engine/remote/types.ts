/** What a server of this kind of model is asked, whatever form it wants the question in. */
import type { StopReason } from '../requests.js';
import type { ServerKind } from './kinds.js';

/** A voice as it is sent over: a clip's bytes instead of its codes. */
export type RemoteVoice =
  | { readonly kind: 'any' }
  | { readonly kind: 'described'; readonly description: string }
  /** `wav`: mono, 24 kHz, 16 bits. `embedded`: its name, where it is one of the voices that this package brings along. */
  | { readonly kind: 'cloned'; readonly transcript: string; readonly wav: Uint8Array; readonly embedded?: string };

export interface RemoteQuestion {
  /** Normalised; with `[SPEAKERn]` tags where `voices` are several, with music tags where wanted. */
  readonly text: string;
  readonly voices: readonly RemoteVoice[];
  /** The model is to make music as well. */
  readonly withMusic?: boolean;
  readonly scene?: string;
  readonly system?: string;
  readonly seed: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  /** The longest the answer may become. */
  readonly maxFrames: number;
  /** The caller set that limit; else it is far longer than the text. */
  readonly hasOwnLimit?: boolean;
}

/** The server that is asked, as far as the question depends on it. */
export interface Target {
  readonly model: string;
  readonly kind: ServerKind;
  /** The embedded voices that it has, by name. */
  readonly voices: ReadonlySet<string>;
}

/** One form of question and answer, such as OpenAI's speech endpoint. */
export interface RemoteApi {
  /** Where it is asked, after the base address. */
  readonly path: string;
  /** The body to post. Throws HIGGS_OPTION_INVALID for what this form cannot say, HIGGS_REMOTE_REFUSED for a clip that is not taken. */
  bodyOf(question: RemoteQuestion, target: Target): object;
  /** The samples of an answer's body, mono 24 kHz, as they come. Throws {@link BrokenAnswer} where they are none. */
  samplesOf(answer: RemoteAnswer, question: RemoteQuestion): AsyncGenerator<Float32Array, StopReason, void>;
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
