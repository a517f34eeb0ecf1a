/** How many frames a clip becomes, and how the reference pads it for that. Arithmetic on lengths alone. */
import type { CodecConfig } from '../checkpoint/types.js';
import { HiggsError } from '../errors.js';

/** Zeros on each side of the 16 kHz signal that HuBERT hears. Source: reference `_extract_semantic_features`. */
export const SEMANTIC_PADDING_SAMPLES = 160;

/** Samples of the residual units' dilated convolution. Source: reference `DacResidualUnit`. */
const RESIDUAL_KERNEL = 7;
export const RESIDUAL_DILATIONS = [1, 3, 9] as const;
/** On each side, of the DAC's first convolutions and of the decoder's last one. */
export const OUTER_PADDING = 3;

/** On each side, of a residual unit's dilated convolution. */
export function residualPadding(dilation: number): number {
  return ((RESIDUAL_KERNEL - 1) / 2) * dilation;
}

/** A convolution over time, in samples of its input; padding is that of one side. */
interface ConvolutionShape {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

function convolvedLength(length: number, { kernel, stride, padding }: ConvolutionShape): number {
  return Math.floor((length + 2 * padding - kernel) / stride) + 1;
}

/** The DAC's strided convolutions, down and (transposed) up. Source: reference `DacEncoderBlock`. */
export function resamplingConvolution(stride: number): ConvolutionShape {
  return { kernel: 2 * stride, stride, padding: Math.ceil(stride / 2) };
}

/** The convolution behind the residual units of a block of the semantic encoder. */
export function semanticBlockConvolution(stride: number): ConvolutionShape {
  const kernel = stride === 1 ? 3 : 2 * stride;
  return { kernel, stride, padding: Math.floor((kernel - 1) / 2) };
}

/** Frames that the DAC encoder makes of `samples` at the codec's rate. */
export function acousticFrames(config: CodecConfig, samples: number): number {
  return config.acoustic.downsamplingRatios.map(resamplingConvolution).reduce(convolvedLength, samples);
}

/** Frames that HuBERT and the semantic encoder make of `samples` at the codec's rate. */
export function semanticFrames(config: CodecConfig, samples: number): number {
  const { hubert, semanticEncoder } = config;
  const heard = Math.ceil((samples * config.semanticSampleRateHz) / config.sampleRateHz) + 2 * SEMANTIC_PADDING_SAMPLES;
  const states = hubert.convKernels
    .map((kernel, layer) => ({ kernel, stride: hubert.convStrides[layer]!, padding: 0 }))
    .reduce(convolvedLength, heard);
  const kept = Math.ceil(states / config.semanticDownsampleFactor);
  return semanticEncoder.strides.map(semanticBlockConvolution).reduce(convolvedLength, kept);
}

/**
 * Zeros on each side of the wave for the DAC: half a hop where it would give another number of frames than HuBERT.
 * Throws HIGGS_CHECKPOINT_UNSUPPORTED where that does not make the two equal. Source: reference `encode`.
 */
export function acousticPadding(config: CodecConfig, samples: number): number {
  const wanted = semanticFrames(config, samples);
  const halfHop = Math.floor(config.hopSamples / 2);
  for (const padding of [0, halfHop]) {
    if (acousticFrames(config, samples + 2 * padding) === wanted) return padding;
  }
  throw new HiggsError(
    'HIGGS_CHECKPOINT_UNSUPPORTED',
    `The codec's two encoders make different numbers of frames of ${samples} samples.`,
  );
}

/**
 * Frames to each side that a frame's sound depends on (10 in the published codec): the decoder's convolutions, walked
 * from the last one back, as the range of inputs that the samples of frame 0 need. Source: reference `DacDecoder`.
 */
export function decoderReachFrames(config: CodecConfig): number {
  return decoderReaches(config)[0]!;
}

/**
 * The same within the decoder: of the latents, of the signal that each block takes, and of the one that the last
 * convolution takes, the samples (of that signal's own rate, one a frame in the latents) to each side of a frame that its
 * sound depends on. Most of the reach belongs to the first block, most of the work to those behind it.
 */
export function decoderReaches(config: CodecConfig): number[] {
  const reaches: number[] = [];
  let samplesAFrame = config.hopSamples;
  const note = (): void => void reaches.unshift(Math.max(-from, to + 1 - samplesAFrame));
  const residualReach = RESIDUAL_DILATIONS.reduce((reach, dilation) => reach + residualPadding(dilation), 0);
  let from = -OUTER_PADDING;
  let to = config.hopSamples - 1 + OUTER_PADDING;
  note();
  for (const ratio of config.acoustic.upsamplingRatios.toReversed()) {
    const { kernel, stride, padding } = resamplingConvolution(ratio);
    // Input i of the transposed convolution adds to the outputs from i * stride - padding on, `kernel` of them.
    from = Math.ceil((from - residualReach + padding - kernel + 1) / stride);
    to = Math.floor((to + residualReach + padding) / stride);
    samplesAFrame /= ratio;
    note();
  }
  from -= OUTER_PADDING;
  to += OUTER_PADDING;
  note();
  return reaches;
}
