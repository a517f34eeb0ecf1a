/** The codec's config.json. Source: reference `HiggsAudioV2TokenizerConfig`, with its defaults for DAC and HuBERT. */
import path from 'node:path';
import { HiggsError } from '../errors.js';
import { JsonFile } from './json-file.js';
import type { CodecConfig } from './types.js';

const MODEL_TYPE = 'higgs_audio_v2_tokenizer';

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
  const hopSamples = acoustic.downsamplingRatios.reduce((product, ratio) => product * ratio, 1);
  const sampleRateHz = json.size('sample_rate', 24_000);
  const semanticSampleRateHz = json.size('semantic_sample_rate', 16_000);
  const hubertHopSamples = json.size('downsample_factor', 320);
  const framesPerSecond = Math.ceil(sampleRateHz / hopSamples);
  const codebookSize = json.size('codebook_size', 1024);
  const bandwidth = json.numbers('target_bandwidths', [0.5, 1, 1.5, 2, 4]).at(-1)!;
  return {
    sampleRateHz,
    semanticSampleRateHz,
    hopSamples,
    framesPerSecond,
    codebookSize,
    codebookDim: json.size('codebook_dim', 64),
    numQuantizers: Math.floor((1000 * bandwidth) / (framesPerSecond * Math.ceil(Math.log2(codebookSize)))),
    acoustic,
    semanticEncoder: {
      kernelSize: json.size('kernel_size', 3),
      unitKernelSize: json.size('unit_kernel_size', 3),
      channelRatios: json.numbers('channel_ratios', [1, 1]),
      strides: json.numbers('strides', [1, 1]),
      blockDilations: json.numbers('block_dilations', [1, 1]),
    },
    hubert: readHubert(json),
    hubertHopSamples,
    semanticDownsampleFactor: Math.floor(hopSamples / (sampleRateHz / semanticSampleRateHz) / hubertHopSamples),
  };
}

function readAcoustic(json: JsonFile): CodecConfig['acoustic'] {
  const at = 'acoustic_model_config';
  return {
    encoderHiddenSize: json.size(`${at}.encoder_hidden_size`, 64),
    decoderHiddenSize: json.size(`${at}.decoder_hidden_size`, 1024),
    latentSize: json.size(`${at}.hidden_size`, 256),
    downsamplingRatios: json.numbers(`${at}.downsampling_ratios`, [8, 5, 4, 2]),
    upsamplingRatios: json.numbers(`${at}.upsampling_ratios`, [8, 5, 4, 2]),
  };
}

function readHubert(json: JsonFile): CodecConfig['hubert'] {
  const at = 'semantic_model_config';
  const convNorm = json.text(`${at}.feat_extract_norm`, 'group');
  const activations = ['hidden_act', 'feat_extract_activation'].map((field) => json.text(`${at}.${field}`, 'gelu'));
  const unusual = activations.some((name) => name !== 'gelu') || json.flag(`${at}.conv_pos_batch_norm`, false);
  if ((convNorm !== 'group' && convNorm !== 'layer') || unusual) {
    throw new HiggsError('HIGGS_CHECKPOINT_UNSUPPORTED', `The "${at}" of ${json.path} is no HuBERT that is known.`);
  }
  return {
    hiddenSize: json.size(`${at}.hidden_size`, 768),
    layers: json.size(`${at}.num_hidden_layers`, 12),
    heads: json.size(`${at}.num_attention_heads`, 12),
    feedForwardSize: json.size(`${at}.intermediate_size`, 3072),
    normEpsilon: json.number(`${at}.layer_norm_eps`, 1e-5),
    convDims: json.numbers(`${at}.conv_dim`, [512, 512, 512, 512, 512, 512, 512]),
    convKernels: json.numbers(`${at}.conv_kernel`, [10, 3, 3, 3, 3, 2, 2]),
    convStrides: json.numbers(`${at}.conv_stride`, [5, 2, 2, 2, 2, 2, 2]),
    convBias: json.flag(`${at}.conv_bias`, false),
    convNorm,
    projectionNorm: json.flag(`${at}.feat_proj_layer_norm`, true),
    stableLayerNorm: json.flag(`${at}.do_stable_layer_norm`, false),
    positionalKernel: json.size(`${at}.num_conv_pos_embeddings`, 128),
    positionalGroups: json.size(`${at}.num_conv_pos_embedding_groups`, 16),
  };
}
