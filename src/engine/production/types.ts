/** Finished sound, what can be done to it before it is handed out, and what makes bytes of it. */
import type { ChimeName } from '../options.js';

/** Samples of one or more channels, all of one length, -1 to 1. */
export interface Sound {
  /** One array a channel: mono, or left and right. */
  readonly channels: readonly Float32Array[];
  readonly sampleRateHz: number;
}

/** Speech as the engine gives it: mono, and `channels` as well where someone stands left or right. */
export interface SpokenSound {
  readonly samples: Float32Array;
  readonly channels?: readonly Float32Array[] | undefined;
  readonly sampleRateHz: number;
}

export type AnySound = Sound | SpokenSound;

export function soundOf(given: AnySound): Sound {
  const { sampleRateHz } = given;
  return { channels: 'samples' in given ? (given.channels ?? [given.samples]) : given.channels, sampleRateHz };
}

export type ChimeSource =
  | { readonly kind: 'builtin'; readonly name: ChimeName }
  /** A WAV file's path or its bytes, played as it is. */
  | { readonly kind: 'clip'; readonly clip: string | Uint8Array };

/** What is done to speech that is whole, in this order: speed, loudness, chimes. Ranges: `PRODUCTION_RULES`. */
export interface Production {
  /** 0.25 (a quarter as fast) to 4 (four times as fast), without change of pitch; 1 leaves the sound as it is. */
  readonly speed?: number;
  /** The loudness to level to, in LUFS after ITU-R BS.1770-4; left out: as spoken. No true peak gets above -1 dBTP. */
  readonly loudnessLufs?: number;
  readonly chimeBefore?: ChimeSource;
  readonly chimeAfter?: ChimeSource;
}

/** What is known of a sound before its first sample. */
export interface SoundShape {
  readonly sampleRateHz: number;
  readonly channelCount: number;
  /** Samples of a channel; left out where they still come: then no header tells the length. */
  readonly frameCount?: number;
}

/** Bytes in the order in which they are to be sent; together they are a file. */
export interface SoundEncoder {
  /** The next samples, one array of equal length a channel; gives the bytes that are ready, perhaps none. */
  push(channels: readonly Float32Array[]): Uint8Array;
  /** What is left, a promise where the work is done in a thread; the encoder is not used after this. */
  end(): Uint8Array | Promise<Uint8Array>;
}
