/** Sends a result's sound on as it comes, and keeps the account of it: where segments and lines lie, when the first sound was there. */
import { SAMPLE_RATE_HZ } from '../codes.js';
import { moveMark, readBedSource, Timeline, type Layout, type Stretch } from '../production/index.js';
import type { SpeechOutcome } from '../protocol.js';
import type { AudioChunk, BedSettings, MusicSetting, StopReason, TimeMark } from '../requests.js';
import { mixBed, mixBedUnder } from '../sound/index.js';
import { joinFloats } from '../values.js';
import type { SegmentEnd } from './backend.js';

/** A bed's samples, mono 24 kHz, and how it is mixed. */
export interface Bed {
  readonly samples: Float32Array;
  readonly settings: BedSettings;
}

/** Read before anything is generated, so that a bad file costs no work. Throws HIGGS_CLIP_UNREADABLE. */
export async function readBed(music: MusicSetting | undefined): Promise<Bed | undefined> {
  if (music?.kind !== 'bed') return undefined;
  return { samples: await readBedSource(music, SAMPLE_RATE_HZ), settings: music };
}

export interface SpeechFacts {
  readonly seed: number;
  readonly voice: string;
}

/** How a line stands beside those before it. */
export interface LinePlace {
  readonly speaker: string;
  readonly pan: number;
  /** From the end of all before it; negative: it begins before that, but never before the line before it does. */
  readonly gapSeconds: number;
}

/** A sound without a sample is more than most players can take: where nothing is spoken, there is this much silence. */
export const LEAST_SECONDS = 0.3;

export class Assembler {
  private readonly begun = performance.now();
  private readonly marks: TimeMark[] = [];
  private readonly timeline: Timeline;
  /** With a bed, the speech waits here: the mix needs its end. */
  private readonly parts: Stretch[] = [];
  /** Samples that were placed, and those of them that were sent. */
  private sampleCount = 0;
  private sentCount = 0;
  private lineStart = 0;
  private chunkCount = 0;
  private frameCount = 0;
  private retries = 0;
  private firstSoundSeconds: number | undefined;
  private stop: StopReason = 'ended';
  private ignoresSeed = false;

  constructor(
    private readonly onChunk: (chunk: AudioChunk) => void,
    private readonly bed?: Bed,
    layout: Layout = { stereo: false, stems: [] },
  ) {
    this.timeline = new Timeline(layout);
  }

  /** Seconds of speech so far. */
  get seconds(): number {
    return this.sampleCount / SAMPLE_RATE_HZ;
  }

  /** The next [n] samples of speech, behind all before them. */
  add(samples: Float32Array): void {
    this.timeline.add(samples, { at: this.sampleCount, pan: 0 });
    this.sampleCount += samples.length;
    this.settle(this.sampleCount);
  }

  /**
   * A line's whole sound. What a next line that begins `nextGapSeconds` behind it cannot reach is sent. Gives where it lies.
   */
  addLine(
    samples: Float32Array,
    { speaker, pan, gapSeconds }: LinePlace,
    nextGapSeconds: number,
  ): Pick<TimeMark, 'startSeconds' | 'endSeconds'> {
    const at = Math.max(this.lineStart, this.sampleCount + Math.round(gapSeconds * SAMPLE_RATE_HZ));
    const end = at + samples.length;
    this.timeline.add(samples, { at, pan, stem: speaker });
    this.lineStart = at;
    this.sampleCount = Math.max(this.sampleCount, end);
    this.settle(this.sampleCount + Math.min(0, Math.round(nextGapSeconds * SAMPLE_RATE_HZ)));
    return { startSeconds: at / SAMPLE_RATE_HZ, endSeconds: end / SAMPLE_RATE_HZ };
  }

  addPause(seconds: number): void {
    this.add(new Float32Array(Math.max(0, Math.round(seconds * SAMPLE_RATE_HZ))));
  }

  mark(mark: Omit<TimeMark, 'index'>): void {
    this.marks.push({ index: this.marks.length, ...mark });
  }

  /** One generation is over. A result tells the most noteworthy reason: that a segment was cut off. */
  count({ frameCount, stop, retries = 0, ignoresSeed = false }: Omit<SegmentEnd<unknown>, 'turn'>): void {
    this.frameCount += frameCount;
    this.retries += retries;
    this.ignoresSeed ||= ignoresSeed;
    if (this.stop === 'ended' || stop === 'limit') this.stop = stop;
  }

  /** Mixes the bed under the speech, where there is one, and sums up. */
  finish({ seed, ...facts }: SpeechFacts): SpeechOutcome {
    if (this.sampleCount === 0) this.addPause(LEAST_SECONDS);
    this.settle(this.sampleCount);
    const offset = this.bed ? this.sendMix(this.bed) : 0;
    return {
      sampleRateHz: SAMPLE_RATE_HZ,
      durationSeconds: this.sentCount / SAMPLE_RATE_HZ,
      workSeconds: this.elapsedSeconds(),
      firstSoundSeconds: this.firstSoundSeconds ?? this.elapsedSeconds(),
      frameCount: this.frameCount,
      retries: this.retries,
      cached: false,
      stop: this.stop,
      marks: this.marks.map((mark) => moveMark(mark, (seconds) => seconds + offset)),
      ...facts,
      ...(this.ignoresSeed ? {} : { seed }),
    };
  }

  /** What lies before the sample `end` will not change any more. A line before which all is sent keeps its start. */
  private settle(end: number): void {
    const stretch = this.timeline.release(Math.max(end, this.lineStart));
    if (stretch.samples.length === 0) return;
    if (this.bed) this.parts.push(stretch);
    else this.send(stretch);
  }

  private sendMix(bed: Bed): number {
    const joined = (pick: (part: Stretch) => Float32Array) => joinFloats(this.parts.map(pick));
    const { samples, speechStartSeconds } = mixBed(
      joined((part) => part.samples),
      bed.samples,
      bed.settings,
    );
    const [first] = this.parts;
    const sides = first?.channels && [joined((part) => part.channels![0]), joined((part) => part.channels![1])];
    const [left, right] = sides ? mixBedUnder(sides, bed.samples, bed.settings).channels : [];
    const placed = (stem: Float32Array) => {
      const track = new Float32Array(samples.length);
      track.set(stem, Math.round(speechStartSeconds * SAMPLE_RATE_HZ));
      return track;
    };
    const stems = Object.keys(first?.stems ?? {}).map(
      (name) => [name, placed(joined((part) => part.stems![name]!))] as const,
    );
    this.send({
      samples,
      ...(left && right ? { channels: [left, right] as const } : {}),
      ...(stems.length > 0 ? { stems: Object.fromEntries(stems) } : {}),
    });
    return speechStartSeconds;
  }

  private send(stretch: Stretch): void {
    this.firstSoundSeconds ??= this.elapsedSeconds();
    this.onChunk({ index: this.chunkCount++, startSeconds: this.sentCount / SAMPLE_RATE_HZ, ...stretch });
    this.sentCount += stretch.samples.length;
  }

  private elapsedSeconds(): number {
    return (performance.now() - this.begun) / 1000;
  }
}
