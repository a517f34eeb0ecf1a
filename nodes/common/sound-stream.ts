/** Sound that is sent on while it is made: chunks of samples in, parts of a file out. */
import {
  openSoundEncoder,
  openTempo,
  produce,
  SAMPLE_RATE_HZ,
  type Production,
  type Sound,
  type SoundEncoder,
  type SoundFormat,
  type SpeakResult,
  type Tempo,
} from '../../src/engine/index.js';

export interface StreamPart {
  readonly index: number;
  readonly bytes: Buffer;
}

/** What goes into a stream is what comes out in parts; only levelling needs the whole and is left to those who have it. */
export type StreamProduction = Omit<Production, 'loudnessLufs'>;

const NOTHING: Sound = { channels: [new Float32Array(0)], sampleRateHz: SAMPLE_RATE_HZ };

export class SoundStream {
  private sampleCount = 0;
  private taken = 0;
  private nextIndex = 0;

  private constructor(
    private readonly production: StreamProduction,
    private readonly chimeBefore: Float32Array,
    private readonly chimeAfter: Float32Array,
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
    onPart: (part: StreamPart) => void,
  ): Promise<SoundStream> {
    const { chimeBefore, chimeAfter, speed = 1 } = production;
    const [before, after] = await Promise.all([
      produce(NOTHING, chimeBefore === undefined ? {} : { chimeBefore }),
      produce(NOTHING, chimeAfter === undefined ? {} : { chimeAfter }),
    ]);
    return new SoundStream(
      production,
      before.sound.channels[0]!,
      after.sound.channels[0]!,
      openTempo(speed),
      await openSoundEncoder(format, { sampleRateHz: SAMPLE_RATE_HZ, channelCount: 1 }),
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

  /** The next samples of speech, mono. */
  push(samples: Float32Array): void {
    const isFirst = this.taken === 0;
    this.taken += samples.length;
    const [stretched] = this.tempo.push([samples]);
    this.send(isFirst ? [this.chimeBefore, stretched!] : [stretched!]);
  }

  /** What is left of `result`, whose samples were pushed before as far as they came in chunks; gives its marks' places. */
  async end(result: SpeakResult): Promise<{ readonly rest: Buffer; readonly marks: SpeakResult['marks'] }> {
    if (this.taken < result.samples.length) this.push(result.samples.subarray(this.taken));
    const [stretched] = this.tempo.end();
    const rest = Buffer.concat([this.encode([stretched!, this.chimeAfter]), this.encoder.end()]);
    const { chimeBefore, speed } = this.production;
    const shift = { ...(chimeBefore === undefined ? {} : { chimeBefore }), ...(speed === undefined ? {} : { speed }) };
    return { rest, marks: (await produce(NOTHING, shift, result.marks)).marks };
  }

  private send(samples: readonly Float32Array[]): void {
    const bytes = this.encode(samples);
    if (bytes.length > 0) this.onPart({ index: this.nextIndex++, bytes });
  }

  private encode(samples: readonly Float32Array[]): Buffer {
    const encoded = samples.map((part) => {
      this.sampleCount += part.length;
      return this.encoder.push([part]);
    });
    return Buffer.concat(encoded);
  }
}
