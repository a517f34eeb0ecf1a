/** config.json of both published layouts into one shape. Sources: reference `HiggsAudioV2Config`, original config.json. */
import path from 'node:path';
import { HiggsError } from '../errors.js';
import { JsonFile, type Range } from './json-file.js';
import { SAMPLING_RULES, type SamplingValues } from '../options.js';
import { isObject } from '../values.js';
import type { LanguageModelConfig, RopeConfig } from './types.js';

/** The token that stands for the positions an audio clip grows by in the delay pattern. */
const DELAY_TOKEN = '<|reserved_special_token_6|>';
/** Its id in the published tokenizer. */
const PUBLISHED_DELAY_TOKEN_ID = 128_014;
const PUBLISHED_AUDIO_TOKEN_ID = 128_016;

/**
 * Ten times what any published model of the kind has, so that wrong numbers are refused before anything is made in their size.
 * Tensors are compared with the numbers when they are opened.
 */
const MOST = {
  layers: 512,
  width: 65_536,
  heads: 1_024,
  headDim: 1_024,
  vocabulary: 4_000_000,
  positions: 16_777_216,
  codebooks: 64,
  codebook: 65_536,
  topK: 1_000_000,
  rasFrames: 10_000,
} as const;
const THETA = { min: 1, max: 1e12 } as const;
const STRETCH = { min: 1e-3, max: 1e4 } as const;

/** Where a config of the original layout says nothing. Source: `LlamaConfig`. */
const PLAIN_ROPE = { type: 'default', theta: 10_000 } as const;
/** Where a config of the converted layout says nothing. Source: `HiggsAudioV2Config`. */
const CONVERTED_ROPE = {
  type: 'llama3',
  theta: 500_000,
  factor: 32,
  highFrequencyFactor: 0.5,
  lowFrequencyFactor: 0.125,
  originalMaxPositions: 1024,
} as const;

/**
 * Reads `dir/config.json` and, where there is one, `dir/generation_config.json`.
 * Throws HIGGS_CHECKPOINT_MISSING, HIGGS_CHECKPOINT_BROKEN naming the field, HIGGS_CHECKPOINT_UNSUPPORTED.
 */
export async function readLanguageModelConfig(dir: string): Promise<LanguageModelConfig> {
  const json = await JsonFile.read(path.join(dir, 'config.json'));
  const generation = await readGenerationConfig(dir);
  const type = json.text('model_type', '');
  if (type === 'higgs_audio_v2') return readConverted(json, generation);
  if (type === 'higgs_audio') return await readOriginal(dir, json, generation);
  throw unsupported(json, `its model_type is "${type}", not "higgs_audio_v2" or "higgs_audio"`);
}

/** True where `dir` holds a config.json of either layout. */
export async function isLanguageModelDir(dir: string): Promise<boolean> {
  const json = await JsonFile.readIfThere(path.join(dir, 'config.json'));
  const type = json?.find('model_type');
  return type === 'higgs_audio_v2' || type === 'higgs_audio';
}

function readConverted(json: JsonFile, generation: LanguageModelConfig['generation']): LanguageModelConfig {
  for (const field of ['attention_bias', 'mlp_bias']) {
    if (json.flag(field, false)) throw unsupported(json, `it asks for biases ("${field}")`);
  }
  const sizes = readTransformer(json, '');
  const codebookSize = json.size('codebook_size', MOST.codebook);
  const lastId = sizes.vocabularySize - 1;
  return {
    layout: 'converted',
    ...sizes,
    rope: readRope(json, '', CONVERTED_ROPE),
    numCodebooks: json.size('num_codebooks', MOST.codebooks),
    codebookSize,
    ...readMarks(json, codebookSize, codebookSize - 2),
    audioTokenId: json.id('audio_token_id', lastId, PUBLISHED_AUDIO_TOKEN_ID),
    audioDelayTokenId: json.id('audio_delay_token_id', lastId, PUBLISHED_DELAY_TOKEN_ID),
    generation,
  };
}

async function readOriginal(
  dir: string,
  json: JsonFile,
  generation: LanguageModelConfig['generation'],
): Promise<LanguageModelConfig> {
  const sizes = readTransformer(json, 'text_config.');
  checkDualFeedForward(json, sizes);
  // The original counts the codes alone; its tables have rows for bos and eos all the same.
  const codes = json.size('audio_codebook_size', MOST.codebook, 1024);
  return {
    layout: 'original',
    ...sizes,
    rope: readRope(json, 'text_config.', PLAIN_ROPE),
    numCodebooks: json.size('audio_num_codebooks', MOST.codebooks, 8),
    codebookSize: codes + 2,
    ...readMarks(json, codes + 2, codes),
    audioTokenId: json.id('audio_out_token_idx', sizes.vocabularySize - 1, PUBLISHED_AUDIO_TOKEN_ID),
    audioDelayTokenId: await findDelayToken(dir),
    generation,
  };
}

/** The codes that begin and end a stream; by default the two behind the codes that sound. */
function readMarks(json: JsonFile, codebookSize: number, first: number): { bosCode: number; eosCode: number } {
  const bosCode = json.id('audio_stream_bos_id', codebookSize - 1, first);
  const eosCode = json.id('audio_stream_eos_id', codebookSize - 1, first + 1);
  if (bosCode === eosCode) throw json.wrong('audio_stream_eos_id', 'it is the code that begins a stream too');
  return { bosCode, eosCode };
}

/** Every layer must have its second FFN, of the first one's sizes; that is how the published model is made. */
function checkDualFeedForward(json: JsonFile, sizes: ReturnType<typeof readTransformer>): void {
  const adapter = json.text('audio_adapter_type', 'dual_ffn_fast_forward');
  if (!adapter.startsWith('dual_ffn')) throw unsupported(json, `its audio_adapter_type is "${adapter}"`);
  const dual = new Set(
    json.numbers('audio_dual_ffn_layers', { min: 0, max: sizes.layers - 1 }, [...Array(sizes.layers).keys()]),
  );
  if (dual.size !== sizes.layers) {
    throw unsupported(json, `${dual.size} of its ${sizes.layers} layers have an FFN for audio`);
  }
  const hidden = json.size('audio_ffn_hidden_size', MOST.width, sizes.hiddenSize);
  const inner = json.size('audio_ffn_intermediate_size', MOST.width, sizes.feedForwardSize);
  if (hidden !== sizes.hiddenSize || inner !== sizes.feedForwardSize) {
    throw unsupported(json, 'its FFNs for audio and for text differ in size');
  }
}

function readTransformer(json: JsonFile, at: string) {
  const activation = json.text(`${at}hidden_act`, 'silu');
  if (activation !== 'silu') throw unsupported(json, `its hidden_act is "${activation}"`);
  const hiddenSize = json.size(`${at}hidden_size`, MOST.width);
  const heads = json.size(`${at}num_attention_heads`, MOST.heads);
  const keyValueHeads = json.size(`${at}num_key_value_heads`, MOST.heads, heads);
  if (heads % keyValueHeads !== 0) throw json.wrong(`${at}num_key_value_heads`, `${heads} heads cannot share them`);
  const headDim = json.size(`${at}head_dim`, MOST.headDim, hiddenSize / heads);
  if (headDim % 2 !== 0) throw json.wrong(`${at}head_dim`, 'a head has two halves, which turn against each other');
  return {
    layers: json.size(`${at}num_hidden_layers`, MOST.layers),
    hiddenSize,
    heads,
    keyValueHeads,
    headDim,
    feedForwardSize: json.size(`${at}intermediate_size`, MOST.width),
    vocabularySize: json.size(`${at}vocab_size`, MOST.vocabulary),
    normEpsilon: json.number(`${at}rms_norm_eps`, 1e-5, { min: 0, max: 0.1 }),
    maxPositions: json.size(`${at}max_position_embeddings`, MOST.positions, 2048),
  };
}

/**
 * The rotary embedding by the keys of any version: `rope_parameters`, or `rope_theta` with or without `rope_scaling`; `whereNone`
 * are the class's own values, for configs without any. Source: transformers `RotaryEmbeddingConfigMixin`, `HiggsAudioV2Config`,
 * whose order of precedence this is: with neither table a `rope_theta` alone counts only where the class has no table of its own.
 */
function readRope(json: JsonFile, prefix: string, whereNone: RopeConfig): RopeConfig {
  const isFilled = (field: string): boolean => {
    const table = json.find(field) ?? {};
    // Passed over, it would be spoken with other frequencies, which is noise without an error.
    if (!isObject(table)) throw json.wrong(field, 'a table of the rotary embedding is expected');
    return Object.keys(table).length > 0;
  };
  const at = [`${prefix}rope_scaling`, `${prefix}rope_parameters`].filter(isFilled).at(0);
  const topTheta = json.number(`${prefix}rope_theta`, PLAIN_ROPE.theta, THETA);
  if (at === undefined) {
    if (whereNone.type === 'default' || json.has(`${prefix}rope_parameters`))
      return { type: 'default', theta: topTheta };
    return whereNone;
  }
  const theta = json.number(`${at}.rope_theta`, topTheta, THETA);
  const type = json.has(`${at}.rope_type`) ? json.text(`${at}.rope_type`) : json.text(`${at}.type`, 'default');
  for (const [key, value] of Object.entries(json.find(at) as Readonly<Record<string, unknown>>)) {
    // A table for each kind of layer, or sections of a head: none of it is this model's.
    if (typeof value !== 'object' || value === null) continue;
    throw unsupported(json, `its rotary embedding has "${at}.${key}", which is not understood`);
  }
  for (const field of [`${at}.partial_rotary_factor`, `${prefix}partial_rotary_factor`]) {
    if (json.number(field, 1) !== 1) throw unsupported(json, `it turns a part of each head only ("${field}")`);
  }
  switch (type) {
    case 'default':
      return { type, theta };
    case 'linear':
      return { type, theta, factor: json.number(`${at}.factor`, undefined, STRETCH) };
    case 'dynamic':
      json.number(`${at}.factor`, undefined, STRETCH);
      return { type, theta };
    case 'llama3':
      return {
        type,
        theta,
        factor: json.number(`${at}.factor`, undefined, STRETCH),
        highFrequencyFactor: json.number(`${at}.high_freq_factor`, undefined, STRETCH),
        lowFrequencyFactor: json.number(`${at}.low_freq_factor`, undefined, STRETCH),
        originalMaxPositions: readOriginalPositions(json, prefix, at),
      };
    default:
      throw unsupported(json, `its rotary embedding is of the type "${type}"`);
  }
}

/** The positions of the training before the stretch; where nothing says it, those of the config. */
function readOriginalPositions(json: JsonFile, prefix: string, at: string): number {
  const fields = [`${prefix}original_max_position_embeddings`, `${at}.original_max_position_embeddings`];
  const field = fields.find((each) => json.has(each)) ?? `${prefix}max_position_embeddings`;
  return json.size(field, MOST.positions, 2048);
}

/** The original config does not name the delay token; the tokenizer does. */
async function findDelayToken(dir: string): Promise<number> {
  const tokenizer = await JsonFile.readIfThere(path.join(dir, 'tokenizer.json'));
  const added = tokenizer?.find('added_tokens');
  for (const token of Array.isArray(added) ? (added as readonly unknown[]) : []) {
    const { id, content } = (token ?? {}) as { id?: unknown; content?: unknown };
    if (content === DELAY_TOKEN && Number.isSafeInteger(id)) return id as number;
  }
  return PUBLISHED_DELAY_TOKEN_ID;
}

async function readGenerationConfig(dir: string): Promise<LanguageModelConfig['generation']> {
  const json = await JsonFile.readIfThere(path.join(dir, 'generation_config.json'));
  if (json === undefined) return {};
  const optional = (field: string, range: Range): number | undefined =>
    json.has(field) ? json.number(field, undefined, range) : undefined;
  const found = {
    temperature: optional('temperature', { min: 0, max: 100 }),
    topK: optional('top_k', { min: 0, max: MOST.topK }),
    topP: optional('top_p', { min: 0, max: 1 }),
    // As in the reference, null turns it off.
    rasWindowFrames: json.isNull('ras_win_len') ? 0 : optional('ras_win_len', { min: 0, max: MOST.rasFrames }),
    rasLimit: optional('ras_win_max_num_repeat', { min: 0, max: MOST.rasFrames }),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** What holds for the model in `dir` (or in its `model/`) where a request leaves it out, without reading its other files. */
export async function readSamplingValues(dir: string): Promise<SamplingValues> {
  const { temperature, topK, topP, rasWindowFrames, rasLimit } = SAMPLING_RULES;
  const inModel = path.join(dir, 'model');
  const own = { ...(await readGenerationConfig(inModel)), ...(await readGenerationConfig(dir)) };
  return {
    temperature: temperature.fallback,
    topK: topK.fallback,
    topP: topP.fallback,
    rasWindowFrames: rasWindowFrames.fallback,
    rasLimit: rasLimit.fallback,
    ...own,
  };
}

function unsupported(json: JsonFile, why: string): HiggsError {
  return new HiggsError('HIGGS_CHECKPOINT_UNSUPPORTED', `The checkpoint of ${json.path} cannot be used: ${why}.`);
}
