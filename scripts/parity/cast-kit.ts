/**
 * Kits whose network was cast to bfloat16 and back as a whole (`lm.to(torch.bfloat16)` in refkit.py): that rounded the
 * rotary embedding's frequencies too. A checkpoint that is loaded in bfloat16 keeps them in float32 (reference
 * `HiggsAudioV2RotaryEmbedding`), so the engine does, and gets the kit's frequencies to be held against the kit's results.
 */
import path from 'node:path';
import { openLanguageModelTensors, readLanguageModelConfig } from '../../src/engine/checkpoint/index.js';
import { inverseFrequencies } from '../../src/engine/export/rotary.js';
import { writeVariant } from '../model-variant.js';
import { roundedToBfloat16 } from './bfloat16.js';

/** Every weight is a bfloat16, whatever type it is saved in. */
export async function isCast(modelDir: string): Promise<boolean> {
  const tensors = await openLanguageModelTensors(modelDir, await readLanguageModelConfig(modelDir));
  try {
    for (const { name, type } of tensors.entries.values()) {
      if (type === 'BF16') continue;
      const { buffer, byteOffset, length } = await tensors.readFloat32(name);
      if (new Uint32Array(buffer, byteOffset, length).some((word) => (word & 0xffff) !== 0)) return false;
    }
    return true;
  } finally {
    await tensors.close();
  }
}

/** Makes `dir/cast` a model with rounded frequencies, and gives its path. */
export async function writeWithRoundedFrequencies(modelDir: string, dir: string): Promise<string> {
  const { rope, headDim } = await readLanguageModelConfig(modelDir);
  const cast = path.join(dir, 'cast');
  const frequencies = roundedToBfloat16(inverseFrequencies(rope, headDim));
  await writeVariant(modelDir, cast, 32, { formatOf: () => undefined, frequencies });
  return cast;
}
