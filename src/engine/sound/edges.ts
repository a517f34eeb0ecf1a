/** Gains, fades and the silence around speech. Samples are mono, 24 kHz; nothing is changed in place. */
import { SAMPLE_RATE_HZ } from '../codes.js';
import { BLOCK_SECONDS, blockLevels, fromDb, loudnessOf, speechFloor } from './levels.js';

export function applyGain(samples: Float32Array, gainDb: number): Float32Array {
  const gain = fromDb(gainDb);
  return samples.map((sample) => sample * gain);
}

/** Fades along a raised cosine from nothing and to nothing; where both do not fit, each is shortened in proportion. */
export function fade(samples: Float32Array, inSeconds: number, outSeconds: number): Float32Array {
  const room = Math.min(1, samples.length / SAMPLE_RATE_HZ / Math.max(inSeconds + outSeconds, Number.EPSILON));
  const inLength = Math.floor(inSeconds * room * SAMPLE_RATE_HZ);
  const outLength = Math.floor(outSeconds * room * SAMPLE_RATE_HZ);
  const faded = samples.slice();
  const gainAt = (step: number, length: number) => 0.5 - 0.5 * Math.cos((Math.PI * step) / length);
  for (let at = 0; at < inLength; at++) faded[at]! *= gainAt(at, inLength);
  for (let at = 0; at < outLength; at++) faded[faded.length - 1 - at]! *= gainAt(at, outLength);
  return faded;
}

/** Where speech begins and ends, in samples; both 0 where there is none. */
export function speechBounds(samples: Float32Array): { readonly start: number; readonly end: number } {
  const levels = blockLevels(samples);
  const floor = speechFloor(loudnessOf(levels));
  const blockLength = SAMPLE_RATE_HZ * BLOCK_SECONDS;
  const first = levels.findIndex((level) => level >= floor);
  const last = levels.findLastIndex((level) => level >= floor);
  return { start: Math.max(0, first * blockLength), end: Math.min(samples.length, (last + 1) * blockLength) };
}

/** `samples` without the silence before and after the speech, but for `keepSeconds` of it; nothing where all is silence. */
export function trimSilence(samples: Float32Array, keepSeconds = 0.05): Float32Array {
  const { start, end } = speechBounds(samples);
  if (end === 0) return samples.slice(0, 0);
  const kept = Math.round(keepSeconds * SAMPLE_RATE_HZ);
  return samples.slice(Math.max(0, start - kept), Math.min(samples.length, end + kept));
}

/** Listens along while sound is made and says when it has been silent for long: a model that has lost its thread. */
export class SilenceWatch {
  #silentSeconds = 0;

  /** `limitSeconds`: how long a run of silence may be; `silenceDb`: what lies below is silence. */
  constructor(
    private readonly limitSeconds: number,
    private readonly silenceDb = -50,
  ) {}

  /** Takes in the next samples. */
  hear(samples: Float32Array): void {
    const levels = blockLevels(samples);
    const last = levels.findLastIndex((level) => level >= this.silenceDb);
    if (last >= 0) this.#silentSeconds = 0;
    this.#silentSeconds += (levels.length - 1 - last) * BLOCK_SECONDS;
  }

  /** The length of the silence at the end of what was heard. */
  get silentSeconds(): number {
    return this.#silentSeconds;
  }

  get isSilent(): boolean {
    return this.#silentSeconds >= this.limitSeconds;
  }
}
