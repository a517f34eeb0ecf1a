/** What the published model measures. Source: config.json of both published repositories. */

const CODES = 1024;
const VOCABULARY_SIZE = 1024;

/** But for the vocabulary: its table never reaches a device, and would be a file of 0.8 GB. */
export const PUBLISHED = {
  layers: 28,
  hiddenSize: 3072,
  heads: 24,
  keyValueHeads: 8,
  headDim: 128,
  feedForwardSize: 8192,
  numCodebooks: 8,
  codebookSize: CODES + 2,
  bosCode: CODES,
  eosCode: CODES + 1,
  rope: { theta: 500_000 },
} as const;

/** A layer's weights of 4 bits in megabytes: attention, and an FFN for text and one for audio. */
export function layerMegabytes(): number {
  const { hiddenSize, heads, keyValueHeads, headDim, feedForwardSize } = PUBLISHED;
  const attention = hiddenSize * headDim * (2 * heads + 2 * keyValueHeads);
  // Attention stands twice where text and audio have a graph each.
  const weights = 2 * attention + 2 * 3 * hiddenSize * feedForwardSize;
  return (weights * (4 / 8 + 4 / 128)) / 1e6;
}

/** Head and first and last layer in 8 bits, keys and values of 2,048 positions, what a run works on. */
const BESIDE_LAYERS_MEGABYTES = 1200;
const LEAST_LAYERS = 4;

/** As many layers as fit into `memoryMegabytes`, all of them where nobody knows. Pure. */
export function layersFor(memoryMegabytes: number | undefined): number {
  if (memoryMegabytes === undefined) return PUBLISHED.layers;
  const fit = Math.floor((0.9 * memoryMegabytes - BESIDE_LAYERS_MEGABYTES) / layerMegabytes());
  return Math.min(PUBLISHED.layers, Math.max(LEAST_LAYERS, fit));
}

/** config.json of a model of so many layers, in the converted layout. */
export function publishedConfig(layers: number): Readonly<Record<string, unknown>> {
  return {
    model_type: 'higgs_audio_v2',
    attention_bias: false,
    mlp_bias: false,
    hidden_act: 'silu',
    hidden_size: PUBLISHED.hiddenSize,
    intermediate_size: PUBLISHED.feedForwardSize,
    num_hidden_layers: layers,
    num_attention_heads: PUBLISHED.heads,
    num_key_value_heads: PUBLISHED.keyValueHeads,
    head_dim: PUBLISHED.headDim,
    rms_norm_eps: 1e-5,
    vocab_size: VOCABULARY_SIZE,
    max_position_embeddings: 2048,
    rope_parameters: {
      rope_type: 'llama3',
      rope_theta: PUBLISHED.rope.theta,
      factor: 32,
      high_freq_factor: 0.5,
      low_freq_factor: 0.125,
      original_max_position_embeddings: 1024,
    },
    num_codebooks: PUBLISHED.numCodebooks,
    codebook_size: PUBLISHED.codebookSize,
    audio_stream_bos_id: PUBLISHED.bosCode,
    audio_stream_eos_id: PUBLISHED.eosCode,
    audio_token_id: VOCABULARY_SIZE - 2,
    audio_delay_token_id: VOCABULARY_SIZE - 1,
  };
}
