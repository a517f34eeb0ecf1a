/** The codec's tensors as its config asks for them, to be compared before anything is made of them. */
import { HiggsError } from '../errors.js';
import { openTensors } from './safetensors.js';
import type { CodecConfig, TensorSource } from './types.js';
import { weightShape } from './weight-norm.js';

/** The DAC's fixed kernels. Source: reference `DacEncoder`, `DacDecoder`, `DacResidualUnit`. */
const [OUTER_KERNEL, LATENT_KERNEL, UNIT_KERNEL, UNITS] = [7, 3, 7, 3];

interface Needed {
  /** Layers by their names, each with a `weight` of this shape, plain or with weight norm. */
  readonly weights: ReadonlyMap<string, readonly number[]>;
  /** Whole names. */
  readonly others: ReadonlyMap<string, readonly number[]>;
}

/**
 * Opens the codec's tensors in `dir`. Throws what `openTensors` throws, and HIGGS_CHECKPOINT_BROKEN that names the first tensor
 * that is missing or of another shape than the config's.
 */
export async function openCodecTensors(dir: string, config: CodecConfig): Promise<TensorSource> {
  const tensors = await openTensors(dir);
  try {
    const { weights, others } = neededTensors(config);
    for (const [layer, shape] of weights) check(tensors, `${layer}.weight`, weightShape(tensors, layer), shape);
    for (const [name, shape] of others) check(tensors, name, tensors.entries.get(name)?.shape, shape);
    return tensors;
  } catch (error) {
    await tensors.close();
    throw error;
  }
}

function check(
  tensors: TensorSource,
  name: string,
  found: readonly number[] | undefined,
  wanted: readonly number[],
): void {
  if (found?.join() === wanted.join()) return;
  const what = found === undefined ? 'is missing' : `has the shape [${found.join(', ')}]`;
  throw new HiggsError(
    'HIGGS_CHECKPOINT_BROKEN',
    `The checkpoint ${tensors.locate(name)} is broken: the tensor "${name}" ${what}, its config asks for [${wanted.join(', ')}].`,
  );
}

function neededTensors(config: CodecConfig): Needed {
  const weights = new Map<string, readonly number[]>();
  const others = new Map<string, readonly number[]>();
  const { acoustic, hubert, semanticEncoder, codebookDim, codebookSize } = config;
  const joined = acoustic.latentSize + hubert.hiddenSize;

  /** A layer and its bias, one number for each of its outputs. */
  const biased = (name: string, shape: readonly number[], outputs = shape[0]!): void => {
    weights.set(name, shape);
    others.set(`${name}.bias`, [outputs]);
  };
  const snake = (name: string, channels: number): void => void others.set(`${name}.alpha`, [1, channels, 1]);
  const residualUnits = (block: string, channels: number): void => {
    for (let unit = 1; unit <= UNITS; unit++) {
      const name = `${block}.res_unit${unit}`;
      snake(`${name}.snake1`, channels);
      biased(`${name}.conv1`, [channels, channels, UNIT_KERNEL]);
      snake(`${name}.snake2`, channels);
      biased(`${name}.conv2`, [channels, channels, 1]);
    }
  };

  let channels = acoustic.encoderHiddenSize;
  biased('acoustic_encoder.conv1', [channels, 1, OUTER_KERNEL]);
  for (const [index, stride] of acoustic.downsamplingRatios.entries()) {
    const block = `acoustic_encoder.block.${index}`;
    residualUnits(block, channels);
    snake(`${block}.snake1`, channels);
    biased(`${block}.conv1`, [2 * channels, channels, 2 * stride]);
    channels *= 2;
  }
  snake('acoustic_encoder.snake1', channels);
  biased('acoustic_encoder.conv2', [acoustic.latentSize, channels, LATENT_KERNEL]);

  channels = acoustic.decoderHiddenSize;
  biased('acoustic_decoder.conv1', [channels, acoustic.latentSize, OUTER_KERNEL]);
  for (const [index, stride] of acoustic.upsamplingRatios.entries()) {
    const block = `acoustic_decoder.block.${index}`;
    snake(`${block}.snake1`, channels);
    biased(`${block}.conv_t1`, [channels, channels / 2, 2 * stride], channels / 2);
    channels /= 2;
    residualUnits(block, channels);
  }
  snake('acoustic_decoder.snake1', channels);
  biased('acoustic_decoder.conv2', [1, channels, OUTER_KERNEL]);

  const { hiddenSize } = hubert;
  const size = (ratio: number): number => Math.floor(hiddenSize * ratio);
  weights.set('encoder_semantic.conv', [hiddenSize, hiddenSize, semanticEncoder.kernelSize]);
  let inputs = hiddenSize;
  for (const [index, stride] of semanticEncoder.strides.entries()) {
    const block = `encoder_semantic.conv_blocks.${index}`;
    for (const unit of semanticEncoder.blockDilations.keys()) {
      weights.set(`${block}.res_units.${unit}.conv1`, [inputs, inputs, semanticEncoder.unitKernelSize]);
      weights.set(`${block}.res_units.${unit}.conv2`, [inputs, inputs, 1]);
    }
    const outputs = size(semanticEncoder.channelRatios[index]!);
    biased(`${block}.conv`, [outputs, inputs, stride === 1 ? 3 : 2 * stride]);
    inputs = outputs;
  }

  biased('fc', [joined, joined]);
  biased('fc2', [acoustic.latentSize, joined]);
  for (let quantizer = 0; quantizer < config.numQuantizers; quantizer++) {
    const name = `quantizer.quantizers.${quantizer}`;
    others.set(`${name}.codebook.embed`, [codebookSize, codebookDim]);
    biased(`${name}.project_in`, [codebookDim, joined]);
    biased(`${name}.project_out`, [joined, codebookDim]);
  }

  inputs = 1;
  for (const [index, outputs] of hubert.convDims.entries()) {
    const name = `semantic_model.feature_extractor.conv_layers.${index}`;
    weights.set(`${name}.conv`, [outputs, inputs, hubert.convKernels[index]!]);
    if (hubert.convBias) others.set(`${name}.conv.bias`, [outputs]);
    if (hubert.convNorm === 'layer' || index === 0) biased(`${name}.layer_norm`, [outputs]);
    inputs = outputs;
  }
  biased('semantic_model.feature_projection.projection', [hiddenSize, inputs]);
  biased('semantic_model.encoder.pos_conv_embed.conv', [
    hiddenSize,
    hiddenSize / hubert.positionalGroups,
    hubert.positionalKernel,
  ]);
  biased('semantic_model.encoder.layer_norm', [hiddenSize]);
  for (let layer = 0; layer < hubert.layers; layer++) {
    const name = `semantic_model.encoder.layers.${layer}`;
    for (const part of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) {
      biased(`${name}.attention.${part}`, [hiddenSize, hiddenSize]);
    }
    biased(`${name}.layer_norm`, [hiddenSize]);
    biased(`${name}.final_layer_norm`, [hiddenSize]);
    biased(`${name}.feed_forward.intermediate_dense`, [hubert.feedForwardSize, hiddenSize]);
    biased(`${name}.feed_forward.output_dense`, [hiddenSize, hubert.feedForwardSize]);
  }
  return { weights, others };
}
