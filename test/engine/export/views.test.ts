/** Views of a graph, and what the two graphs of one kind give beside the graph of both. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { exportLanguageModel } from '../../../src/engine/export/index.js';
import { GraphBuilder } from '../../../src/engine/export/graph-builder.js';
import { viewOf } from '../../../src/engine/export/views.js';
import {
  boolTensor,
  float32Tensor,
  int32Tensor,
  int64Tensor,
  openSession,
  type GraphResults,
  type RuntimeSession,
  type TensorValue,
} from '../../../src/engine/runtime/session.js';
import { SMALL_MODEL, temporaryFolder } from '../../helpers/folders.js';

async function flagged(): Promise<GraphBuilder> {
  const graph = new GraphBuilder('flagged', () => Promise.resolve({ inline: new Uint8Array(4) }));
  const flag = graph.input('flag', 'bool', [], { known: { on: true, off: false } });
  const x = graph.input('x', 'float32', [1]);
  const [yes, no, both] = [
    await graph.float32('yes', [1], Float32Array.of(1)),
    await graph.float32('no', [1], Float32Array.of(2)),
    await graph.float32('both', [1], Float32Array.of(3)),
  ];
  const chosen = graph.node('Where', [flag, yes, no]);
  const sum = graph.branch(
    flag,
    'float32',
    [1],
    (branch) => branch.node('Add', [x, yes]),
    (branch) => branch.node('Sub', [x, no]),
  );
  graph.output('y', 'float32', [1], graph.node('Add', [graph.node('Mul', [sum, chosen]), both]));
  graph.output('extra', 'float32', [1], graph.node('Neg', [x]), { except: ['on'] });
  return graph;
}

test('where a flag is known, the view has neither the flag nor an If, and only the weights that it needs', async () => {
  const graph = await flagged();
  expect(graph.views().toSorted()).toEqual(['off', 'on']);
  const operators = (view?: string) => viewOf(graph, view).nodes.map(({ operator }) => operator);
  const names = (values: readonly { readonly name: string }[]) => values.map(({ name }) => name);
  expect(operators()).toEqual(['Where', 'If', 'Mul', 'Add', 'Neg']);
  expect(names(viewOf(graph).weights)).toEqual(['yes', 'no', 'both']);
  expect(operators('on')).toEqual(['Identity', 'Add', 'Identity', 'Mul', 'Add']);
  expect(operators('off')).toEqual(['Identity', 'Sub', 'Identity', 'Mul', 'Add', 'Neg']);
  expect(names(viewOf(graph, 'on').weights)).toEqual(['yes', 'both']);
  expect(names(viewOf(graph, 'off').weights)).toEqual(['no', 'both']);
  expect([names(viewOf(graph).inputs), names(viewOf(graph, 'on').inputs)]).toEqual([['flag', 'x'], ['x']]);
  expect([names(viewOf(graph, 'on').outputs), names(viewOf(graph, 'off').outputs)]).toEqual([['y'], ['y', 'extra']]);
});

test('a language model’s graphs of one kind give the bits of the graph of both, and pass each other keys and values', async () => {
  const files = await exportLanguageModel({ modelDir: path.join(SMALL_MODEL, 'model'), cacheDir: temporaryFolder() });
  const { layers, keyValueHeads, headDim, hiddenSize } = files.config;
  const names = (time: string) =>
    Array.from({ length: layers }, (_, layer) => [`${time}_key.${layer}`, `${time}_value.${layer}`]).flat();
  const capacity = 32;
  const none = float32Tensor(new Float32Array(keyValueHeads * capacity * headDim), [
    1,
    keyValueHeads,
    capacity,
    headDim,
  ]);
  const runs = [
    { isAudio: false, length: 9 },
    { isAudio: true, length: 4 },
    { isAudio: true, length: 1 },
    { isAudio: false, length: 3 },
    { isAudio: true, length: 1 },
  ];
  const scoresOf = async (text: RuntimeSession, audio: RuntimeSession): Promise<number[]> => {
    let pasts: Record<string, TensorValue> = Object.fromEntries(names('past').map((name) => [name, none]));
    let before = 0;
    const scores: number[] = [];
    for (const { isAudio, length } of runs) {
      const total = before + length;
      const positions = Array.from({ length }, (_, at) => BigInt(before + at));
      const embeds = Float32Array.from({ length: length * hiddenSize }, (_, at) => Math.sin(at * total));
      const results: GraphResults = await (isAudio ? audio : text).run({
        embeds: float32Tensor(embeds, [1, length, hiddenSize]),
        is_audio: boolTensor(isAudio),
        seqlens_k: int32Tensor(Int32Array.of(total - 1), [1]),
        total_sequence_length: int32Tensor(Int32Array.of(total), [1]),
        new_positions: int64Tensor(BigInt64Array.from(positions), [1, length]),
        logits_from: int64Tensor(BigInt64Array.of(BigInt(length - 1)), [1]),
        ...pasts,
      });
      scores.push(...(results['logits']!.data as Float32Array));
      const presents = names('present').map((name) => results[name] as TensorValue);
      pasts = Object.fromEntries(names('past').map((name, at) => [name, presents[at]!]));
      before = total;
    }
    return scores;
  };
  const open = (file: string) => openSession(file, { device: 'cpu', threads: 1 });
  const [both, text, audio] = [
    await open(files.gpuGraphFile),
    await open(files.gpuTextGraphFile),
    await open(files.gpuAudioGraphFile),
  ];
  expect(await scoresOf(text, audio)).toEqual(await scoresOf(both, both));
  for (const session of [both, text, audio]) await session.close();
});
