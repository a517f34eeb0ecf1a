/** Chimes that are rung by arithmetic: no recordings, so nobody's rights. */
import { SAMPLE_RATE_HZ } from '../codes.js';
import type { ChimeName } from '../options.js';
import { fromDb, peakOf } from '../sound/index.js';

/** One stroke: when, how high, how loud beside the others. */
interface Stroke {
  readonly atSeconds: number;
  readonly hertz: number;
  readonly gain: number;
}

/** What a struck thing sounds like: its partials, and how long it rings. */
interface Instrument {
  /** [times the stroke's pitch, gain, share of the ringing time] */
  readonly partials: readonly (readonly [ratio: number, gain: number, ring: number])[];
  /** The time after which the lowest partial is down by 60 dB. */
  readonly ringSeconds: number;
}

/** A tuned bar, as of a vibraphone: the second partial two octaves up. */
const BAR: Instrument = {
  partials: [
    [1, 1, 1],
    [4, 0.22, 0.35],
    [10.1, 0.06, 0.12],
  ],
  ringSeconds: 1.8,
};
/** A small bell, brighter. */
const BELL: Instrument = {
  partials: [
    [1, 1, 1],
    [2, 0.55, 0.7],
    [3.01, 0.3, 0.45],
    [4.17, 0.2, 0.3],
    [5.43, 0.12, 0.2],
  ],
  ringSeconds: 1.4,
};
/** A large one: its partials do not agree, two of them beat. */
const GONG: Instrument = {
  partials: [
    [1, 1, 1],
    [1.004, 0.6, 1],
    [1.52, 0.5, 0.8],
    [2.41, 0.35, 0.55],
    [3.12, 0.22, 0.4],
    [4.05, 0.12, 0.25],
  ],
  ringSeconds: 3,
};

const TABLE = {
  ding: { instrument: BELL, strokes: [{ atSeconds: 0, hertz: 1046.5, gain: 1 }] },
  'ding-dong': {
    instrument: BAR,
    strokes: [
      { atSeconds: 0, hertz: 659.26, gain: 1 },
      { atSeconds: 0.55, hertz: 523.25, gain: 1 },
    ],
  },
  'three-tones': {
    instrument: BAR,
    strokes: [
      { atSeconds: 0, hertz: 523.25, gain: 0.9 },
      { atSeconds: 0.35, hertz: 659.26, gain: 0.95 },
      { atSeconds: 0.7, hertz: 783.99, gain: 1 },
    ],
  },
  attention: {
    instrument: BELL,
    strokes: [
      { atSeconds: 0, hertz: 1174.66, gain: 1 },
      { atSeconds: 0.18, hertz: 1174.66, gain: 1 },
      { atSeconds: 0.36, hertz: 1567.98, gain: 1 },
    ],
  },
  gong: { instrument: GONG, strokes: [{ atSeconds: 0, hertz: 164.81, gain: 1 }] },
} as const satisfies Record<ChimeName, { instrument: Instrument; strokes: readonly Stroke[] }>;

/** A chime peaks here: beside speech at -16 to -20 LUFS it is heard and frightens nobody. */
const PEAK_DB = -9;
/** A stroke swells this long, so that it does not click. */
const ATTACK_SECONDS = 0.004;
/** Down by 60 dB. */
const DECAY = Math.log(1000);

/** The built-in chime `name`, mono, 0.5 to 4 s long, from silence to silence; the same at every call. */
export function ringChime(name: ChimeName, sampleRateHz: number = SAMPLE_RATE_HZ): Float32Array {
  const { instrument, strokes } = TABLE[name];
  const lastSeconds = Math.max(...strokes.map(({ atSeconds }) => atSeconds));
  const samples = new Float32Array(Math.round((lastSeconds + instrument.ringSeconds) * sampleRateHz));
  for (const stroke of strokes) strike(samples, stroke, instrument, sampleRateHz);
  const scale = fromDb(PEAK_DB) / peakOf(samples);
  return samples.map((sample) => sample * scale);
}

/** Adds a stroke, which is silent again after the instrument's ringing time. */
function strike(samples: Float32Array, stroke: Stroke, instrument: Instrument, sampleRateHz: number): void {
  const start = Math.round(stroke.atSeconds * sampleRateHz);
  const length = Math.min(samples.length - start, Math.round(instrument.ringSeconds * sampleRateHz));
  for (const [ratio, gain, ring] of instrument.partials) {
    const radians = (2 * Math.PI * stroke.hertz * ratio) / sampleRateHz;
    // What lies above half the rate cannot be heard as what it is.
    if (radians >= Math.PI) continue;
    for (let at = 0; at < length; at++) {
      const seconds = at / sampleRateHz;
      const swell = Math.min(1, seconds / ATTACK_SECONDS);
      const fall = Math.exp((-DECAY * seconds) / (instrument.ringSeconds * ring)) * (1 - at / length);
      samples[start + at]! += stroke.gain * gain * swell * fall * Math.sin(radians * at);
    }
  }
}
