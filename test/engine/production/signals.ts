/** Sounds to test with. */
export const RATE = 24_000;

export function sine(seconds: number, { hertz = 220, peak = 0.5, rateHz = RATE } = {}): Float32Array {
  const length = Math.round(seconds * rateHz);
  return Float32Array.from({ length }, (_, at) => peak * Math.sin((2 * Math.PI * hertz * at) / rateHz));
}

/** -peak to peak, the same for the same seed. */
export function noise(seconds: number, { seed = 1, peak = 1 } = {}): Float32Array {
  let state = seed;
  return Float32Array.from(
    { length: Math.round(seconds * RATE) },
    () => (peak * (state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0)) / 2 ** 31,
  );
}

/** Something like a voice: a buzz with formants whose pitch glides, in syllables. */
export function voiceLike(seconds: number): Float32Array {
  const samples = new Float32Array(Math.round(seconds * RATE));
  let phase = 0;
  for (let at = 0; at < samples.length; at++) {
    const time = at / RATE;
    phase += (2 * Math.PI * (120 + 30 * Math.sin(2 * Math.PI * 0.7 * time))) / RATE;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 2 * time)) ** 0.5;
    for (let partial = 1; partial <= 20; partial++) {
      const hertz = 120 * partial;
      const formant = Math.exp(-(((hertz - 600) / 300) ** 2)) + 0.5 * Math.exp(-(((hertz - 1700) / 400) ** 2));
      samples[at]! += 0.2 * syllable * (0.05 + formant) * Math.sin(partial * phase);
    }
  }
  return samples;
}

/** Hz by counting rising zero crossings between the first and the last. */
export function pitchOf(samples: Float32Array, rateHz = RATE): number {
  const crossings: number[] = [];
  for (let at = 1; at < samples.length; at++) {
    const [before, after] = [samples[at - 1]!, samples[at]!];
    if (before < 0 && after >= 0) crossings.push(at - after / (after - before));
  }
  return ((crossings.length - 1) * rateHz) / (crossings.at(-1)! - crossings[0]!);
}

export function largestJump(samples: Float32Array): number {
  let jump = 0;
  for (let at = 1; at < samples.length; at++) jump = Math.max(jump, Math.abs(samples[at]! - samples[at - 1]!));
  return jump;
}
