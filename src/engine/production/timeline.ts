/** Sounds of several speakers laid on one line of time: mixed into one, panned into two, each on a track of its own. */
import { panGains } from './pan.js';

/** What the mix is made into besides one channel. */
export interface Layout {
  /** Left and right as well. */
  readonly stereo: boolean;
  /** A track of its own for each of these. */
  readonly stems: readonly string[];
}

/** A stretch of the mix; all arrays have one length. */
export interface Stretch {
  /** Everyone, wherever they stand. */
  readonly samples: Float32Array;
  readonly channels?: readonly [left: Float32Array, right: Float32Array];
  readonly stems?: Readonly<Record<string, Float32Array>>;
}

export interface Placement {
  /** The sample it begins at. */
  readonly at: number;
  /** -1 left … 1 right. */
  readonly pan: number;
  readonly stem?: string;
}

export class Timeline {
  private readonly mix = new Track();
  private readonly sides: readonly [Track, Track] | undefined;
  private readonly stems: ReadonlyMap<string, Track>;
  private released = 0;

  constructor({ stereo, stems }: Layout) {
    this.sides = stereo ? [new Track(), new Track()] : undefined;
    this.stems = new Map(stems.map((stem) => [stem, new Track()]));
  }

  /** Mixes [n] samples in; nothing may be placed before what was released. */
  add(samples: Float32Array, { at, pan, stem }: Placement): void {
    const from = at - this.released;
    this.mix.add(samples, from, 1);
    for (const [side, gain] of panGains(pan).entries()) this.sides?.[side]?.add(samples, from, gain);
    if (stem !== undefined) this.stems.get(stem)?.add(samples, from, 1);
  }

  /** What lies before the sample `end`, and was not released before; nothing can be added there any more. */
  release(end: number): Stretch {
    const length = Math.max(0, end - this.released);
    this.released += length;
    const stems = [...this.stems].map(([name, track]) => [name, track.release(length)] as const);
    return {
      samples: this.mix.release(length),
      ...(this.sides ? { channels: [this.sides[0].release(length), this.sides[1].release(length)] as const } : {}),
      ...(stems.length > 0 ? { stems: Object.fromEntries(stems) } : {}),
    };
  }
}

/** A channel from the first sample on that was not released. */
class Track {
  private samples = new Float32Array(0);

  add(samples: Float32Array, from: number, gain: number): void {
    this.reach(from + samples.length);
    for (let at = 0; at < samples.length; at++) this.samples[from + at]! += gain * samples[at]!;
  }

  release(length: number): Float32Array {
    this.reach(length);
    const released = this.samples.slice(0, length);
    this.samples = this.samples.slice(length);
    return released;
  }

  private reach(length: number): void {
    if (this.samples.length >= length) return;
    const longer = new Float32Array(length);
    longer.set(this.samples);
    this.samples = longer;
  }
}
