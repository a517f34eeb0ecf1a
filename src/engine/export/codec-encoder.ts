/** The codec's encoder as a graph. Source: reference `HiggsAudioV2TokenizerModel.encode`. */
import type { CodecConfig, TensorSource } from '../checkpoint/types.js';
import { semanticFeatures } from './codec-hubert.js';
import { CodecLayers, transposed } from './codec-layers.js';
import { OUTER_PADDING, RESIDUAL_DILATIONS, resamplingConvolution, semanticBlockConvolution } from './codec-lengths.js';
import { residualUnit, snake } from './codec-snake.js';
import type { GraphBuilder } from './graph-builder.js';

export const ENCODER_WAVE = 'wave';
export const ENCODER_SEMANTIC_WAVE = 'semantic_wave';
export const ENCODER_CODES = 'codes';
export const ENCODER_SEMANTIC_FEATURES = 'semantic_features';
export const ENCODER_LATENTS = 'latents';

/**
 * `wave` float32 [1, 1, samples] at the codec's rate, padded as `acousticPadding` says, and `semantic_wave` float32
 * [1, 1, samples] of the same clip at the semantic rate with its zeros on each side, to `codes` int64
 * [1, numQuantizers, frames] and, for comparison, `semantic_features` float32 [1, frames, hubert.hiddenSize] and
 * `latents` float32 [1, frames, hidden], what is quantised.
 * Throws HIGGS_CHECKPOINT_BROKEN where a tensor is missing, HIGGS_CHECKPOINT_UNSUPPORTED.
 */
export async function buildCodecEncoder(
  graph: GraphBuilder,
  tensors: TensorSource,
  config: CodecConfig,
): Promise<void> {
  const layers = new CodecLayers(graph, tensors);
  graph.input(ENCODER_WAVE, 'float32', [1, 1, 'samples']);
  graph.input(ENCODER_SEMANTIC_WAVE, 'float32', [1, 1, 'semantic_samples']);

  const acoustic = await encodeAcoustic(layers, await layers.toSignal(ENCODER_WAVE), config);
  const features = await semanticFeatures(layers, await layers.toSignal(ENCODER_SEMANTIC_WAVE), config);
  const semantic = await encodeSemantic(layers, await layers.toSignal(layers.swap(features)), config);
  const joined = await layers.fromSignal(graph.node('Concat', [acoustic, semantic], { axis: 1 }));
  const latents = await layers.linear(layers.swap(joined), 'fc');
  const codes = await quantize(layers, latents, config);

  graph.output(ENCODER_CODES, 'int64', [1, config.numQuantizers, 'frames'], codes);
  graph.output(ENCODER_SEMANTIC_FEATURES, 'float32', [1, 'frames', config.hubert.hiddenSize], features);
  graph.output(ENCODER_LATENTS, 'float32', [1, 'frames', 'latent_size'], latents);
}

/** The DAC's encoder: a signal of one channel to one of `latentSize`, hop times shorter. Source: `DacEncoder`. */
async function encodeAcoustic(layers: CodecLayers, wave: string, { acoustic }: CodecConfig): Promise<string> {
  let signal = await layers.convolution(wave, 'acoustic_encoder.conv1', { padding: [OUTER_PADDING, OUTER_PADDING] });
  for (const [block, stride] of acoustic.downsamplingRatios.entries()) {
    const name = `acoustic_encoder.block.${block}`;
    for (const [unit, dilation] of RESIDUAL_DILATIONS.entries()) {
      signal = await residualUnit(layers, signal, `${name}.res_unit${unit + 1}`, dilation);
    }
    const { signal: bent, inputFactors } = await snake(layers, signal, `${name}.snake1`);
    const { padding } = resamplingConvolution(stride);
    signal = await layers.convolution(bent, `${name}.conv1`, { stride, padding: [padding, padding], inputFactors });
  }
  const { signal: bent, inputFactors } = await snake(layers, signal, 'acoustic_encoder.snake1');
  return layers.convolution(bent, 'acoustic_encoder.conv2', { padding: [1, 1], inputFactors });
}

/** Residual units with ELU behind HuBERT's features. Source: `SemanticEncoder`. */
async function encodeSemantic(
  layers: CodecLayers,
  features: string,
  { semanticEncoder }: CodecConfig,
): Promise<string> {
  const { graph } = layers;
  const { kernelSize, unitKernelSize, strides, blockDilations } = semanticEncoder;
  const reach = Math.floor(kernelSize / 2);
  let signal = await layers.convolution(features, 'encoder_semantic.conv', { padding: [reach, reach] });
  for (const [block, stride] of strides.entries()) {
    const name = `encoder_semantic.conv_blocks.${block}`;
    for (const [unit, dilation] of blockDilations.entries()) {
      const unitReach = Math.floor((unitKernelSize - 1) / 2) * dilation;
      const wide = await layers.convolution(graph.node('Elu', [signal]), `${name}.res_units.${unit}.conv1`, {
        dilation,
        padding: [unitReach, unitReach],
      });
      const added = await layers.convolution(graph.node('Elu', [wide]), `${name}.res_units.${unit}.conv2`);
      signal = graph.node('Add', [signal, added]);
    }
    const { padding } = semanticBlockConvolution(stride);
    signal = await layers.convolution(signal, `${name}.conv`, { stride, padding: [padding, padding] });
  }
  return signal;
}

/**
 * Residual vector quantisation of [1, frames, hidden] by all quantisers; gives their codes, [1, numQuantizers, frames].
 * The nearest entry e to z is the one with the largest 2 z e - |e|², for |z|² is the same for all; the first where
 * several are.
 */
async function quantize(layers: CodecLayers, vectors: string, config: CodecConfig): Promise<string> {
  const { graph, tensors } = layers;
  const { numQuantizers, codebookSize, codebookDim } = config;
  const allCodes: string[] = [];
  let residual = vectors;
  for (let quantizer = 0; quantizer < numQuantizers; quantizer++) {
    const name = `quantizer.quantizers.${quantizer}`;
    const entries = await tensors.readFloat32(`${name}.codebook.embed`);
    const doubled = transposed(entries, codebookSize, codebookDim).map((value) => 2 * value);
    const directions = await graph.float32(`${name}.directions`, [codebookDim, codebookSize], doubled);
    const squares = negativeSquares(entries, codebookDim);
    const penalties = await graph.float32(`${name}.penalties`, [codebookSize], squares);
    const projected = await layers.linear(residual, `${name}.project_in`);
    const closeness = graph.node('Add', [graph.node('MatMul', [projected, directions]), penalties]);
    const codes = graph.node('ArgMax', [closeness], { axis: -1, keepdims: 0 });
    allCodes.push(graph.node('Unsqueeze', [codes, await graph.int64([1])]));
    if (quantizer + 1 < numQuantizers) {
      const table = await graph.float32(`${name}.entries`, [codebookSize, codebookDim], entries);
      const chosen = await layers.linear(graph.node('Gather', [table, codes]), `${name}.project_out`);
      residual = graph.node('Sub', [residual, chosen]);
    }
  }
  return graph.node('Concat', allCodes, { axis: 1 });
}

/** entries: [count, dim]; gives -|entry|² of each. */
function negativeSquares(entries: Float32Array, dim: number): Float32Array {
  return Float32Array.from({ length: entries.length / dim }, (_, entry) =>
    entries.subarray(entry * dim, (entry + 1) * dim).reduce((sum, value) => sum - value ** 2, 0),
  );
}
