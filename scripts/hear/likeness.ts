/** Whether a recording holds what was spoken, however late and however loud. */
const PART_SECONDS = 0.25;
/** A player may resample, and a codec may be between. */
const ALIKE = 0.95;

/** The best likeness (1: the same but for its level) of `part` at any place of `recording`, and the level there. */
export function likeness(recording: Float32Array, part: Float32Array): { alike: number; gain: number } {
  let place = 0;
  let best = 0;
  for (let from = 0; from + part.length <= recording.length; from++) {
    // Every eighth sample is enough to find the place, but not to tell the level there.
    const { alike } = likenessAt(recording, from, part, 8);
    if (alike > best) [best, place] = [alike, from];
  }
  return best === 0 ? { alike: 0, gain: 0 } : likenessAt(recording, place, part, 1);
}

function likenessAt(
  recording: Float32Array,
  from: number,
  part: Float32Array,
  step: number,
): { alike: number; gain: number } {
  let product = 0;
  let power = 0;
  let energy = 0;
  for (let at = 0; at < part.length; at += step) {
    product += recording[from + at]! * part[at]!;
    power += recording[from + at]! ** 2;
    energy += part[at]! ** 2;
  }
  return { alike: product / Math.sqrt(power * energy || 1), gain: product / (energy || 1) };
}

/** Both halves of what was spoken are looked for, each by its loudest quarter of a second. */
export function holds(recording: Float32Array, spoken: Float32Array, sampleRateHz: number): boolean {
  const half = Math.floor(spoken.length / 2);
  const partLength = Math.floor(PART_SECONDS * sampleRateHz);
  return [spoken.subarray(0, half), spoken.subarray(half)].every((samples) => {
    const part = loudest(samples, partLength);
    return energyOf(part) > 0 && likeness(recording, part).alike > ALIKE;
  });
}

function loudest(samples: Float32Array, length: number): Float32Array {
  let best = samples.subarray(0, length);
  for (let from = length; from + length <= samples.length; from += length) {
    const next = samples.subarray(from, from + length);
    if (energyOf(next) > energyOf(best)) best = next;
  }
  return best;
}

function energyOf(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}
