/**
 * What the checkpoint's alignment heads look at, over a whole sequence at once: the layers up to the last of these heads, and
 * of each head queries and keys alone. A graph of its own, so that generation pays nothing for it.
 *
 * | input | type, shape | |
 * |---|---|---|
 * | `embeds` | float32 [1, positions, hidden] | the prompt and what was spoken, embedded |
 * | `is_audio` | bool [1, positions, 1] | what kind each position is |
 * | `seqlens_k` | int32 [1] | positions less one |
 * | `total_sequence_length` | int32 [1] | positions |
 * | `tokens` | int64 [2] | first position that is looked at, and the one behind the last |
 * | `rows` | int64 [2] | first position that looks, and the one behind the last |
 *
 * | output | |
 * |---|---|
 * | `scores` | float32 [heads, rows, tokens]: each head's scores before the softmax |
 */
import type { LanguageModelConfig, TensorSource } from '../checkpoint/types.js';
import { MICROSOFT, type GraphBuilder } from './graph-builder.js';
import { padFrequencies, padHeads, storedHeadDim } from './head-padding.js';
import { writeProjection, type WeightFormat } from './projection.js';
import { inverseFrequencies, rotaryTables } from './rotary.js';

export interface AlignmentGraphOptions {
  /** As for the language model itself. */
  readonly formatOf: (product: string) => WeightFormat;
  readonly maxPositions: number;
}

/** `config` has alignment heads. */
export async function buildAlignment(
  graph: GraphBuilder,
  config: LanguageModelConfig,
  checkpoint: TensorSource,
  { formatOf, maxPositions }: AlignmentGraphOptions,
): Promise<void> {
  const { hiddenSize, keyValueHeads, alignmentHeads = [] } = config;
  const headDim = storedHeadDim(config);
  const tensors = padHeads(checkpoint, config);
  const embeds = graph.input('embeds', 'float32', [1, 'positions', hiddenSize]);
  const isAudio = graph.input('is_audio', 'bool', [1, 'positions', 1]);
  const lengths = graph.input('seqlens_k', 'int32', [1]);
  const total = graph.input('total_sequence_length', 'int32', [1]);
  const tokens = await stretchOf(graph, 'tokens');
  const rows = await stretchOf(graph, 'rows');
  const tables = rotaryTables(padFrequencies(inverseFrequencies(config.rope, config.headDim), config), maxPositions);
  const cosines = await graph.float32('rotary.cosines', [maxPositions, headDim / 2], tables.cosines);
  const sines = await graph.float32('rotary.sines', [maxPositions, headDim / 2], tables.sines);
  const ones = await graph.float32('ones', [hiddenSize], new Float32Array(hiddenSize).fill(1));
  const [first, second] = [await graph.int64([0]), await graph.int64([1])];

  /** [1, positions, hidden], each position with the gain of its kind. */
  const norm = async (input: string, layer: number, name: string): Promise<string> => {
    const gains: string[] = [];
    for (const kind of ['audio_', '']) {
      const weight = `model.layers.${layer}.${kind}${name}.weight`;
      gains.push(await graph.float32(weight, [hiddenSize], await tensors.readFloat32(weight)));
    }
    const epsilon = { epsilon: { float: config.normEpsilon } };
    const even = graph.node('SimplifiedLayerNormalization', [input, ones], epsilon);
    return graph.node('Mul', [even, graph.node('Where', [isAudio, ...gains])]);
  };
  const feedForward = async (name: string, input: string): Promise<string> => {
    const product = async (part: string, from: string): Promise<string> => {
      const whole = `${name}.${part}`;
      return (await writeProjection(graph, whole, tensors, [`${whole}_proj.weight`], formatOf(whole)))(graph, from);
    };
    const gate = await product('gate', input);
    const activated = graph.node('Mul', [gate, graph.node('Sigmoid', [gate])]);
    return product('down', graph.node('Mul', [activated, await product('up', input)]));
  };
  const wholeLayer = async (layer: number, residual: string, normed: string): Promise<string> => {
    const name = `model.layers.${layer}`;
    const parts = ['q', 'k', 'v'].map((part) => `${name}.self_attn.${part}_proj.weight`);
    const packed = await writeProjection(graph, `${name}.qkv`, tensors, parts, formatOf(`${name}.qkv`));
    const [attended] = graph.nodeWithOutputs(
      3,
      'GroupQueryAttention',
      [packed(graph, normed), '', '', '', '', lengths, total, cosines, sines],
      {
        num_heads: config.heads,
        kv_num_heads: keyValueHeads,
        do_rotary: 1,
        ...(headDim === config.headDim ? {} : { scale: { float: 1 / Math.sqrt(config.headDim) } }),
      },
      MICROSOFT,
    );
    const outputs = [`${name}.self_attn.o_proj.weight`];
    const output = await writeProjection(graph, `${name}.o`, tensors, outputs, formatOf(`${name}.o`));
    const sum = graph.node('Add', [residual, output(graph, attended!)]);
    const between = await norm(sum, layer, 'post_attention_layernorm');
    const audio = await feedForward(`${name}.audio_mlp`, between);
    const text = await feedForward(`${name}.mlp`, between);
    return graph.node('Add', [sum, graph.node('Where', [isAudio, audio, text])]);
  };
  /** The turned queries or keys of one head, [positions of the stretch, head size]. */
  const turned = async (weight: string, head: number, normed: string, [from, to]: Stretch): Promise<string> => {
    const values = await tensors.readFloat32(weight, head * headDim, (head + 1) * headDim);
    const matrix = await graph.float32(`${weight}.${head}`, [headDim, hiddenSize], values);
    const cut = (table: string, axis: string): string => graph.node('Slice', [table, from, to, axis]);
    const product = graph.node('Squeeze', [cut(normed, second), first]);
    const projected = graph.node('Gemm', [product, matrix], { transB: 1 });
    const [cosine, sine] = [cut(cosines, first), cut(sines, first)];
    const [one, other] = graph.nodeWithOutputs(2, 'Split', [projected], { axis: -1, num_outputs: 2 });
    const times = (half: string, table: string): string => graph.node('Mul', [half, table]);
    const halves = [
      graph.node('Sub', [times(one!, cosine), times(other!, sine)]),
      graph.node('Add', [times(other!, cosine), times(one!, sine)]),
    ];
    return graph.node('Concat', halves, { axis: -1 });
  };

  const scores: string[] = [];
  const last = Math.max(...alignmentHeads.map(({ layer }) => layer));
  let residual = embeds;
  for (let layer = 0; layer <= last; layer++) {
    const normed = await norm(residual, layer, 'input_layernorm');
    for (const { head } of alignmentHeads.filter((each) => each.layer === layer)) {
      const weight = (part: string): string => `model.layers.${layer}.self_attn.${part}_proj.weight`;
      const shared = Math.floor(head / (config.heads / keyValueHeads));
      const queries = await turned(weight('q'), head, normed, rows);
      const keys = graph.node('Transpose', [await turned(weight('k'), shared, normed, tokens)], { perm: [1, 0] });
      const product = graph.node('MatMul', [queries, keys]);
      const scaled = graph.node('Mul', [product, await graph.scalar(1 / Math.sqrt(config.headDim))]);
      scores.push(graph.node('Unsqueeze', [scaled, first]));
    }
    if (layer < last) residual = await wholeLayer(layer, residual, normed);
  }
  graph.output(
    'scores',
    'float32',
    [alignmentHeads.length, 'rows', 'tokens'],
    graph.node('Concat', scores, { axis: 0 }),
  );
}

/** First position, and the one behind the last, each int64 [1]. */
type Stretch = readonly [from: string, to: string];

async function stretchOf(graph: GraphBuilder, name: string): Promise<Stretch> {
  const both = graph.input(name, 'int64', [2]);
  const at = async (index: number): Promise<string> =>
    graph.node('Slice', [both, await graph.int64([index]), await graph.int64([index + 1]), await graph.int64([0])]);
  return [await at(0), await at(1)];
}
