/** The codec's decoder as a graph. Source: reference `HiggsAudioV2TokenizerModel.decode`, `DacDecoder`. */
import type { CodecConfig, TensorSource } from '../checkpoint/types.js';
import { CodecLayers } from './codec-layers.js';
import { OUTER_PADDING, RESIDUAL_DILATIONS, resamplingConvolution } from './codec-lengths.js';
import { residualUnit, snake } from './codec-snake.js';
import type { GraphBuilder } from './graph-builder.js';

export const DECODER_CODES = 'codes';
export const DECODER_SAMPLES = 'samples';

/**
 * `codes` int64 [1, numQuantizers, frames] to `samples` float32 [1, 1, frames * hop].
 * Throws HIGGS_CHECKPOINT_BROKEN where a tensor is missing.
 */
export async function buildCodecDecoder(
  graph: GraphBuilder,
  tensors: TensorSource,
  config: CodecConfig,
): Promise<void> {
  const layers = new CodecLayers(graph, tensors);
  graph.input(DECODER_CODES, 'int64', [1, config.numQuantizers, 'frames']);

  let signal = await layers.toSignal(layers.swap(await lookUpLatents(layers, config)));
  signal = await layers.convolution(signal, 'acoustic_decoder.conv1', { padding: [OUTER_PADDING, OUTER_PADDING] });
  for (const [block, stride] of config.acoustic.upsamplingRatios.entries()) {
    const name = `acoustic_decoder.block.${block}`;
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
  const { signal: bent, inputFactors } = await snake(layers, signal, 'acoustic_decoder.snake1');
  signal = await layers.convolution(bent, 'acoustic_decoder.conv2', {
    padding: [OUTER_PADDING, OUTER_PADDING],
    inputFactors,
  });

  graph.output(DECODER_SAMPLES, 'float32', [1, 1, 'samples'], await layers.fromSignal(signal));
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
