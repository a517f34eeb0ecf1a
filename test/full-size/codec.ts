/** A full-size codec's folder, float32. Names and shapes: what the reference's `save_pretrained` writes. */
import fs from 'node:fs';
import path from 'node:path';
import { RandomWeights, type RandomTensor, type Spread } from './random-weights.js';
import { CODEC as SIZES } from './sizes.js';

const RESIDUAL_UNITS = [1, 2, 3];
/** What a Snake bends by; gains of norms, and of the weight norm. */
const AROUND_ONE: Spread = { mean: 1, deviation: 0.1 };
const BIASES: Spread = { mean: 0, deviation: 0.05 };
const ENTRIES: Spread = { mean: 0, deviation: 1 };

/** Writes the codec into `dir`; gives the weights' bytes. */
export function writeCodec(dir: string): number {
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(path.join(dir, 'config.json'), JSON.stringify(config(), undefined, 2));
  return new RandomWeights('F32').write(dir, [...acoustic(), ...semantic(), ...hubert(), ...joints()]);
}

/** Spread so that a layer leaves its signal about as loud as it was; rounded, for each spread costs a block. */
function layer(name: string, shape: readonly number[], fanIn: number, biases: number): RandomTensor[] {
  const deviation = 2 ** (Math.round(2 * Math.log2(0.7 / Math.sqrt(fanIn))) / 2);
  const weight: RandomTensor = { name: `${name}.weight`, shape, spread: { mean: 0, deviation } };
  return biases === 0 ? [weight] : [weight, { name: `${name}.bias`, shape: [biases], spread: BIASES }];
}

function convolution(name: string, outputs: number, inputs: number, kernel: number, bias = true): RandomTensor[] {
  return layer(name, [outputs, inputs, kernel], inputs * kernel, bias ? outputs : 0);
}

function linear(name: string, outputs: number, inputs: number): RandomTensor[] {
  return layer(name, [outputs, inputs], inputs, outputs);
}

function norm(name: string, size: number): RandomTensor[] {
  return [
    { name: `${name}.weight`, shape: [size], spread: AROUND_ONE },
    { name: `${name}.bias`, shape: [size], spread: BIASES },
  ];
}

function snake(name: string, channels: number): RandomTensor {
  return { name: `${name}.alpha`, shape: [1, channels, 1], spread: AROUND_ONE };
}

/** The DAC, both ways. */
function acoustic(): RandomTensor[] {
  const { strides, encoderHiddenSize, decoderHiddenSize, latentSize } = SIZES;
  const units = (name: string, channels: number): RandomTensor[] =>
    RESIDUAL_UNITS.flatMap((unit) => [
      snake(`${name}.res_unit${unit}.snake1`, channels),
      ...convolution(`${name}.res_unit${unit}.conv1`, channels, channels, 7),
      snake(`${name}.res_unit${unit}.snake2`, channels),
      ...convolution(`${name}.res_unit${unit}.conv2`, channels, channels, 1),
    ]);
  const down = strides.flatMap((stride, block) => {
    const [name, channels] = [`acoustic_encoder.block.${block}`, encoderHiddenSize * 2 ** block];
    return [
      ...units(name, channels),
      snake(`${name}.snake1`, channels),
      ...convolution(`${name}.conv1`, 2 * channels, channels, 2 * stride),
    ];
  });
  const up = strides.flatMap((stride, block) => {
    const [name, channels] = [`acoustic_decoder.block.${block}`, decoderHiddenSize / 2 ** block];
    return [
      snake(`${name}.snake1`, channels),
      // Of a transposed convolution's kernel two places meet in each sample.
      ...layer(`${name}.conv_t1`, [channels, channels / 2, 2 * stride], 2 * channels, channels / 2),
      ...units(name, channels / 2),
    ];
  });
  const deepest = encoderHiddenSize * 2 ** strides.length;
  const last = decoderHiddenSize / 2 ** strides.length;
  return [
    ...convolution('acoustic_encoder.conv1', encoderHiddenSize, 1, 7),
    ...down,
    snake('acoustic_encoder.snake1', deepest),
    ...convolution('acoustic_encoder.conv2', latentSize, deepest, 3),
    ...convolution('acoustic_decoder.conv1', decoderHiddenSize, latentSize, 7),
    ...up,
    snake('acoustic_decoder.snake1', last),
    ...convolution('acoustic_decoder.conv2', 1, last, 7),
  ];
}

/** The small encoder behind HuBERT, and its mirror, which training used and speech does not. */
function semantic(): RandomTensor[] {
  const size = SIZES.hubert.hiddenSize;
  const blocks = (name: string): RandomTensor[] =>
    [0, 1].flatMap((block) => [
      ...[0, 1].flatMap((unit) => [
        ...convolution(`${name}.conv_blocks.${block}.res_units.${unit}.conv1`, size, size, 3, false),
        ...convolution(`${name}.conv_blocks.${block}.res_units.${unit}.conv2`, size, size, 1, false),
      ]),
      ...convolution(`${name}.conv_blocks.${block}.conv`, size, size, 3),
    ]);
  return [
    ...convolution('encoder_semantic.conv', size, size, 3, false),
    ...blocks('encoder_semantic'),
    ...convolution('decoder_semantic.conv1', size, size, 3, false),
    ...blocks('decoder_semantic'),
    ...convolution('decoder_semantic.conv2', size, size, 3, false),
  ];
}

function hubert(): RandomTensor[] {
  const { hiddenSize, layers, feedForwardSize, convolutions } = SIZES.hubert;
  const at = 'semantic_model';
  const extractor = SIZES.hubertKernels.flatMap((kernel, index) =>
    convolution(
      `${at}.feature_extractor.conv_layers.${index}.conv`,
      convolutions,
      index ? convolutions : 1,
      kernel,
      false,
    ),
  );
  const groupInputs = hiddenSize / SIZES.positionalGroups;
  const positional = `${at}.encoder.pos_conv_embed.conv`;
  const encoder = Array.from({ length: layers }, (_, index) => `${at}.encoder.layers.${index}`).flatMap((name) => [
    ...['k', 'v', 'q', 'out'].flatMap((part) => linear(`${name}.attention.${part}_proj`, hiddenSize, hiddenSize)),
    ...norm(`${name}.layer_norm`, hiddenSize),
    ...linear(`${name}.feed_forward.intermediate_dense`, feedForwardSize, hiddenSize),
    ...linear(`${name}.feed_forward.output_dense`, hiddenSize, feedForwardSize),
    ...norm(`${name}.final_layer_norm`, hiddenSize),
  ]);
  const kernel = SIZES.positionalKernel;
  return [
    ...extractor,
    ...norm(`${at}.feature_extractor.conv_layers.0.layer_norm`, convolutions),
    ...norm(`${at}.feature_projection.layer_norm`, convolutions),
    ...linear(`${at}.feature_projection.projection`, hiddenSize, convolutions),
    { name: `${positional}.bias`, shape: [hiddenSize], spread: BIASES },
    { name: `${positional}.parametrizations.weight.original0`, shape: [1, 1, kernel], spread: AROUND_ONE },
    {
      name: `${positional}.parametrizations.weight.original1`,
      shape: [hiddenSize, groupInputs, kernel],
      spread: ENTRIES,
    },
    ...norm(`${at}.encoder.layer_norm`, hiddenSize),
    ...encoder,
  ];
}

/** What lies between the encoders and the decoders: projections and quantisers. */
function joints(): RandomTensor[] {
  const { latentSize, codebookDim, codebookSize, numQuantizers, hubert: semanticModel } = SIZES;
  const joined = latentSize + semanticModel.hiddenSize;
  const quantizers = Array.from({ length: numQuantizers }, (_, index) => `quantizer.quantizers.${index}`);
  return [
    ...linear('fc', joined, joined),
    ...linear('fc1', semanticModel.hiddenSize, joined),
    ...linear('fc2', latentSize, joined),
    ...quantizers.flatMap((name): RandomTensor[] => [
      { name: `${name}.codebook.inited`, shape: [1], spread: AROUND_ONE },
      { name: `${name}.codebook.cluster_size`, shape: [codebookSize], spread: AROUND_ONE },
      { name: `${name}.codebook.embed`, shape: [codebookSize, codebookDim], spread: ENTRIES },
      { name: `${name}.codebook.embed_avg`, shape: [codebookSize, codebookDim], spread: ENTRIES },
      ...linear(`${name}.project_in`, codebookDim, joined),
      ...linear(`${name}.project_out`, joined, codebookDim),
    ]),
  ];
}

function config(): object {
  const { hubert: semanticModel, strides, codebookSize, numQuantizers } = SIZES;
  return {
    model_type: 'higgs_audio_v2_tokenizer',
    dtype: 'float32',
    sample_rate: 24_000,
    semantic_sample_rate: 16_000,
    codebook_size: codebookSize,
    codebook_dim: SIZES.codebookDim,
    // Bandwidth in kbit/s: 25 frames a second of 10 bits for each quantiser.
    target_bandwidths: [0.5, 1, 1.5, (25 * 10 * numQuantizers) / 1000],
    downsample_factor: 320,
    kernel_size: 3,
    unit_kernel_size: 3,
    channel_ratios: [1, 1],
    strides: [1, 1],
    block_dilations: [1, 1],
    acoustic_model_config: {
      model_type: 'dac',
      encoder_hidden_size: SIZES.encoderHiddenSize,
      decoder_hidden_size: SIZES.decoderHiddenSize,
      hidden_size: SIZES.latentSize,
      downsampling_ratios: strides,
      upsampling_ratios: strides,
    },
    semantic_model_config: {
      model_type: 'hubert',
      hidden_size: semanticModel.hiddenSize,
      num_hidden_layers: semanticModel.layers,
      num_attention_heads: semanticModel.heads,
      intermediate_size: semanticModel.feedForwardSize,
      layer_norm_eps: 1e-5,
      conv_dim: SIZES.hubertKernels.map(() => semanticModel.convolutions),
      conv_kernel: SIZES.hubertKernels,
      conv_stride: SIZES.hubertStrides,
      conv_bias: false,
      feat_extract_norm: 'group',
      feat_proj_layer_norm: true,
      do_stable_layer_norm: false,
      num_conv_pos_embeddings: SIZES.positionalKernel,
      num_conv_pos_embedding_groups: SIZES.positionalGroups,
    },
  };
}
