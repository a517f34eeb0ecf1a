/**
 * The DAC's Snake activation, x + sin²(a x) / a with one `a` for each channel, and the residual units around it.
 * Source: reference `Snake1d`, `DacResidualUnit`.
 *
 * With u = a x it is (u + sin² u) / a, and the factor 1 / a goes into the weights of the convolution that follows; the
 * factor a goes into those of the convolution before it, where nothing else takes its result. That saves two of the
 * five passes over a signal that Snake would take, or one.
 */
import type { CodecLayers } from './codec-layers.js';
import { residualPadding } from './codec-lengths.js';
import type { GraphBuilder } from './graph-builder.js';

/** Smaller factors are taken as this one, which changes x by less than a millionth of its square. */
const SMALLEST_FACTOR = 1e-6;

/** A signal whose channels the next convolution still has to multiply by `inputFactors`. */
export interface BentSignal {
  readonly signal: string;
  readonly inputFactors: Float64Array;
}

/** Snake as saved under `name`. */
export async function snake(layers: CodecLayers, signal: string, name: string): Promise<BentSignal> {
  const factors = await readFactors(layers, name);
  const gains = await layers.graph.float32(`${name}.alpha`, [1, factors.length, 1, 1], Float32Array.from(factors));
  return bend(layers.graph, layers.graph.node('Mul', [signal, gains]), factors);
}

/** x + conv(snake(conv(snake(x)))), the first convolution dilated. */
export async function residualUnit(
  layers: CodecLayers,
  signal: string,
  name: string,
  dilation: number,
): Promise<string> {
  const padding = residualPadding(dilation);
  const factors = await readFactors(layers, `${name}.snake2`);
  const bent = await snake(layers, signal, `${name}.snake1`);
  const wide = await layers.convolution(bent.signal, `${name}.conv1`, {
    dilation,
    padding: [padding, padding],
    inputFactors: bent.inputFactors,
    outputFactors: factors,
  });
  const bentAgain = bend(layers.graph, wide, factors);
  const narrow = { inputFactors: bentAgain.inputFactors };
  const added = await layers.convolution(bentAgain.signal, `${name}.conv2`, narrow);
  return layers.graph.node('Add', [signal, added]);
}

/** u + sin² u, for a signal that is multiplied by `factors` already. */
function bend(graph: GraphBuilder, signal: string, factors: Float64Array): BentSignal {
  const sine = graph.node('Sin', [signal]);
  return {
    signal: graph.node('Add', [signal, graph.node('Mul', [sine, sine])]),
    inputFactors: factors.map((factor) => 1 / factor),
  };
}

async function readFactors({ tensors }: CodecLayers, name: string): Promise<Float64Array> {
  return Float64Array.from(await tensors.readFloat32(`${name}.alpha`), (factor) =>
    Math.abs(factor) < SMALLEST_FACTOR ? SMALLEST_FACTOR : factor,
  );
}
