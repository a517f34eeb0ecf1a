/** HuBERT as the codec's encoder hears it. Source: reference `HubertModel`, `_extract_semantic_features`. */
import type { CodecConfig } from '../checkpoint/types.js';
import type { CodecLayers } from './codec-layers.js';
import { MICROSOFT } from './graph-builder.js';

/**
 * wave: signal of one channel at the semantic rate, padded already. Gives [1, frames, hubert.hiddenSize]: every
 * `semanticDownsampleFactor`-th state of the mean over all layers' results and the first layer's input. HuBERT large norms each
 * convolution and before each part of a layer, base the first convolution and behind each part. What large's encoder norms at its
 * end is none of the layers' results.
 */
export async function semanticFeatures(layers: CodecLayers, wave: string, config: CodecConfig): Promise<string> {
  const { hubert, semanticDownsampleFactor } = config;
  const { graph } = layers;
  const addLayer = hubert.stableLayerNorm ? normFirstLayer : normLastLayer;
  const first = await embed(layers, wave, hubert);
  const states = [hubert.stableLayerNorm ? first : await normEncoder(layers, first, hubert)];
  for (let layer = 0; layer < hubert.layers; layer++) {
    states.push(await addLayer(layers, states.at(-1)!, `semantic_model.encoder.layers.${layer}`, hubert));
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

/** torch's default for LayerNorm; HuBERT's convolutions do not take it from the config. */
const CONVOLUTION_NORM_EPSILON = 1e-5;

/** The wave to vectors with their places, [1, states, hiddenSize]. */
async function embed(layers: CodecLayers, wave: string, hubert: CodecConfig['hubert']): Promise<string> {
  const { graph } = layers;
  let signal = wave;
  for (const [layer, stride] of hubert.convStrides.entries()) {
    const name = `semantic_model.feature_extractor.conv_layers.${layer}`;
    signal = await layers.convolution(signal, `${name}.conv`, { stride });
    if (hubert.convNorm === 'layer') signal = await vectorNorm(layers, signal, `${name}.layer_norm`);
    else if (layer === 0) signal = await layers.channelNorm(signal, `${name}.layer_norm`);
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
  return graph.node('Add', [vectors, placed]);
}

/** A `LayerNorm` over a signal's channels. */
async function vectorNorm(layers: CodecLayers, signal: string, name: string): Promise<string> {
  const vectors = layers.swap(await layers.fromSignal(signal));
  const normed = await layers.layerNorm(vectors, name, CONVOLUTION_NORM_EPSILON);
  return layers.toSignal(layers.swap(normed));
}

function normEncoder(layers: CodecLayers, states: string, { normEpsilon }: CodecConfig['hubert']): Promise<string> {
  return layers.layerNorm(states, 'semantic_model.encoder.layer_norm', normEpsilon);
}

/** A layer of the encoder over `states`; -> the name of its output. */
type MakeLayer = (layers: CodecLayers, states: string, name: string, sizes: CodecConfig['hubert']) => Promise<string>;

/** Attention over all states, then the feed-forward network, each added to its input and normed. */
const normLastLayer: MakeLayer = async (layers, states, name, { heads, normEpsilon }) => {
  const { graph } = layers;
  const attended = graph.node('Add', [states, await attention(layers, states, name, heads)]);
  const normed = await layers.layerNorm(attended, `${name}.layer_norm`, normEpsilon);
  const fed = graph.node('Add', [normed, await feedForward(layers, normed, name)]);
  return layers.layerNorm(fed, `${name}.final_layer_norm`, normEpsilon);
};

/** Attention over the normed states, then the feed-forward network over what is normed again, each added to its input. */
const normFirstLayer: MakeLayer = async (layers, states, name, { heads, normEpsilon }) => {
  const { graph } = layers;
  const normed = await layers.layerNorm(states, `${name}.layer_norm`, normEpsilon);
  const attended = graph.node('Add', [states, await attention(layers, normed, name, heads)]);
  const normedAgain = await layers.layerNorm(attended, `${name}.final_layer_norm`, normEpsilon);
  return graph.node('Add', [attended, await feedForward(layers, normedAgain, name)]);
};

async function attention(layers: CodecLayers, states: string, name: string, heads: number): Promise<string> {
  const parts: string[] = [];
  for (const part of ['q_proj', 'k_proj', 'v_proj']) {
    parts.push(await layers.linear(states, `${name}.attention.${part}`));
  }
  const attended = layers.graph.node('MultiHeadAttention', parts, { num_heads: heads }, MICROSOFT);
  return layers.linear(attended, `${name}.attention.out_proj`);
}

async function feedForward(layers: CodecLayers, states: string, name: string): Promise<string> {
  const inner = layers.graph.node('Gelu', [await layers.linear(states, `${name}.feed_forward.intermediate_dense`)]);
  return layers.linear(inner, `${name}.feed_forward.output_dense`);
}
