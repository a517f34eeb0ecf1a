/**
 * The kit `wide-heads` was made of a network that was cast to bfloat16 as a whole (scripts/parity/cast-kit.ts). To be held
 * against its results, the engine gets the kit's rotary frequencies:
 *
 * ```ts
 * vi.mock('<…>/src/engine/export/rotary.js', async (original) => {
 *   const { asKitsWereMade } = await import('<…>/helpers/kit-frequencies.js');
 *   return asKitsWereMade(await original());
 * });
 * ```
 */
import { roundedToBfloat16 } from '../../scripts/parity/bfloat16.js';
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
