/** Both published layouts, brought into one shape. */

export type RopeConfig =
  | { readonly type: 'default'; readonly theta: number }
  /** As `default` up to the config's positions; beyond them every angle would change at each step, so none are taken. */
  | { readonly type: 'dynamic'; readonly theta: number }
  /** All turns are `factor` times as slow. */
  | { readonly type: 'linear'; readonly theta: number; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly theta: number;
      readonly factor: number;
      readonly highFrequencyFactor: number;
      readonly lowFrequencyFactor: number;
      readonly originalMaxPositions: number;
    };

/** Counted from 0. */
export interface AlignmentHead {
  readonly layer: number;
  readonly head: number;
}

export interface LanguageModelConfig {
  readonly layout: 'converted' | 'original';
  readonly layers: number;
  readonly hiddenSize: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headDim: number;
  readonly feedForwardSize: number;
  readonly vocabularySize: number;
  readonly normEpsilon: number;
  readonly rope: RopeConfig;
  /** What the config says; no limit of the network, unless the rotary embedding is `dynamic`. */
  readonly maxPositions: number;
  readonly numCodebooks: number;
  /** bos and eos included. */
  readonly codebookSize: number;
  readonly bosCode: number;
  readonly eosCode: number;
  readonly audioTokenId: number;
  readonly audioDelayTokenId: number;
  /** Attention heads that look, at each audio position, at the text token that sounds next; left out: none is known to. */
  readonly alignmentHeads?: readonly AlignmentHead[];
  /** From generation_config.json, where there is one. */
  readonly generation: {
    readonly temperature?: number;
    readonly topK?: number;
    readonly topP?: number;
    readonly rasWindowFrames?: number;
    readonly rasLimit?: number;
  };
}

/** Sizes of the neural codec. Source: reference `HiggsAudioV2TokenizerConfig`. */
export interface CodecConfig {
  readonly sampleRateHz: number;
  /** What HuBERT hears (16000). */
  readonly semanticSampleRateHz: number;
  /** Samples a frame: the product of the DAC encoder's strides (960). */
  readonly hopSamples: number;
  readonly framesPerSecond: number;
  readonly codebookSize: number;
  readonly codebookDim: number;
  /** floor(1000 * last bandwidth / (frames a second * bits of a code)) */
  readonly numQuantizers: number;
  /** DAC: strides in the order of the network, encoder and decoder each. */
  readonly acoustic: {
    readonly encoderHiddenSize: number;
    readonly decoderHiddenSize: number;
    readonly latentSize: number;
    readonly downsamplingRatios: readonly number[];
    readonly upsamplingRatios: readonly number[];
  };
  /** The small convolutional encoder behind HuBERT. */
  readonly semanticEncoder: {
    readonly kernelSize: number;
    readonly unitKernelSize: number;
    readonly channelRatios: readonly number[];
    readonly strides: readonly number[];
    readonly blockDilations: readonly number[];
  };
  readonly hubert: {
    readonly hiddenSize: number;
    readonly layers: number;
    readonly heads: number;
    readonly feedForwardSize: number;
    readonly normEpsilon: number;
    readonly convDims: readonly number[];
    readonly convKernels: readonly number[];
    readonly convStrides: readonly number[];
    readonly convBias: boolean;
    /** `group`: the first conv layer alone is normalised, over time; `layer`: each of them, over channels. */
    readonly convNorm: 'group' | 'layer';
    readonly projectionNorm: boolean;
    /** True: norms before attention and FFN instead of behind them. */
    readonly stableLayerNorm: boolean;
    readonly positionalKernel: number;
    readonly positionalGroups: number;
  };
  /** Samples at the semantic rate that one HuBERT state stands for (320). */
  readonly hubertHopSamples: number;
  /** Every n-th HuBERT state is kept (2). */
  readonly semanticDownsampleFactor: number;
}

export type TensorType = 'F32' | 'F16' | 'BF16' | 'F64' | 'I64' | 'I32' | 'U8' | 'BOOL';

export interface TensorEntry {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
}

/** A checkpoint's tensors, read by ranges; never a whole file in memory. */
export interface TensorSource {
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /** Where an error lies: the file or folder that holds the tensor. */
  locate(name: string): string;
  /**
   * Rows [fromRow, toRow) of the first dimension (all of them where left out), as float32.
   * Throws HIGGS_CHECKPOINT_BROKEN where the tensor is missing, cut off or no number's type.
   */
  readFloat32(name: string, fromRow?: number, toRow?: number): Promise<Float32Array>;
  /** The same rows as they lie in the file, little-endian, in the entry's own type. */
  readBytes(name: string, fromRow?: number, toRow?: number): Promise<Uint8Array>;
  /** Changes when the checkpoint's content does: a hash over headers, sizes and samples of each file's bytes. */
  fingerprint(): Promise<string>;
  close(): Promise<void>;
}
