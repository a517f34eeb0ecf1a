/** A full-size language model's folder, in either published layout. */
import fs from 'node:fs';
import path from 'node:path';
import { RandomWeights, type RandomTensor, type Spread } from './random-weights.js';
import { LANGUAGE_MODEL as SIZES, SPECIAL_IDS } from './sizes.js';
import { writeTokenizer } from './tokenizer.js';

export type Layout = 'converted' | 'original';

/** As large as the published shards: offsets go past 4 GiB. */
const SHARD_BYTES = 5e9;
const WEIGHTS: Spread = { mean: 0, deviation: 0.02 };
const GAINS: Spread = { mean: 1, deviation: 0.1 };
const CODES = SIZES.codebookSize - 2;

/** Writes all files of the checkpoint into `dir`; gives the weights' bytes. */
export function writeLanguageModel(dir: string, layout: Layout): number {
  fs.mkdirSync(dir, { recursive: true });
  const json = (file: string, value: unknown): void =>
    fs.writeFileSync(path.join(dir, file), JSON.stringify(value, undefined, 2));
  json('config.json', layout === 'converted' ? convertedConfig() : originalConfig());
  if (layout === 'converted') json('generation_config.json', { ras_win_len: 7, ras_win_max_num_repeat: 2 });
  writeTokenizer(dir);
  return new RandomWeights('BF16').write(dir, tensors(layout), SHARD_BYTES);
}

const ROPE = {
  factor: 32,
  high_freq_factor: 0.5,
  low_freq_factor: 0.125,
  original_max_position_embeddings: 1024,
  rope_type: 'llama3',
};
const TRANSFORMER = {
  head_dim: SIZES.headDim,
  hidden_act: 'silu',
  hidden_size: SIZES.hiddenSize,
  intermediate_size: SIZES.feedForwardSize,
  num_attention_heads: SIZES.heads,
  num_hidden_layers: SIZES.layers,
  num_key_value_heads: SIZES.keyValueHeads,
  rms_norm_eps: 1e-5,
  vocab_size: SIZES.vocabularySize,
};

function convertedConfig(): object {
  return {
    model_type: 'higgs_audio_v2',
    dtype: 'bfloat16',
    attention_bias: false,
    mlp_bias: false,
    ...TRANSFORMER,
    max_position_embeddings: 2048,
    rope_parameters: { ...ROPE, rope_theta: 500_000 },
    num_codebooks: SIZES.numCodebooks,
    codebook_size: SIZES.codebookSize,
    audio_stream_bos_id: CODES,
    audio_stream_eos_id: CODES + 1,
    audio_bos_token_id: SPECIAL_IDS['<|audio_out_bos|>'],
    audio_token_id: SPECIAL_IDS['<|AUDIO_OUT|>'],
    audio_delay_token_id: SPECIAL_IDS['<|reserved_special_token_6|>'],
    eos_token_id: SPECIAL_IDS['<|eot_id|>'],
  };
}

function originalConfig(): object {
  return {
    model_type: 'higgs_audio',
    torch_dtype: 'bfloat16',
    audio_adapter_type: 'dual_ffn_fast_forward',
    audio_dual_ffn_layers: Array.from({ length: SIZES.layers }, (_, layer) => layer),
    audio_ffn_hidden_size: SIZES.hiddenSize,
    audio_ffn_intermediate_size: SIZES.feedForwardSize,
    audio_num_codebooks: SIZES.numCodebooks,
    audio_codebook_size: CODES,
    audio_stream_bos_id: CODES,
    audio_stream_eos_id: CODES + 1,
    audio_out_token_idx: SPECIAL_IDS['<|AUDIO_OUT|>'],
    text_config: {
      model_type: 'llama',
      ...TRANSFORMER,
      max_position_embeddings: 131_072,
      rope_scaling: ROPE,
      rope_theta: 500_000,
    },
  };
}

/** The same numbers in both layouts; only names differ. */
function tensors(layout: Layout): RandomTensor[] {
  const { hiddenSize: hidden, feedForwardSize: inner, headDim, heads, keyValueHeads, vocabularySize } = SIZES;
  const audioRows = SIZES.numCodebooks * SIZES.codebookSize;
  // Rows of zeros score 0, which is never among the 50 best: nothing ends a generation before its limit.
  const zeroRows = { at: CODES + 1, every: SIZES.codebookSize };
  const list: RandomTensor[] = [
    { name: 'model.embed_tokens.weight', shape: [vocabularySize, hidden], spread: WEIGHTS },
    { name: 'model.embed_audio_tokens.embed_audio_tokens.weight', shape: [audioRows, hidden], spread: WEIGHTS },
  ];
  for (let layer = 0; layer < SIZES.layers; layer++) {
    const at = `model.layers.${layer}`;
    const add = (name: string, shape: readonly number[]): void => {
      list.push({ name: `${at}.${name}.weight`, shape, spread: shape.length === 1 ? GAINS : WEIGHTS });
    };
    for (const kind of ['', 'audio_']) {
      add(`${kind}input_layernorm`, [hidden]);
      add(`${kind}mlp.gate_proj`, [inner, hidden]);
      add(`${kind}mlp.up_proj`, [inner, hidden]);
      add(`${kind}mlp.down_proj`, [hidden, inner]);
      add(`${kind}post_attention_layernorm`, [hidden]);
    }
    add('self_attn.q_proj', [heads * headDim, hidden]);
    add('self_attn.k_proj', [keyValueHeads * headDim, hidden]);
    add('self_attn.v_proj', [keyValueHeads * headDim, hidden]);
    add('self_attn.o_proj', [hidden, heads * headDim]);
  }
  list.push(
    { name: 'model.norm.weight', shape: [hidden], spread: GAINS },
    { name: 'audio_lm_head.weight', shape: [audioRows, hidden], spread: WEIGHTS, zeroRows },
    { name: 'text_lm_head.weight', shape: [vocabularySize, hidden], spread: WEIGHTS },
  );
  return layout === 'converted'
    ? list
    : list.map((tensor) => ({ ...tensor, seed: tensor.name, name: originalName(tensor.name) }));
}

function originalName(name: string): string {
  return name
    .replace('model.embed_audio_tokens.embed_audio_tokens.', 'audio_codebook_embeddings.')
    .replace(/^(audio|text)_lm_head\./, 'audio_decoder_proj.$1_lm_head.')
    .replace(/^model\./, '');
}
