/** What the published model measures. Source: config.json of both published repositories. */
import { PUBLISHED } from '../../src/gpu-check/published.js';

export const LANGUAGE_MODEL = { ...PUBLISHED, vocabularySize: 128_256 } as const;

export const CODEC = {
  numQuantizers: 8,
  codebookSize: 1024,
  codebookDim: 64,
  strides: [8, 5, 4, 2, 3],
  encoderHiddenSize: 64,
  decoderHiddenSize: 1024,
  latentSize: 256,
  hubert: { hiddenSize: 768, layers: 12, heads: 12, feedForwardSize: 3072, convolutions: 512 },
  hubertKernels: [10, 3, 3, 3, 3, 2, 2],
  hubertStrides: [5, 2, 2, 2, 2, 2, 2],
  positionalKernel: 128,
  positionalGroups: 16,
} as const;

/** Ids of the published tokenizer: <|begin_of_text|> and those behind it, of 256 special tokens. */
export const FIRST_SPECIAL_ID = 128_000;
export const SPECIAL_IDS = {
  '<|begin_of_text|>': 128_000,
  '<|end_of_text|>': 128_001,
  '<|start_header_id|>': 128_006,
  '<|end_header_id|>': 128_007,
  '<|eot_id|>': 128_009,
  '<|audio_eos|>': 128_012,
  '<|audio_out_bos|>': 128_013,
  '<|reserved_special_token_6|>': 128_014,
  '<|AUDIO|>': 128_015,
  '<|AUDIO_OUT|>': 128_016,
  '<|scene_desc_start|>': 128_017,
  '<|scene_desc_end|>': 128_018,
} as const;
