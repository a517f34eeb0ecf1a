/** The codec's decoder as a graph. Source: reference `HiggsAudioV2TokenizerModel.decode`, `DacDecoder`. */
import type { CodecConfig, TensorSource } from '../checkpoint/types.js';
import { CodecLayers } from './codec-layers.js';
import { decoderReaches, OUTER_PADDING, RESIDUAL_DILATIONS, resamplingConvolution } from './codec-lengths.js';
import { residualUnit, snake } from './codec-snake.js';
import type { GraphBuilder } from './graph-builder.js';

export const DECODER_CODES = 'codes';
export const DECODER_KEEP_FROM = 'keep_from';
export const DECODER_KEEP_TO = 'keep_to';
export const DECODER_SAMPLES = 'samples';

/**
 * `codes` int64 [1, numQuantizers, frames] and `keep_from`, `keep_to` int64 [1] to `samples` float32
 * [1, 1, (keep_to - keep_from) * hop], the sound of frames [keep_from, keep_to) as it is among all of `codes`. On the way
 * each signal is cut to what the sound that is kept depends on: the frames beside it are there for the first layers alone.
 * Throws HIGGS_CHECKPOINT_BROKEN where a tensor is missing.
 */
export async function buildCodecDecoder(
  graph: GraphBuilder,
  tensors: TensorSource,
  config: CodecConfig,
): Promise<void> {
  const layers = new CodecLayers(graph, tensors);
  graph.input(DECODER_CODES, 'int64', [1, config.numQuantizers, 'frames']);
  const cutter = await Cutter.begin(layers);
  const [, ...reaches] = decoderReaches(config);

  let signal = await layers.toSignal(layers.swap(await lookUpLatents(layers, config)));
  signal = await layers.convolution(signal, 'acoustic_decoder.conv1', { padding: [OUTER_PADDING, OUTER_PADDING] });
  for (const [block, stride] of config.acoustic.upsamplingRatios.entries()) {
    const name = `acoustic_decoder.block.${block}`;
    signal = await cutter.cut(signal, reaches[block]!);
    await cutter.stretch(stride);
    const { signal: bent, inputFactors } = await snake(layers, signal, `${name}.snake1`);
    const { padding } = resamplingConvolution(stride);
    signal = await layers.transposedConvolution(bent, `${name}.conv_t1`, {
      stride,
      padding,
      // Makes the result exactly `stride` times as long.
      outputPadding: stride % 2,
      inputFactors,
    });
    for (const [unit, dilation] of RESIDUAL_DILATIONS.entries()) {
      signal = await residualUnit(layers, signal, `${name}.res_unit${unit + 1}`, dilation);
    }
  }
  signal = await cutter.cut(signal, reaches.at(-1)!);
  const { signal: bent, inputFactors } = await snake(layers, signal, 'acoustic_decoder.snake1');
  signal = await layers.convolution(bent, 'acoustic_decoder.conv2', {
    padding: [OUTER_PADDING, OUTER_PADDING],
    inputFactors,
  });

  graph.output(DECODER_SAMPLES, 'float32', [1, 1, 'samples'], await layers.fromSignal(await cutter.cut(signal, 0)));
}

/** Cuts signals to the frames that are kept and the samples within reach of them. */
class Cutter {
  private samplesAFrame = 1;

  private constructor(
    private readonly graph: GraphBuilder,
    private readonly keepFrom: string,
    private readonly keepTo: string,
    private readonly frames: string,
    /** The sample of the whole signal that signals begin with by now. */
    private first: string,
  ) {}

  static async begin({ graph }: CodecLayers): Promise<Cutter> {
    const [from, to] = [graph.input(DECODER_KEEP_FROM, 'int64', [1]), graph.input(DECODER_KEEP_TO, 'int64', [1])];
    const frames = graph.node('Shape', [DECODER_CODES], { start: 2, end: 3 });
    return new Cutter(graph, from, to, frames, await graph.int64([0]));
  }

  /** Signals have `ratio` times the samples from here on. */
  async stretch(ratio: number): Promise<void> {
    this.first = this.graph.node('Mul', [this.first, await this.graph.int64([ratio])]);
    this.samplesAFrame *= ratio;
  }

  /** `signal` with `reach` samples on either side of the frames that are kept, as far as it has them. */
  async cut(signal: string, reach: number): Promise<string> {
    const { graph } = this;
    const [rate, reached] = [await graph.int64([this.samplesAFrame]), await graph.int64([reach])];
    const [keepFrom, keepTo, length] = [this.keepFrom, this.keepTo, this.frames].map((frame) =>
      graph.node('Mul', [frame, rate]),
    );
    const from = graph.node('Max', [graph.node('Sub', [keepFrom!, reached]), await graph.int64([0])]);
    const to = graph.node('Min', [graph.node('Add', [keepTo!, reached]), length!]);
    const [start, end] = [from, to].map((sample) => graph.node('Sub', [sample, this.first]));
    this.first = from;
    return graph.node('Slice', [signal, start!, end!, await graph.int64([3])]);
  }
}

/** Codes to [1, frames, latentSize]: one row of a table for each quantiser's code, and their sum. */
async function lookUpLatents({ graph, tensors }: CodecLayers, config: CodecConfig): Promise<string> {
  const { numQuantizers, codebookSize, acoustic } = config;
  const firstRows = Array.from({ length: numQuantizers }, (_, quantizer) => quantizer * codebookSize);
  const rows = graph.node('Add', [DECODER_CODES, await graph.int64Tensor([1, numQuantizers, 1], firstRows)]);
  const shape = [numQuantizers * codebookSize, acoustic.latentSize];
  const table = await graph.weight('latents', 'float32', shape, latentTable(tensors, config));
  return graph.node('ReduceSum', [graph.node('Gather', [table, rows]), await graph.int64([1])], { keepdims: 0 });
}

/**
 * What each code adds to the decoder's latents: its entry in the codebook through `project_out` and `fc2`, both linear,
 * as rows of `latentSize`, one quantiser's after the other. fc2's bias is in the first quantiser's rows.
 */
async function* latentTable(
  tensors: TensorSource,
  { numQuantizers, codebookSize, codebookDim, acoustic: { latentSize } }: CodecConfig,
): AsyncGenerator<Uint8Array> {
  const last = await tensors.readFloat32('fc2.weight');
  const lastBias = await tensors.readFloat32('fc2.bias');
  const hiddenSize = last.length / latentSize;
  for (let quantizer = 0; quantizer < numQuantizers; quantizer++) {
    const name = `quantizer.quantizers.${quantizer}`;
    const entries = await tensors.readFloat32(`${name}.codebook.embed`);
    const projection = multiply(last, await tensors.readFloat32(`${name}.project_out.weight`), latentSize, hiddenSize);
    const shift = multiply(last, await tensors.readFloat32(`${name}.project_out.bias`), latentSize, hiddenSize);
    const rows = new Float32Array(codebookSize * latentSize);
    for (let code = 0; code < codebookSize; code++) {
      for (let latent = 0; latent < latentSize; latent++) {
        let sum = shift[latent]! + (quantizer === 0 ? lastBias[latent]! : 0);
        for (let at = 0; at < codebookDim; at++) {
          sum += projection[latent * codebookDim + at]! * entries[code * codebookDim + at]!;
        }
        rows[code * latentSize + latent] = sum;
      }
    }
    yield new Uint8Array(rows.buffer);
  }
}

/** left: [rows, inner], right: [inner, columns], row-major; gives [rows, columns]. */
function multiply(left: Float32Array, right: Float32Array, rows: number, inner: number): Float64Array {
  const columns = right.length / inner;
  const product = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < inner; at++) {
      const factor = left[row * inner + at]!;
      for (let column = 0; column < columns; column++) {
        product[row * columns + column]! += factor * right[at * columns + column]!;
      }
    }
  }
  return product;
}
