/** What a player is, and what it is given. */

/** Raw samples: 16 bits, little-endian, channels interleaved. */
export interface PcmShape {
  readonly sampleRateHz: number;
  readonly channelCount: number;
}

/** A sound that is to be played. Bytes are a file's, but for raw PCM, which has a shape. */
export type SoundSource =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly pcm?: PcmShape }
  /** Parts of a file, or of raw PCM, while it is still made. */
  | { readonly kind: 'chunks'; readonly chunks: AsyncIterable<Uint8Array>; readonly pcm?: PcmShape }
  /** http or https. */
  | { readonly kind: 'url'; readonly url: string };

/** Where players of the network fetch a sound. */
export interface PublishedSound {
  readonly url: string;
  /** Whether somebody has fetched it yet. */
  wasFetched(): boolean;
}

/** `extension` without a dot. */
export type Publish = (bytes: Uint8Array, mediaType: string, extension: string) => Promise<PublishedSound>;

export interface PlayOptions {
  readonly signal: AbortSignal;
  /** 0 to 100; left out: as the player is set. */
  readonly volume?: number;
  /** Needed by players of the network alone. */
  readonly publish: Publish;
  /** What the renderer shows while it plays. */
  readonly title?: string;
}

export interface Player {
  /** The same for two that are one and the same. */
  readonly key: string;
  /** For a person. */
  readonly name: string;
  /**
   * Plays the sound; settles when it has been heard. Rejects with HIGGS_ABORTED, HIGGS_PLAYER_MISSING,
   * HIGGS_PLAYER_UNREACHABLE, HIGGS_PLAYER_FAILED, HIGGS_SOUND_MISSING or HIGGS_SOUND_UNPLAYABLE.
   */
  play(source: SoundSource, options: PlayOptions): Promise<void>;
  /** Nothing more is to be played for now: what was changed is put back, what played before goes on. Never rejects. */
  rest(): Promise<void>;
}
