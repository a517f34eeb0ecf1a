/** HuBERT as the codec's encoder hears it. Source: reference `HubertModel`, `_extract_semantic_features`. */
import type { CodecConfig } from '../checkpoint/types.js';
import { HiggsError } from '../errors.js';
import type { CodecLayers } from './codec-layers.js';
import { MICROSOFT } from './graph-builder.js';

/**
 * wave: signal of one channel at the semantic rate, padded already. Gives [1, frames, hubert.hiddenSize]: every
 * `semanticDownsampleFactor`-th state of the mean over all layers' results and the first layer's input.
 * Throws HIGGS_CHECKPOINT_UNSUPPORTED where the model is built like HuBERT large or later kinds.
 */
export async function semanticFeatures(layers: CodecLayers, wave: string, config: CodecConfig): Promise<string> {
  const { hubert, semanticDownsampleFactor } = config;
  if (hubert.convNorm !== 'group' || hubert.stableLayerNorm) {
    throw new HiggsError(
      'HIGGS_CHECKPOINT_UNSUPPORTED',
      'The codec’s semantic model norms like HuBERT large; only those that norm like HuBERT base are known.',
    );
  }
  const { graph } = layers;
  const states = [await embed(layers, wave, hubert)];
  for (let layer = 0; layer < hubert.layers; layer++) {
    states.push(await encoderLayer(layers, states.at(-1)!, `semantic_model.encoder.layers.${layer}`, hubert));
  }
  const mean = graph.node('Mean', states);
  if (semanticDownsampleFactor === 1) return mean;
  return graph.node('Slice', [
    mean,
    await graph.int64([0]),
    await graph.int64([Number.MAX_SAFE_INTEGER]),
    await graph.int64([1]),
    await graph.int64([semanticDownsampleFactor]),
  ]);
}

/** The wave to the first layer's input, [1, states, hiddenSize]. */
async function embed(layers: CodecLayers, wave: string, hubert: CodecConfig['hubert']): Promise<string> {
  const { graph } = layers;
  let signal = wave;
  for (const [layer, stride] of hubert.convStrides.entries()) {
    const name = `semantic_model.feature_extractor.conv_layers.${layer}`;
    signal = await layers.convolution(signal, `${name}.conv`, { stride });
    if (layer === 0) signal = await layers.channelNorm(signal, `${name}.layer_norm`);
    signal = graph.node('Gelu', [signal]);
  }
  let vectors = layers.swap(await layers.fromSignal(signal));
  if (hubert.projectionNorm) {
    vectors = await layers.layerNorm(vectors, 'semantic_model.feature_projection.layer_norm', hubert.normEpsilon);
  }
  vectors = await layers.linear(vectors, 'semantic_model.feature_projection.projection');

  // The reference pads both sides alike and drops the last state where the kernel is even.
  const after = Math.ceil(hubert.positionalKernel / 2) - 1;
  const positions = await layers.convolution(
    await layers.toSignal(layers.swap(vectors)),
    'semantic_model.encoder.pos_conv_embed.conv',
    { groups: hubert.positionalGroups, padding: [Math.floor(hubert.positionalKernel / 2), after] },
  );
  const placed = layers.swap(await layers.fromSignal(graph.node('Gelu', [positions])));
  const sum = graph.node('Add', [vectors, placed]);
  return layers.layerNorm(sum, 'semantic_model.encoder.layer_norm', hubert.normEpsilon);
}

/** Attention over all states, then the feed-forward network, each added to its input and normed. */
async function encoderLayer(
  layers: CodecLayers,
  states: string,
  name: string,
  { heads, normEpsilon }: CodecConfig['hubert'],
): Promise<string> {
  const { graph } = layers;
  const parts: string[] = [];
  for (const part of ['q_proj', 'k_proj', 'v_proj']) {
    parts.push(await layers.linear(states, `${name}.attention.${part}`));
  }
  const attention = graph.node('MultiHeadAttention', parts, { num_heads: heads }, MICROSOFT);
  const attended = graph.node('Add', [states, await layers.linear(attention, `${name}.attention.out_proj`)]);
  const normed = await layers.layerNorm(attended, `${name}.layer_norm`, normEpsilon);

  const inner = graph.node('Gelu', [await layers.linear(normed, `${name}.feed_forward.intermediate_dense`)]);
  const fed = graph.node('Add', [normed, await layers.linear(inner, `${name}.feed_forward.output_dense`)]);
  return layers.layerNorm(fed, `${name}.final_layer_norm`, normEpsilon);
}
