/** The codec's config.json. Source: reference `HiggsAudioV2TokenizerConfig`, with its defaults for DAC and HuBERT. */
import path from 'node:path';
import { HiggsError } from '../errors.js';
import { JsonFile } from './json-file.js';
import type { CodecConfig } from './types.js';

const MODEL_TYPE = 'higgs_audio_v2_tokenizer';

/**
 * Ten times what the published codec has, so that wrong numbers are refused before anything is made in their size. Tensors are
 * compared with the numbers when they are opened.
 */
const MOST = {
  rateHz: 384_000,
  width: 65_536,
  layers: 128,
  stride: 64,
  blocks: 12,
  hopSamples: 65_536,
  kernel: 2_048,
  dilation: 1_024,
  codebook: 65_536,
  quantizers: 64,
} as const;

/** True where `dir` holds the codec's config.json. */
export async function isCodecDir(dir: string): Promise<boolean> {
  const json = await JsonFile.readIfThere(path.join(dir, 'config.json'));
  return json?.find('model_type') === MODEL_TYPE;
}

/** Throws HIGGS_CHECKPOINT_MISSING, HIGGS_CHECKPOINT_BROKEN naming the field, HIGGS_CHECKPOINT_UNSUPPORTED. */
export async function readCodecConfig(dir: string): Promise<CodecConfig> {
  const json = await JsonFile.read(path.join(dir, 'config.json'));
  const type = json.text('model_type', '');
  if (type !== MODEL_TYPE) {
    throw new HiggsError(
      'HIGGS_CHECKPOINT_UNSUPPORTED',
      `The model_type of ${json.path} is "${type}", not "${MODEL_TYPE}".`,
    );
  }
  const acoustic = readAcoustic(json);
  const hopSamples = product(acoustic.downsamplingRatios);
  const sampleRateHz = json.size('sample_rate', MOST.rateHz, 24_000);
  const semanticSampleRateHz = json.size('semantic_sample_rate', MOST.rateHz, 16_000);
  const hubertHopSamples = json.size('downsample_factor', MOST.hopSamples, 320);
  const framesPerSecond = Math.ceil(sampleRateHz / hopSamples);
  const codebookSize = json.size('codebook_size', MOST.codebook, 1024);
  if (codebookSize < 2) throw json.wrong('codebook_size', 'a codebook has two codes at least');
  const bandwidth = json.numbers('target_bandwidths', { min: 0, max: 1e6 }, [0.5, 1, 1.5, 2, 4]).at(-1)!;
  const numQuantizers = Math.floor((1000 * bandwidth) / (framesPerSecond * Math.ceil(Math.log2(codebookSize))));
  if (numQuantizers < 1 || numQuantizers > MOST.quantizers) {
    throw json.wrong('target_bandwidths', `they make ${numQuantizers} quantizers, of 1 to ${MOST.quantizers}`);
  }
  const semanticDownsampleFactor = Math.floor(hopSamples / (sampleRateHz / semanticSampleRateHz) / hubertHopSamples);
  if (semanticDownsampleFactor < 1) {
    throw json.wrong('downsample_factor', `HuBERT's states come more rarely than frames of ${hopSamples} samples`);
  }
  return {
    sampleRateHz,
    semanticSampleRateHz,
    hopSamples,
    framesPerSecond,
    codebookSize,
    codebookDim: json.size('codebook_dim', MOST.width, 64),
    numQuantizers,
    acoustic,
    semanticEncoder: readSemanticEncoder(json),
    hubert: readHubert(json),
    hubertHopSamples,
    semanticDownsampleFactor,
  };
}

function readAcoustic(json: JsonFile): CodecConfig['acoustic'] {
  const at = 'acoustic_model_config';
  const ratios = (field: string): readonly number[] => {
    const found = json.sizes(`${at}.${field}`, MOST.stride, [8, 5, 4, 2]);
    if (found.length <= MOST.blocks && product(found) <= MOST.hopSamples) return found;
    throw json.wrong(
      `${at}.${field}`,
      `up to ${MOST.blocks} are taken, and a frame of up to ${MOST.hopSamples} samples`,
    );
  };
  const downsamplingRatios = ratios('downsampling_ratios');
  const upsamplingRatios = ratios('upsampling_ratios');
  if (product(downsamplingRatios) !== product(upsamplingRatios)) {
    throw json.wrong(
      `${at}.upsampling_ratios`,
      `${product(downsamplingRatios)} samples become a frame, and must come of it`,
    );
  }
  const decoderHiddenSize = json.size(`${at}.decoder_hidden_size`, MOST.width, 1024);
  if (decoderHiddenSize % 2 ** upsamplingRatios.length !== 0) {
    throw json.wrong(`${at}.decoder_hidden_size`, `it cannot be halved ${upsamplingRatios.length} times`);
  }
  return {
    encoderHiddenSize: json.size(`${at}.encoder_hidden_size`, MOST.width, 64),
    decoderHiddenSize,
    latentSize: json.size(`${at}.hidden_size`, MOST.width, 256),
    downsamplingRatios,
    upsamplingRatios,
  };
}

function readSemanticEncoder(json: JsonFile): CodecConfig['semanticEncoder'] {
  const strides = json.sizes('strides', MOST.stride, [1, 1]);
  const channelRatios = json.numbers('channel_ratios', { min: 1e-3, max: 64 }, [1, 1]);
  if (channelRatios.length !== strides.length) {
    throw json.wrong('channel_ratios', `there are ${strides.length} "strides", one for each`);
  }
  return {
    kernelSize: json.size('kernel_size', MOST.kernel, 3),
    unitKernelSize: json.size('unit_kernel_size', MOST.kernel, 3),
    channelRatios,
    strides,
    blockDilations: json.sizes('block_dilations', MOST.dilation, [1, 1]),
  };
}

function product(numbers: readonly number[]): number {
  return numbers.reduce((product, number) => product * number, 1);
}

function readHubert(json: JsonFile): CodecConfig['hubert'] {
  const at = 'semantic_model_config';
  const convNorm = json.text(`${at}.feat_extract_norm`, 'group');
  const activations = ['hidden_act', 'feat_extract_activation'].map((field) => json.text(`${at}.${field}`, 'gelu'));
  const unusual = activations.some((name) => name !== 'gelu') || json.flag(`${at}.conv_pos_batch_norm`, false);
  if ((convNorm !== 'group' && convNorm !== 'layer') || unusual) {
    throw new HiggsError('HIGGS_CHECKPOINT_UNSUPPORTED', `The "${at}" of ${json.path} is no HuBERT that is known.`);
  }
  const hiddenSize = json.size(`${at}.hidden_size`, MOST.width, 768);
  const heads = json.size(`${at}.num_attention_heads`, MOST.width, 12);
  const positionalGroups = json.size(`${at}.num_conv_pos_embedding_groups`, MOST.width, 16);
  for (const [field, parts] of [
    ['num_attention_heads', heads],
    ['num_conv_pos_embedding_groups', positionalGroups],
  ] as const) {
    if (hiddenSize % parts !== 0) throw json.wrong(`${at}.${field}`, `${hiddenSize} channels cannot be divided so`);
  }
  const convDims = json.sizes(`${at}.conv_dim`, MOST.width, [512, 512, 512, 512, 512, 512, 512]);
  const convKernels = json.sizes(`${at}.conv_kernel`, MOST.kernel, [10, 3, 3, 3, 3, 2, 2]);
  const convStrides = json.sizes(`${at}.conv_stride`, MOST.stride, [5, 2, 2, 2, 2, 2, 2]);
  for (const [field, list] of Object.entries({ conv_kernel: convKernels, conv_stride: convStrides })) {
    if (list.length === convDims.length) continue;
    throw json.wrong(`${at}.${field}`, `there are ${convDims.length} convolutions, one number for each`);
  }
  return {
    hiddenSize,
    layers: json.size(`${at}.num_hidden_layers`, MOST.layers, 12),
    heads,
    feedForwardSize: json.size(`${at}.intermediate_size`, MOST.width, 3072),
    normEpsilon: json.number(`${at}.layer_norm_eps`, 1e-5, { min: 0, max: 0.1 }),
    convDims,
    convKernels,
    convStrides,
    convBias: json.flag(`${at}.conv_bias`, false),
    convNorm,
    projectionNorm: json.flag(`${at}.feat_proj_layer_norm`, true),
    stableLayerNorm: json.flag(`${at}.do_stable_layer_norm`, false),
    positionalKernel: json.size(`${at}.num_conv_pos_embeddings`, MOST.kernel, 128),
    positionalGroups,
  };
}
