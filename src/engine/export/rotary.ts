/** Rotary position embedding as two tables. Source: reference `HiggsAudioV2RotaryEmbedding`, `_compute_llama3_parameters`. */
import type { RopeConfig } from '../checkpoint/types.js';

export interface RotaryTables {
  /** [positions, headDim / 2] each; the second half of a head turns with the same angles. */
  readonly cosines: Float32Array;
  readonly sines: Float32Array;
}

/**
 * frequencies [headDim / 2] in radians a position. Angles are rounded to float32 where the reference rounds, for at late
 * positions the rounding shows.
 */
export function rotaryTables(frequencies: Float32Array, positions: number): RotaryTables {
  const cosines = new Float32Array(positions * frequencies.length);
  const sines = new Float32Array(positions * frequencies.length);
  for (let position = 0; position < positions; position++) {
    for (const [i, frequency] of frequencies.entries()) {
      const angle = Math.fround(frequency * position);
      cosines[position * frequencies.length + i] = Math.cos(angle);
      sines[position * frequencies.length + i] = Math.sin(angle);
    }
  }
  return { cosines, sines };
}

/** Radians a position, [headDim / 2], in float32 whatever the checkpoint's type: so does the reference load it. */
export function inverseFrequencies(rope: RopeConfig, headDim: number): Float32Array {
  const plain = Float32Array.from({ length: headDim / 2 }, (_, i) => 1 / rope.theta ** ((2 * i) / headDim));
  switch (rope.type) {
    case 'default':
    case 'dynamic':
      return plain;
    case 'linear':
      return plain.map((frequency) => frequency / rope.factor);
    case 'llama3':
      return plain.map((frequency) => stretched(frequency, rope));
  }
}

/** llama3: slow turns are stretched by `factor`, fast ones stay, those between are blended. */
function stretched(frequency: number, rope: Extract<RopeConfig, { type: 'llama3' }>): number {
  const turns = (rope.originalMaxPositions * frequency) / (2 * Math.PI);
  if (turns < rope.lowFrequencyFactor) return frequency / rope.factor;
  if (turns > rope.highFrequencyFactor) return frequency;
  const share = (turns - rope.lowFrequencyFactor) / (rope.highFrequencyFactor - rope.lowFrequencyFactor);
  return ((1 - share) * frequency) / rope.factor + share * frequency;
}
