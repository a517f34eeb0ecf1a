/** Finished sound, and what can be done to it before it is handed out. Plain data; nothing here runs. */
import type { ChimeName } from './chimes.js';

/** Samples of one or more channels, all of one length, -1 to 1. */
export interface Sound {
  /** One array a channel: mono, or left and right. */
  readonly channels: readonly Float32Array[];
  readonly sampleRateHz: number;
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
