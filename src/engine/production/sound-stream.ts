/** Sound that is sent on while it is made: chunks of samples in, parts of a file out. */
import { SAMPLE_RATE_HZ } from '../codes.js';
import type { SoundFormat } from '../options.js';
import type { AudioChunk, SpeakResult } from '../requests.js';
import { openSoundEncoder } from './encoder.js';
import { produce } from './produce.js';
import { openTempo, type Tempo } from './tempo.js';
import type { Production, Sound, SoundEncoder } from './types.js';

export interface StreamPart {
  readonly index: number;
  readonly bytes: Buffer;
}

/** What goes into a stream is what comes out in parts; only levelling needs the whole and is left to those who have it. */
export type StreamProduction = Omit<Production, 'loudnessLufs'>;

function nothing(channelCount: number): Sound {
  return { channels: Array.from({ length: channelCount }, () => new Float32Array(0)), sampleRateHz: SAMPLE_RATE_HZ };
}

export class SoundStream {
  private sampleCount = 0;
  private taken = 0;
  private nextIndex = 0;

  private constructor(
    private readonly production: StreamProduction,
    private readonly chimeBefore: readonly Float32Array[],
    private readonly chimeAfter: readonly Float32Array[],
    private readonly tempo: Tempo,
    private readonly encoder: SoundEncoder,
    private readonly onPart: (part: StreamPart) => void,
  ) {}

  /**
   * A stream that tells its parts to `onPart`: the first with the first samples, chime before, all of them with bytes in
   * them. Reads the chimes' files, so that a bad one costs no work. Throws as `produce` and `openSoundEncoder` do.
   */
  static async open(
    format: SoundFormat,
    production: StreamProduction,
    channelCount: number,
    onPart: (part: StreamPart) => void,
  ): Promise<SoundStream> {
    const { chimeBefore, chimeAfter, speed = 1 } = production;
    const [before, after] = await Promise.all([
      produce(nothing(channelCount), chimeBefore === undefined ? {} : { chimeBefore }),
      produce(nothing(channelCount), chimeAfter === undefined ? {} : { chimeAfter }),
    ]);
    return new SoundStream(
      production,
      before.sound.channels,
      after.sound.channels,
      openTempo(speed, { sampleRateHz: SAMPLE_RATE_HZ, channelCount }),
      await openSoundEncoder(format, { sampleRateHz: SAMPLE_RATE_HZ, channelCount }),
      onPart,
    );
  }

  /** Parts told so far. */
  get partCount(): number {
    return this.nextIndex;
  }

  get seconds(): number {
    return this.sampleCount / SAMPLE_RATE_HZ;
  }

  /** The next samples of speech, one array a channel. */
  push(channels: readonly Float32Array[]): void {
    const isFirst = this.taken === 0;
    this.taken += channels[0]!.length;
    const stretched = this.tempo.push(channels);
    this.send(isFirst ? [this.chimeBefore, stretched] : [stretched]);
  }

  /** What is left of `result`, whose samples were pushed before as far as they came in chunks; gives its marks' places. */
  async end(result: SpeakResult): Promise<{ readonly rest: Buffer; readonly marks: SpeakResult['marks'] }> {
    const whole = channelsOf(result);
    if (this.taken < whole[0]!.length) this.push(whole.map((channel) => channel.subarray(this.taken)));
    const last = this.encode([this.tempo.end(), this.chimeAfter]);
    const rest = Buffer.concat([last, await this.encoder.end()]);
    const { chimeBefore, speed } = this.production;
    const shift = { ...(chimeBefore === undefined ? {} : { chimeBefore }), ...(speed === undefined ? {} : { speed }) };
    return { rest, marks: (await produce(nothing(whole.length), shift, result.marks)).marks };
  }

  private send(parts: readonly (readonly Float32Array[])[]): void {
    const bytes = this.encode(parts);
    if (bytes.length > 0) this.onPart({ index: this.nextIndex++, bytes });
  }

  private encode(parts: readonly (readonly Float32Array[])[]): Buffer {
    const encoded = parts.map((channels) => {
      this.sampleCount += channels[0]!.length;
      return this.encoder.push(channels);
    });
    return Buffer.concat(encoded);
  }
}

/** Left and right where there are two, else the one there is. */
export function channelsOf({ samples, channels }: Pick<AudioChunk, 'samples' | 'channels'>): readonly Float32Array[] {
  return channels ?? [samples];
}
