/** Both published layouts, brought into one shape. */

export type RopeConfig =
  | { readonly type: 'default'; readonly theta: number }
  | {
      readonly type: 'llama3';
      readonly theta: number;
      readonly factor: number;
      readonly highFrequencyFactor: number;
      readonly lowFrequencyFactor: number;
      readonly originalMaxPositions: number;
    };

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
  readonly maxPositions: number;
  readonly numCodebooks: number;
  /** bos and eos included. */
  readonly codebookSize: number;
  readonly bosCode: number;
  readonly eosCode: number;
  readonly audioTokenId: number;
  readonly audioDelayTokenId: number;
  /** From generation_config.json, where there is one. */
  readonly generation: {
    readonly temperature?: number;
    readonly topK?: number;
    readonly topP?: number;
    readonly rasWindowFrames?: number;
    readonly rasLimit?: number;
  };
}

export type TensorType = 'F32' | 'F16' | 'BF16' | 'F64' | 'I64' | 'I32' | 'U8' | 'BOOL';

export interface TensorEntry {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  readonly file: string;
  /** Byte range within `file`. */
  readonly begin: number;
  readonly end: number;
}

/** A checkpoint's tensors, read by ranges; never a whole file in memory. */
export interface TensorSource {
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /** Rows [fromRow, toRow) of the first dimension (all of them where left out), as float32. */
  readFloat32(name: string, fromRow?: number, toRow?: number): Promise<Float32Array>;
  close(): Promise<void>;
}
