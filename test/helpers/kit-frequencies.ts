/**
 * How the kit `wide-heads` was made: its network was cast to bfloat16 and back as a whole (`lm.to(torch.bfloat16)` in
 * the kit's maker), and that rounded the rotary embedding's frequencies too. A checkpoint that is loaded in bfloat16
 * keeps them in float32 (reference `HiggsAudioV2RotaryEmbedding`), so the engine does; to be held against this kit's
 * results it gets the kit's frequencies:
 *
 * ```ts
 * vi.mock('<…>/src/engine/export/rotary.js', async (original) => {
 *   const { asKitsWereMade } = await import('<…>/helpers/kit-frequencies.js');
 *   return asKitsWereMade(await original());
 * });
 * ```
 */
import type * as Rotary from '../../src/engine/export/rotary.js';

export function asKitsWereMade(rotary: typeof Rotary): typeof Rotary {
  return {
    ...rotary,
    inverseFrequencies: (rope, headDim) => {
      const frequencies = rotary.inverseFrequencies(rope, headDim);
      const isWideHeads = rope.type === 'llama3' && rope.originalMaxPositions === 64;
      return isWideHeads ? roundedToBfloat16(frequencies) : frequencies;
    },
  };
}

function roundedToBfloat16(values: Float32Array): Float32Array {
  const words = new Uint32Array(Float32Array.from(values).buffer);
  // To nearest, ties to even, as torch does.
  const rounded = words.map((word) => ((word + 0x7fff + ((word >>> 16) & 1)) >>> 16) << 16);
  return new Float32Array(rounded.buffer);
}
