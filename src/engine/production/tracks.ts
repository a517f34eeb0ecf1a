/** Music that is played by arithmetic, to lie under speech: no recordings, so nobody's rights. Tracks are loops without a seam. */
import { setImmediate } from 'node:timers/promises';
import { SAMPLE_RATE_HZ } from '../codes.js';
import type { TrackName } from '../options.js';
import { level } from './loudness.js';

/** A note: when and how long in beats, its number in the MIDI scale (69 is A at 440 Hz), how loud beside the others. */
interface Note {
  readonly beat: number;
  readonly beats: number;
  readonly pitch: number;
  readonly gain: number;
}

/** How an instrument begins and ends a note, and what it is made of. */
interface Timbre {
  /** [times the pitch, gain] */
  readonly partials: readonly (readonly [ratio: number, gain: number])[];
  readonly attackSeconds: number;
  /** Down by 60 dB after this long; 0: it holds. */
  readonly decaySeconds: number;
  readonly releaseSeconds: number;
}

interface Part {
  readonly timbre: Timbre;
  readonly notes: readonly Note[];
}

interface Piece {
  readonly beatsPerMinute: number;
  readonly beats: number;
  readonly parts: readonly Part[];
}

const PAD: Timbre = {
  partials: [
    [0.997, 0.5],
    [1.003, 0.5],
    [2, 0.22],
    [3, 0.08],
  ],
  attackSeconds: 0.8,
  decaySeconds: 0,
  releaseSeconds: 1.2,
};
const PLUCK: Timbre = {
  partials: [
    [1, 1],
    [2, 0.4],
    [3, 0.18],
    [4, 0.08],
  ],
  attackSeconds: 0.006,
  decaySeconds: 1.6,
  releaseSeconds: 0.3,
};
const BASS: Timbre = {
  partials: [
    [1, 1],
    [2, 0.3],
  ],
  attackSeconds: 0.03,
  decaySeconds: 3,
  releaseSeconds: 0.2,
};
const KEYS: Timbre = {
  partials: [
    [1, 1],
    [2.001, 0.28],
    [4.003, 0.1],
  ],
  attackSeconds: 0.01,
  decaySeconds: 2.6,
  releaseSeconds: 0.5,
};

type Chord = readonly number[];

/** Each chord held for `beats`. */
const held = (chords: readonly Chord[], beats: number, gain: number): Note[] =>
  chords.flatMap((chord, index) => chord.map((pitch) => ({ beat: index * beats, beats, pitch, gain })));

/** Each chord's notes one by one, over and over in the order `steps`, `length` beats each. */
const broken = (
  chords: readonly Chord[],
  beats: number,
  steps: readonly number[],
  length: number,
  gain: number,
): Note[] =>
  chords.flatMap((chord, index) =>
    Array.from({ length: Math.round(beats / length) }, (_, step) => ({
      beat: index * beats + step * length,
      beats: length,
      pitch: chord[steps[step % steps.length]! % chord.length]!,
      gain,
    })),
  );

/** The chords' roots, an octave or two below. */
const roots = (chords: readonly Chord[], beats: number, below: number, gain: number): Note[] =>
  held(
    chords.map((chord) => [chord[0]! - below]),
    beats,
    gain,
  );

const CALM: readonly Chord[] = [
  [57, 60, 64, 67],
  [53, 57, 60, 64],
  [48, 55, 60, 64],
  [55, 59, 62, 64],
];
const MORNING: readonly Chord[] = [
  [60, 64, 67, 71],
  [57, 60, 64, 67],
  [53, 57, 60, 65],
  [55, 59, 62, 67],
];
const NEWS: readonly Chord[] = [
  [50, 57, 62, 65],
  [46, 53, 58, 62],
  [53, 57, 60, 65],
  [48, 55, 60, 64],
];

const PIECES = {
  /** Slow chords that swell, a few soft keys above. */
  calm: {
    beatsPerMinute: 60,
    beats: 16,
    parts: [
      { timbre: PAD, notes: held(CALM, 4, 0.5) },
      { timbre: KEYS, notes: broken(CALM, 4, [3, 2], 2, 0.35) },
      { timbre: BASS, notes: roots(CALM, 4, 12, 0.5) },
    ],
  },
  /** A bright broken chord over a soft ground. */
  morning: {
    beatsPerMinute: 96,
    beats: 32,
    parts: [
      { timbre: PAD, notes: held(MORNING, 8, 0.25) },
      { timbre: PLUCK, notes: broken(MORNING, 8, [0, 2, 1, 3, 2, 1], 0.5, 0.5) },
      { timbre: BASS, notes: roots(MORNING, 4 * 2, 24, 0.6) },
    ],
  },
  /** A steady pulse, as before the news. */
  news: {
    beatsPerMinute: 120,
    beats: 32,
    parts: [
      { timbre: PAD, notes: held(NEWS, 8, 0.25) },
      { timbre: KEYS, notes: broken(NEWS, 8, [3, 2, 3, 1], 0.5, 0.4) },
      {
        timbre: BASS,
        notes: broken(
          NEWS.map((chord) => [chord[0]! - 12]),
          8,
          [0],
          1,
          0.7,
        ),
      },
    ],
  },
} as const satisfies Record<TrackName, Piece>;

/** Tracks lie this loud, as recordings do that people put under speech. */
const TRACK_LUFS = -18;
/** Down by 60 dB. */
const DECAY = Math.log(1000);

const played = new Map<TrackName, Promise<Float32Array>>();

/** An embedded track, mono, 24 kHz, 16 to 20 s long, made at its first use (a second or so of work) and kept; always the same. */
export function playTrack(name: TrackName): Promise<Float32Array> {
  const track = played.get(name) ?? playPiece(PIECES[name]);
  played.set(name, track);
  return track;
}

/** Other work gets its turn after each note. */
async function playPiece(piece: Piece): Promise<Float32Array> {
  const { beatsPerMinute, beats, parts } = piece;
  const samplesPerBeat = (60 / beatsPerMinute) * SAMPLE_RATE_HZ;
  const loop = new Float32Array(Math.round(beats * samplesPerBeat));
  for (const { timbre, notes } of parts) {
    for (const note of notes) {
      play(loop, note, timbre, samplesPerBeat);
      await setImmediate();
    }
  }
  return level({ channels: [loop], sampleRateHz: SAMPLE_RATE_HZ }, TRACK_LUFS).channels[0]!;
}

/** Adds a note; what rings on beyond the end goes on at the beginning, so that the loop has no seam. */
function play(loop: Float32Array, note: Note, timbre: Timbre, samplesPerBeat: number): void {
  const start = Math.round(note.beat * samplesPerBeat);
  const holdSeconds = (note.beats * samplesPerBeat) / SAMPLE_RATE_HZ;
  const length = Math.round((holdSeconds + timbre.releaseSeconds) * SAMPLE_RATE_HZ);
  const hertz = 440 * 2 ** ((note.pitch - 69) / 12);
  const envelope = Float32Array.from({ length }, (_, at) => {
    const seconds = at / SAMPLE_RATE_HZ;
    const swell = Math.min(1, seconds / timbre.attackSeconds);
    const fall = timbre.decaySeconds === 0 ? 1 : Math.exp((-DECAY * seconds) / timbre.decaySeconds);
    const end = Math.min(1, Math.max(0, (holdSeconds + timbre.releaseSeconds - seconds) / timbre.releaseSeconds));
    return note.gain * swell * fall * (0.5 - 0.5 * Math.cos(Math.PI * end));
  });
  for (const [ratio, gain] of timbre.partials) {
    const radians = (2 * Math.PI * hertz * ratio) / SAMPLE_RATE_HZ;
    // A turning vector costs a fraction of a sine a sample, and over a few seconds loses nothing that could be heard.
    const [cosine, sine] = [Math.cos(radians), Math.sin(radians)];
    let [x, y] = [gain, 0];
    for (let at = 0, place = start; at < length; at++, place++) {
      if (place >= loop.length) place -= loop.length;
      loop[place]! += envelope[at]! * y;
      const turned = x * cosine - y * sine;
      y = x * sine + y * cosine;
      x = turned;
    }
  }
}
