/**
 * Faster or slower at the same pitch: windows of the sound are laid together at another distance, each taken from where it
 * goes on best with the one before. Source: Verhelst and Roelands, "An overlap-add technique based on waveform similarity
 * (WSOLA) for high quality time-scale modification of speech", 1993.
 */
import { SAMPLE_RATE_HZ } from '../codes.js';
import { checkNumber, PRODUCTION_RULES } from '../options.js';
import { joinFloats } from '../values.js';

export interface TempoOptions {
  /** Default 24,000. */
  readonly sampleRateHz?: number;
  /** Default 1. */
  readonly channelCount?: number;
}

/** A stretch that is fed as sound comes: all that `push` and `end` give is what the whole would have become. */
export interface Tempo {
  /** The next samples, one array a channel; gives what is ready, one array a channel, perhaps empty. */
  push(channels: readonly Float32Array[]): Float32Array[];
  end(): Float32Array[];
}

/** Windows are twice this long and overlap by half: 40 ms hold two periods of the deepest voice. */
const HOP_SECONDS = 0.02;
/** How far from its place a window is looked for, each way: 20 ms in all hold a period of 50 Hz. */
const SEARCH_SECONDS = 0.01;
/** One in so many samples is compared at first; the best place's neighbours are then compared in full. */
const COARSE_STEP = 4;

/** [n] samples become round(n / speed). At speed 1 they pass as they are. Throws HIGGS_OPTION_INVALID. */
export function openTempo(speed: number, options: TempoOptions = {}): Tempo {
  checkNumber('speed', speed, PRODUCTION_RULES.speed);
  const { sampleRateHz = SAMPLE_RATE_HZ, channelCount = 1 } = options;
  if (speed !== 1) return new Stretch(speed, sampleRateHz, channelCount);
  return {
    push: (channels) => channels.map((channel) => channel.slice()),
    end: () => Array.from({ length: channelCount }, () => new Float32Array(0)),
  };
}

class Stretch implements Tempo {
  private readonly hop: number;
  private readonly search: number;
  /** The rising half of a Hann window; the falling half is what it lacks to 1. */
  private readonly rise: Float32Array;
  /** Input from `inputStart` on, a channel each, and their sum, by which places are compared. */
  private input: Float32Array[];
  private sum: Float32Array = new Float32Array(0);
  private inputStart = 0;
  private inputEnd = 0;
  /** Where the next window would begin if it went on from the one before. */
  private natural = 0;
  private windowCount = 0;
  private ended = false;

  constructor(
    private readonly speed: number,
    sampleRateHz: number,
    channelCount: number,
  ) {
    this.hop = Math.round(HOP_SECONDS * sampleRateHz);
    this.search = Math.round(SEARCH_SECONDS * sampleRateHz);
    this.rise = Float32Array.from(
      { length: this.hop },
      (_, at) => Math.sin((Math.PI * (at + 0.5)) / 2 / this.hop) ** 2,
    );
    this.input = Array.from({ length: channelCount }, () => new Float32Array(0));
  }

  push(channels: readonly Float32Array[]): Float32Array[] {
    this.input = this.input.map((kept, index) => joinFloats([kept, channels[index]!]));
    const length = channels[0]!.length;
    const sum = new Float32Array(length);
    for (const channel of channels) for (let at = 0; at < length; at++) sum[at]! += channel[at]!;
    this.sum = joinFloats([this.sum, sum]);
    this.inputEnd += length;
    return this.layWindows();
  }

  end(): Float32Array[] {
    this.ended = true;
    return this.layWindows();
  }

  /** Each window makes one hop of sound: the falling half of the one before and its own rising half. */
  private layWindows(): Float32Array[] {
    const { hop, search, speed } = this;
    const target = this.ended ? Math.round(this.inputEnd / speed) : Infinity;
    const hops: Float32Array[][] = [];
    for (;;) {
      const begin = this.windowCount * hop;
      const place = Math.round(begin * speed);
      // What is laid must be wanted wherever the end comes: past double speed a window reaches less far than it stands for.
      const isWanted = begin + hop <= this.inputEnd / speed;
      const isReady = isWanted && Math.max(place + search, this.natural) + 2 * hop <= this.inputEnd;
      if (begin >= target || !(isReady || this.ended)) break;
      const from = this.windowCount === 0 ? 0 : this.bestPlace(place);
      const length = Math.min(hop, target - begin);
      hops.push(this.input.map((channel) => this.crossFade(channel, this.natural, from, length)));
      this.natural = from + hop;
      this.windowCount += 1;
      this.forgetBefore(Math.min(this.natural, Math.round(this.windowCount * hop * speed) - search));
    }
    return this.input.map((_, index) => joinFloats(hops.map((channels) => channels[index]!)));
  }

  private crossFade(channel: Float32Array, fallFrom: number, riseFrom: number, length: number): Float32Array {
    const mixed = new Float32Array(length);
    for (let at = 0; at < length; at++) {
      const rise = this.windowCount === 0 ? 1 : this.rise[at]!;
      const falling = channel[fallFrom + at - this.inputStart] ?? 0;
      const rising = channel[riseFrom + at - this.inputStart] ?? 0;
      mixed[at] = falling * (1 - rise) + rising * rise;
    }
    return mixed;
  }

  /** Around `place`, where the sound is most like what would follow the last window. */
  private bestPlace(place: number): number {
    const { search } = this;
    const best = (offsets: Iterable<number>, step: number, start: number): number => {
      let found = start;
      let most = -Infinity;
      for (const offset of offsets) {
        if (place + offset < 0) continue;
        const likeness = this.likeness(place + offset, step);
        // Of equal places the nearest: in silence nothing moves.
        if (likeness > most || (likeness === most && Math.abs(offset) < Math.abs(found))) {
          [found, most] = [offset, likeness];
        }
      }
      return found;
    };
    const coarse = best(range(-search, search, COARSE_STEP / 2), COARSE_STEP, 0);
    const [from, to] = [Math.max(-search, coarse - COARSE_STEP), Math.min(search, coarse + COARSE_STEP)];
    return place + best(range(from, to, 1), 1, coarse);
  }

  /** Cosine of the angle between the natural continuation and the sound from `place` on; 0 for silence. */
  private likeness(place: number, step: number): number {
    const { sum, inputStart, natural, hop } = this;
    let [product, power] = [0, 0];
    for (let at = 0; at < hop; at += step) {
      const there = sum[place + at - inputStart] ?? 0;
      product += there * (sum[natural + at - inputStart] ?? 0);
      power += there * there;
    }
    return power === 0 ? 0 : product / Math.sqrt(power);
  }

  private forgetBefore(at: number): void {
    const drop = Math.min(at - this.inputStart, this.sum.length);
    if (drop <= 0) return;
    this.input = this.input.map((channel) => channel.subarray(drop));
    this.sum = this.sum.subarray(drop);
    this.inputStart += drop;
  }
}

function* range(from: number, to: number, step: number): Generator<number> {
  for (let at = from; at <= to; at += step) yield at;
}
