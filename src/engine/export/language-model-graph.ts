/**
 * The language model as one graph for text and for audio positions. Source: reference `HiggsAudioV2DecoderLayer`.
 *
 * A run holds positions of one kind, so one flag chooses the norms' gains (`Where`) and the FFN (`If`, its weights in
 * the outer graph, where onnxruntime packs them once). Embedding is done outside: tables are large, rows are few.
 *
 * | input | type, shape | |
 * |---|---|---|
 * | `embeds` | float32 [batch, sequence, hidden] | the run's embedded positions |
 * | `is_audio` | bool [] | what kind they are; not in the views that know it |
 * | `seqlens_k` | int32 [batch] | positions so far, this run's included, less one |
 * | `total_sequence_length` | int32 [1] | positions so far, this run's included |
 * | `new_positions` | int64 [batch, sequence] | each position of the run, counted from its sequence's first |
 * | `logits_from` | int64 [1] | the first position of the run that logits are wanted of |
 * | `past_key.N`, `past_value.N` | float32 [batch, key/value heads, capacity, head size] | keys already turned |
 * | `cache_scales` | float32 [2 * layers * heads * head size] | in the view `cache8` alone: what the pasts' int8 are multiplied by |
 *
 * | output | |
 * |---|---|
 * | `logits` | float32 [batch, positions from `logits_from` on, codebooks * codebook size] |
 * | `present_key.N`, `present_value.N` | in the views for a GPU alone: pasts with the run's rows in place |
 * | `new_rows` | as the pasts, [2 * layers * batch, heads, sequence, head size]: key, value of layer 0, of layer 1, ...; not in the views of one kind |
 *
 * Fetch `logits` and `new_rows`, for pasts that TypeScript keeps, or, in the view {@link ON_GPU}, `logits` and the presents,
 * for pasts that stay on a GPU. Without that view presents are gone as soon as their new rows are cut out of them: at
 * full size and 2,048 positions that is 0.5 GB in float32. {@link AUDIO_ON_GPU} and {@link TEXT_ON_GPU} are the view for a GPU
 * for runs of one kind each, without an `If`: only attention, the head and small weights are in both. The head size is the stored one (head-padding.ts).
 */
import { AUDIO_HEAD, FINAL_NORM } from '../checkpoint/language-model-tensors.js';
import type { LanguageModelConfig, TensorSource } from '../checkpoint/types.js';
import { MICROSOFT, type GraphBuilder } from './graph-builder.js';
import { padFrequencies, padHeads, storedHeadDim } from './head-padding.js';
import { writeProjection, type Projection, type WeightFormat } from './projection.js';
import { inverseFrequencies, rotaryTables } from './rotary.js';

/** The view that gives the presents. */
export const ON_GPU = 'gpu';
/** The same for runs of audio positions, and for runs of text, each with the weights that it needs alone. */
export const AUDIO_ON_GPU = 'gpu-audio';
export const TEXT_ON_GPU = 'gpu-text';
const OF_ONE_KIND = [AUDIO_ON_GPU, TEXT_ON_GPU];
/**
 * The view whose pasts and new rows are int8, `cache_scales` telling for each channel of a layer's keys, of its values, of the
 * next layer's keys, ... what 1 stands for. A CPU copies a quarter of the bytes at each step.
 */
export const CACHE_IN_8_BITS = 'cache8';

export interface LanguageModelGraphOptions {
  /** Asked for each product by its name, such as `model.layers.0.audio_mlp.down` or `audio_lm_head.weight`. */
  readonly formatOf: (product: string) => WeightFormat;
  readonly maxPositions: number;
  /** Radians a position, [headDim / 2]; left out: those of the config. */
  readonly frequencies?: Float32Array | undefined;
}

type Gains = (graph: GraphBuilder) => string;

export async function buildLanguageModel(
  graph: GraphBuilder,
  config: LanguageModelConfig,
  checkpoint: TensorSource,
  { formatOf, maxPositions, frequencies }: LanguageModelGraphOptions,
): Promise<void> {
  const { hiddenSize, keyValueHeads } = config;
  const headDim = storedHeadDim(config);
  const tensors = padHeads(checkpoint, config);
  const epsilon = { epsilon: { float: config.normEpsilon } };
  const embeds = graph.input('embeds', 'float32', ['batch', 'sequence', hiddenSize]);
  const isAudio = graph.input('is_audio', 'bool', [], { known: { [AUDIO_ON_GPU]: true, [TEXT_ON_GPU]: false } });
  const lengths = graph.input('seqlens_k', 'int32', ['batch']);
  const total = graph.input('total_sequence_length', 'int32', [1]);
  const newPositions = graph.input('new_positions', 'int64', ['batch', 'sequence']);
  const logitsFrom = graph.input('logits_from', 'int64', [1]);
  const turns = padFrequencies(frequencies ?? inverseFrequencies(config.rope, config.headDim), config);
  const rotary = rotaryTables(turns, maxPositions);
  const cosines = await graph.float32('rotary.cosines', [maxPositions, headDim / 2], rotary.cosines);
  const sines = await graph.float32('rotary.sines', [maxPositions, headDim / 2], rotary.sines);
  const end = await graph.int64([Number.MAX_SAFE_INTEGER]);
  const scaleCount = 2 * config.layers;
  const allScales = graph.input('cache_scales', 'float32', [scaleCount * keyValueHeads * headDim], {
    only: [CACHE_IN_8_BITS],
  });
  const scales = graph.nodeWithOutputs(scaleCount, 'Split', [allScales], { axis: 0, num_outputs: scaleCount }, '', {
    only: [CACHE_IN_8_BITS],
  });

  const gains = async (layer: number, norm: string): Promise<Gains> => {
    const names = ['audio_', ''].map((kind) => `model.layers.${layer}.${kind}${norm}.weight`);
    const weights: string[] = [];
    for (const name of names) weights.push(await graph.float32(name, [hiddenSize], await tensors.readFloat32(name)));
    return (at) => at.node('Where', [isAudio, ...weights]);
  };
  const product = (name: string, weights: readonly string[]): Promise<Projection> =>
    writeProjection(graph, name, tensors, weights, formatOf(name));
  const feedForward = async (name: string): Promise<Projection> => {
    const write = (part: string): Promise<Projection> => product(`${name}.${part}`, [`${name}.${part}_proj.weight`]);
    const [gate, up, down] = [await write('gate'), await write('up'), await write('down')];
    return (at, input) => {
      const opened = gate(at, input);
      const activated = at.node('Mul', [opened, at.node('Sigmoid', [opened])]);
      return down(at, at.node('Mul', [activated, up(at, input)]));
    };
  };

  /**
   * `attended` as it is, but computed with the layer's new rows already cut out. onnxruntime works along the longest path
   * first: else it would keep the presents of all layers until it comes to cut them, behind the last layer.
   */
  const afterRows = async (attended: string, newRows: string): Promise<string> => {
    const positions = graph.node('Shape', [newRows], { start: 2, end: 3 });
    const shape = graph.node('Concat', [await graph.int64([0]), positions, await graph.int64([-1])], { axis: 0 });
    const asItIs = { operator: 'Identity', inputs: [attended], attributes: {} };
    // A graph of one kind has no rows to cut.
    const instead = Object.fromEntries(OF_ONE_KIND.map((view) => [view, asItIs]));
    return graph.node('Reshape', [attended, shape], {}, '', { instead });
  };

  /**
   * Where the run's rows lie among all rows of a present, [batch * heads * sequence], and the shape they are to have. Each
   * sequence of a batch has its own positions, so they cannot be cut out as one slice.
   */
  const placeRows = async (present: string): Promise<{ places: string; shape: string }> => {
    const [zero, one] = [await graph.int64([0]), await graph.int64([1])];
    const scalar = async (value: number): Promise<string> => graph.int64Tensor([], [value]);
    const capacity = graph.node('Shape', [present], { start: 2, end: 3 });
    const batch = graph.node('Shape', [newPositions], { start: 0, end: 1 });
    const count = graph.node('Mul', [batch, await graph.int64([keyValueHeads])]);
    const heads = graph.node('Range', [await scalar(0), graph.node('Squeeze', [count, zero]), await scalar(1)]);
    const starts = graph.node('Mul', [heads, capacity]);
    const startsByHead = graph.node('Reshape', [starts, await graph.int64([-1, keyValueHeads, 1])]);
    const sum = graph.node('Add', [startsByHead, graph.node('Unsqueeze', [newPositions, one])]);
    const sequence = graph.node('Shape', [newPositions], { start: 1, end: 2 });
    const shape = [await graph.int64([-1, keyValueHeads]), sequence, await graph.int64([headDim])];
    return {
      places: graph.node('Reshape', [sum, await graph.int64([-1])]),
      shape: graph.node('Concat', shape, { axis: 0 }),
    };
  };
  const allRows = await graph.int64([-1, headDim]);

  /** Of each layer, [2 * batch, heads, sequence, head size]: keys, then values. */
  const rows: string[] = [];
  let placed: { readonly places: string; readonly shape: string } | undefined;
  const presents: [name: string, value: string][] = [];
  let residual = embeds;
  let added: string | undefined;
  /** The sum so far, normed; `added` goes into it on the way. */
  const norm = (gain: string): string => {
    if (added === undefined) return graph.node('SimplifiedLayerNormalization', [residual, gain], epsilon);
    const [normed, , , sum] = graph.nodeWithOutputs(
      4,
      'SkipSimplifiedLayerNormalization',
      [residual, added, gain],
      epsilon,
      MICROSOFT,
    );
    residual = sum!;
    return normed!;
  };

  for (let layer = 0; layer < config.layers; layer++) {
    const name = `model.layers.${layer}`;
    const projections = ['q', 'k', 'v'].map((part) => `${name}.self_attn.${part}_proj.weight`);
    const query = await product(`${name}.qkv`, projections);
    const output = await product(`${name}.o`, [`${name}.self_attn.o_proj.weight`]);
    const [text, audio] = [await feedForward(`${name}.mlp`), await feedForward(`${name}.audio_mlp`)];

    const pastShape = ['batch', keyValueHeads, 'capacity', headDim];
    const pasts = ['key', 'value'].map((kind) =>
      graph.input(`past_${kind}.${layer}`, 'float32', pastShape, { instead: { [CACHE_IN_8_BITS]: 'int8' } }),
    );
    const packed = query(graph, norm((await gains(layer, 'input_layernorm'))(graph)));
    const inputs = [packed, '', '', ...pasts, lengths, total, cosines, sines];
    const attributes = {
      num_heads: config.heads,
      kv_num_heads: keyValueHeads,
      do_rotary: 1,
      // That of the true size, which is the operator's own where the stored one is the same.
      ...(headDim === config.headDim ? {} : { scale: { float: 1 / Math.sqrt(config.headDim) } }),
    };
    const inEightBits = {
      // Positions, bias and sinks of the operator are left out.
      inputs: [...inputs, '', '', '', ...scales.slice(2 * layer, 2 * layer + 2)],
      attributes: { ...attributes, k_quant_type: 'PER_CHANNEL', v_quant_type: 'PER_CHANNEL', kv_cache_bit_width: 8 },
    };
    const [attended, ...present] = graph.nodeWithOutputs(3, 'GroupQueryAttention', inputs, attributes, MICROSOFT, {
      instead: { [CACHE_IN_8_BITS]: inEightBits },
    });
    const { places, shape } = (placed ??= await placeRows(present[0]!));
    const newRows = present.map((value) => graph.node('Gather', [graph.node('Reshape', [value, allRows]), places]));
    rows.push(graph.node('Reshape', [graph.node('Concat', newRows, { axis: 0 }), shape]));
    present.forEach((value, i) => presents.push([`present_${i === 0 ? 'key' : 'value'}.${layer}`, value]));
    added = output(graph, await afterRows(attended!, rows.at(-1)!));
    const normed = norm((await gains(layer, 'post_attention_layernorm'))(graph));
    added = graph.branch(
      isAudio,
      'float32',
      ['batch', 'sequence', hiddenSize],
      (branch) => audio(branch, normed),
      (branch) => text(branch, normed),
    );
  }

  const finalGain = await graph.float32(FINAL_NORM, [hiddenSize], await tensors.readFloat32(FINAL_NORM));
  const last = graph.node('Slice', [norm(finalGain), logitsFrom, end, await graph.int64([1])]);
  const head = await product(AUDIO_HEAD, [AUDIO_HEAD]);
  const scores = config.numCodebooks * config.codebookSize;
  graph.output('logits', 'float32', ['batch', 'wanted', scores], head(graph, last));
  for (const [name, value] of presents) {
    graph.output(name, 'float32', ['batch', keyValueHeads, 'present_capacity', headDim], value, {
      only: [ON_GPU, ...OF_ONE_KIND],
    });
  }
  // Last, for onnxruntime-node 1.30 takes `preferredOutputLocation` by the place among the fetched outputs.
  graph.output(
    'new_rows',
    'float32',
    ['rows', keyValueHeads, 'sequence', headDim],
    graph.node('Concat', rows, { axis: 0 }),
    { except: OF_ONE_KIND, instead: { [CACHE_IN_8_BITS]: 'int8' } },
  );
}
