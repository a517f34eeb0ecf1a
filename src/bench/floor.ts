/** What a step has to read of memory, whoever computes it. */
import type { LanguageModelConfig } from '../engine/checkpoint/types.js';
import { weightFormats } from '../engine/export/index.js';
import type { WeightBits } from '../engine/options.js';

const FLOAT_BYTES = 4;

/** Bytes of weights, scales included, that one audio position goes through: attention, the audio FFN, the audio head. */
export function weightBytesOfStep(config: LanguageModelConfig, bits: WeightBits): number {
  const { hiddenSize, feedForwardSize, heads, keyValueHeads, headDim, layers } = config;
  const products: readonly (readonly [name: string, weights: number])[] = [
    ['qkv', hiddenSize * headDim * (heads + 2 * keyValueHeads)],
    ['o', hiddenSize * headDim * heads],
    ...['gate', 'up', 'down'].map((part) => [`audio_mlp.${part}`, hiddenSize * feedForwardSize] as const),
  ];
  const formatOf = weightFormats(config, bits);
  const bytesOf = (name: string, weights: number): number => {
    const format = formatOf(name);
    return format === undefined ? weights * FLOAT_BYTES : weights * (format.bits / 8 + FLOAT_BYTES / format.blockSize);
  };
  let bytes = bytesOf('audio_lm_head.weight', hiddenSize * config.numCodebooks * config.codebookSize);
  for (let layer = 0; layer < layers; layer++) {
    for (const [name, weights] of products) bytes += bytesOf(`model.layers.${layer}.${name}`, weights);
  }
  return bytes;
}

/** Bytes of keys and values of the positions before: 8 bits each where weights are rounded, else float32. */
export function keyValueBytes(config: LanguageModelConfig, bits: WeightBits, positions: number): number {
  const { layers, keyValueHeads, headDim } = config;
  return 2 * layers * keyValueHeads * headDim * positions * (bits === 32 ? FLOAT_BYTES : 1);
}
