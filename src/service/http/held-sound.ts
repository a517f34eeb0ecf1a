/**
 * Sound on its way into an answer: as it comes, or, where it is there soon enough, as a whole, for only then can a file's
 * head tell its length.
 */
import { encodeSound, produce, type AudioChunk, type SoundFormat, type SpeakResult } from '../../engine/index.js';
import { channelsOf, SoundStream } from '../../engine/package-api.js';
import type { SoundResponse } from './sound-response.js';

export interface SoundManner {
  readonly format: SoundFormat;
  /** 1: as spoken. */
  readonly speed: number;
  /** How long a sound is held back from its first samples on; 0: not at all, Infinity: until it is whole. */
  readonly holdSeconds: number;
}

export class HeldSound {
  /** What came and was not sent; undefined once the sound is sent as it comes. */
  private held: AudioChunk[] | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failure: unknown;

  private constructor(
    private readonly manner: SoundManner,
    private readonly stream: SoundStream,
    private readonly answer: SoundResponse,
    /** What cannot be sent is told here at once, and thrown by {@link end}. */
    private readonly onFailure: () => void,
  ) {
    if (manner.holdSeconds > 0) this.held = [];
  }

  /** Throws as `openSoundEncoder` does, so that a form that there is not costs no work. */
  static async open(manner: SoundManner, answer: SoundResponse, onFailure: () => void): Promise<HeldSound> {
    const { format, speed } = manner;
    const stream = await SoundStream.open(format, { speed }, 1, ({ bytes }) => answer.write(bytes));
    return new HeldSound(manner, stream, answer, onFailure);
  }

  push(chunk: AudioChunk): void {
    if (this.held === undefined) {
      this.send([chunk]);
      return;
    }
    this.held.push(chunk);
    const { holdSeconds } = this.manner;
    if (Number.isFinite(holdSeconds)) this.timer ??= setTimeout(() => this.release(), holdSeconds * 1000);
  }

  /** The rest of `result`, or the whole. Throws what could not be sent. */
  async end(result: SpeakResult): Promise<void> {
    clearTimeout(this.timer);
    if (this.failure !== undefined) throw this.failure instanceof Error ? this.failure : new Error('not sent');
    if (this.held === undefined) {
      this.answer.write((await this.stream.end(result)).rest);
      return;
    }
    const { format, speed } = this.manner;
    const { sound } = await produce({ channels: [result.samples], sampleRateHz: result.sampleRateHz }, { speed });
    this.answer.writeWhole(await encodeSound(sound, format));
  }

  /** To be called where {@link end} is not. */
  giveUp(): void {
    clearTimeout(this.timer);
  }

  private release(): void {
    const chunks = this.held ?? [];
    this.held = undefined;
    this.send(chunks);
  }

  /** The engine lets nothing out that a listener throws, and nobody listens to a timer. */
  private send(chunks: readonly AudioChunk[]): void {
    try {
      for (const chunk of chunks) this.stream.push(channelsOf(chunk));
    } catch (thrown) {
      this.failure ??= thrown;
      this.onFailure();
    }
  }
}
