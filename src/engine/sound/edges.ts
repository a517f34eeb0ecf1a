/** Fades, and the silence that follows speech. Samples are mono, 24 kHz unless a rate is given; nothing is changed in place. */
import { SAMPLE_RATE_HZ } from '../codes.js';
import { BLOCK_SECONDS, blockLevels } from './levels.js';

/** Fades along a raised cosine from nothing and to nothing; where both do not fit, each is shortened in proportion. */
export function fade(
  samples: Float32Array,
  inSeconds: number,
  outSeconds: number,
  sampleRateHz: number = SAMPLE_RATE_HZ,
): Float32Array {
  const room = Math.min(1, samples.length / sampleRateHz / Math.max(inSeconds + outSeconds, Number.EPSILON));
  const inLength = Math.floor(inSeconds * room * sampleRateHz);
  const outLength = Math.floor(outSeconds * room * sampleRateHz);
  const faded = samples.slice();
  const gainAt = (step: number, length: number) => 0.5 - 0.5 * Math.cos((Math.PI * step) / length);
  for (let at = 0; at < inLength; at++) faded[at]! *= gainAt(at, inLength);
  for (let at = 0; at < outLength; at++) faded[faded.length - 1 - at]! *= gainAt(at, outLength);
  return faded;
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
