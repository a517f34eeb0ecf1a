/** Sends a result's sound on as it comes, and keeps the account of it: where the pieces lie, when the first sound was there. */
import { SAMPLE_RATE_HZ } from '../codes.js';
import type { SpeechOutcome } from '../protocol.js';
import type { AudioChunk, StopReason, TimeMark } from '../requests.js';
import { joinSamples, mixBed, type BedSettings } from '../sound/index.js';

/** A bed's samples, mono 24 kHz, and how it is mixed. */
export interface Bed {
  readonly samples: Float32Array;
  readonly settings: BedSettings;
}

export interface RecitalFacts {
  readonly seed: number;
  readonly voice: string;
}

export class Recital {
  private readonly begun = performance.now();
  private readonly marks: TimeMark[] = [];
  /** With a bed, the speech waits here: the mix needs its end. */
  private readonly parts: Float32Array[] = [];
  private sampleCount = 0;
  private chunkCount = 0;
  private frameCount = 0;
  private firstSoundSeconds: number | undefined;
  private stop: StopReason = 'ended';

  constructor(
    private readonly onChunk: (chunk: AudioChunk) => void,
    private readonly bed?: Bed,
  ) {}

  /** Seconds of speech so far. */
  get seconds(): number {
    return this.sampleCount / SAMPLE_RATE_HZ;
  }

  /** The next [n] samples of speech. */
  speak(samples: Float32Array): void {
    if (samples.length === 0) return;
    this.sampleCount += samples.length;
    if (this.bed) this.parts.push(samples);
    else this.send(samples);
  }

  pause(seconds: number): void {
    this.speak(new Float32Array(Math.max(0, Math.round(seconds * SAMPLE_RATE_HZ))));
  }

  mark(mark: Omit<TimeMark, 'index'>): void {
    this.marks.push({ index: this.marks.length, ...mark });
  }

  /** One generation is over. A result tells the most noteworthy reason: that a piece was cut off. */
  count(frames: number, stop: StopReason): void {
    this.frameCount += frames;
    if (this.stop === 'ended' || stop === 'limit') this.stop = stop;
  }

  /** Mixes the bed under the speech, where there is one, and sums up. */
  end(facts: RecitalFacts): SpeechOutcome {
    const offset = this.bed ? this.sendMix(this.bed) : 0;
    return {
      sampleRateHz: SAMPLE_RATE_HZ,
      durationSeconds: this.seconds,
      workSeconds: this.elapsedSeconds(),
      firstSoundSeconds: this.firstSoundSeconds ?? this.elapsedSeconds(),
      frameCount: this.frameCount,
      stop: this.stop,
      marks: this.marks.map((mark) => ({
        ...mark,
        startSeconds: mark.startSeconds + offset,
        endSeconds: mark.endSeconds + offset,
      })),
      ...facts,
    };
  }

  private sendMix(bed: Bed): number {
    const { samples, speechStartSeconds } = mixBed(joinSamples(this.parts), bed.samples, bed.settings);
    this.sampleCount = samples.length;
    this.send(samples, 0);
    return speechStartSeconds;
  }

  private send(samples: Float32Array, from = this.sampleCount - samples.length): void {
    this.firstSoundSeconds ??= this.elapsedSeconds();
    this.onChunk({ index: this.chunkCount++, startSeconds: from / SAMPLE_RATE_HZ, samples });
  }

  private elapsedSeconds(): number {
    return (performance.now() - this.begun) / 1000;
  }
}
