/**
 * The layers that the codec's graphs are made of, with their weights from the checkpoint.
 *
 * Signals over time are [1, channels, 1, time]: onnxruntime's convolutions over two dimensions are up to three times as
 * fast as those over one, on the CPU. Sequences of vectors are [1, time, channels].
 */
import type { TensorSource } from '../checkpoint/types.js';
import { readWeight } from '../checkpoint/weight-norm.js';
import { HiggsError } from '../errors.js';
import type { GraphBuilder } from './graph-builder.js';

/** The axis of the single row in a signal. */
const ROW_AXIS = 2;
/** torch's default for GroupNorm; HuBERT's convolutions do not take it from the config. */
const GROUP_NORM_EPSILON = 1e-5;

export interface ConvolutionOptions {
  readonly stride?: number;
  readonly dilation?: number;
  readonly groups?: number;
  /** Zeros before and after. */
  readonly padding?: readonly [before: number, after: number];
  /** A factor for each input channel (of one group), folded into the weight. */
  readonly inputFactors?: Float64Array;
  /** A factor for each output channel, folded into weight and bias. */
  readonly outputFactors?: Float64Array;
}

export interface TransposedConvolutionOptions {
  readonly stride: number;
  readonly padding: number;
  readonly outputPadding: number;
  readonly inputFactors: Float64Array;
}

/** Methods that take weights throw HIGGS_CHECKPOINT_BROKEN where one is missing or of another rank. */
export class CodecLayers {
  constructor(
    readonly graph: GraphBuilder,
    readonly tensors: TensorSource,
  ) {}

  /** A `Conv1d` as saved under `name`: weight [out, in / groups, kernel] and, where there is one, bias [out]. */
  async convolution(signal: string, name: string, options: ConvolutionOptions = {}): Promise<string> {
    const { stride = 1, dilation = 1, groups = 1, padding = [0, 0], inputFactors, outputFactors } = options;
    const { shape, values } = await this.weight(name, 3);
    const [outputs, inputs, kernel] = shape;
    const folded = values.map((value, index) => {
      const [output, input] = [Math.floor(index / (inputs * kernel)), Math.floor(index / kernel) % inputs];
      return value * (inputFactors?.[input] ?? 1) * (outputFactors?.[output] ?? 1);
    });
    const weight = await this.graph.float32(`${name}.weight`, [outputs, inputs, 1, kernel], folded);
    return this.graph.node('Conv', [signal, weight, ...(await this.bias(name, outputFactors))], {
      kernel_shape: [1, kernel],
      strides: [1, stride],
      dilations: [1, dilation],
      group: groups,
      pads: [0, padding[0], 0, padding[1]],
    });
  }

  /** A `ConvTranspose1d` as saved under `name`: weight [in, out, kernel] and bias [out]. */
  async transposedConvolution(signal: string, name: string, options: TransposedConvolutionOptions): Promise<string> {
    const { stride, padding, outputPadding, inputFactors } = options;
    const { shape, values } = await this.weight(name, 3);
    const [inputs, outputs, kernel] = shape;
    const folded = values.map((value, index) => value * inputFactors[Math.floor(index / (outputs * kernel))]!);
    const weight = await this.graph.float32(`${name}.weight`, [inputs, outputs, 1, kernel], folded);
    return this.graph.node('ConvTranspose', [signal, weight, ...(await this.bias(name))], {
      kernel_shape: [1, kernel],
      strides: [1, stride],
      pads: [0, padding, 0, padding],
      output_padding: [0, outputPadding],
    });
  }

  /** A `Linear` as saved under `name`, on the last axis: weight [out, in] and, where there is one, bias [out]. */
  async linear(vectors: string, name: string): Promise<string> {
    const { shape, values } = await this.weight(name, 2);
    const [outputs, inputs] = shape;
    const weight = await this.graph.float32(`${name}.weight`, [inputs, outputs], transposed(values, outputs, inputs));
    const product = this.graph.node('MatMul', [vectors, weight]);
    const [bias] = await this.bias(name);
    return bias === undefined ? product : this.graph.node('Add', [product, bias]);
  }

  /** A `LayerNorm` over the last axis. */
  async layerNorm(vectors: string, name: string, epsilon: number): Promise<string> {
    const inputs = [vectors, ...(await this.normWeights(name))];
    return this.graph.node('LayerNormalization', inputs, { axis: -1, epsilon: { float: epsilon } });
  }

  /** A `GroupNorm` of as many groups as channels: each channel over time. */
  async channelNorm(signal: string, name: string): Promise<string> {
    const inputs = [signal, ...(await this.normWeights(name))];
    return this.graph.node('InstanceNormalization', inputs, { epsilon: { float: GROUP_NORM_EPSILON } });
  }

  /** [1, channels, time] as a signal. */
  async toSignal(channels: string): Promise<string> {
    return this.graph.node('Unsqueeze', [channels, await this.graph.int64([ROW_AXIS])]);
  }

  /** A signal as [1, channels, time]. */
  async fromSignal(signal: string): Promise<string> {
    return this.graph.node('Squeeze', [signal, await this.graph.int64([ROW_AXIS])]);
  }

  /** [1, a, b] as [1, b, a]. */
  swap(tensor: string): string {
    return this.graph.node('Transpose', [tensor], { perm: [0, 2, 1] });
  }

  private async normWeights(name: string): Promise<string[]> {
    const { shape, values } = await this.weight(name, 1);
    return [await this.graph.float32(`${name}.weight`, shape, values), ...(await this.bias(name))];
  }

  /** The bias of a layer, or nothing where it has none. */
  private async bias(name: string, factors?: Float64Array): Promise<string[]> {
    if (!this.tensors.entries.has(`${name}.bias`)) return [];
    const values = await this.tensors.readFloat32(`${name}.bias`);
    const folded = factors ? values.map((value, channel) => value * factors[channel]!) : values;
    return [await this.graph.float32(`${name}.bias`, [values.length], folded)];
  }

  private async weight(name: string, rank: 1): Promise<{ shape: [number]; values: Float32Array }>;
  private async weight(name: string, rank: 2): Promise<{ shape: [number, number]; values: Float32Array }>;
  private async weight(name: string, rank: 3): Promise<{ shape: [number, number, number]; values: Float32Array }>;
  private async weight(name: string, rank: number): Promise<{ shape: readonly number[]; values: Float32Array }> {
    const weight = await readWeight(this.tensors, name);
    if (weight.shape.length === rank) return weight;
    throw new HiggsError(
      'HIGGS_CHECKPOINT_BROKEN',
      `The checkpoint ${this.tensors.locate(`${name}.weight`)} is broken: the weight of "${name}" has ` +
        `${weight.shape.length} dimensions instead of ${rank}.`,
    );
  }
}

/** values: [rows, columns]; gives [columns, rows]. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]!;
  }
  return result;
}
