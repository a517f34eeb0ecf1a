/** What went wrong on some device with some onnxruntime, tried on small graphs of the published model's shapes. */
import { timed } from '../bench/contender.js';
import { rotaryTables } from '../engine/export/rotary.js';
import { MICROSOFT, type GraphBuilder } from '../engine/export/graph-builder.js';
import { onnxModelBytes } from '../engine/export/onnx-writer.js';
import { loadBackend, type Backend, type InferenceSession, type Tensor } from '../engine/runtime/index.js';
import { PUBLISHED } from './published.js';
import type { CheckedBackend, Trap, TrapResult } from './tasks.js';

type Provider = Exclude<CheckedBackend, 'wasm'>;
/** New positions at once. The engine's longest run comes last. */
const RUNS = [16, 31, 32, 64, 128] as const;
/** Shorter runs take another kernel, which is right wherever it was tried. */
const SHORT_RUN = 31;
/** Relative to the largest value. */
const TOLERANCE = 1e-3;
const POSITIONS = 192;
const LAYERS = 4;
const CAPACITY = 2048;
/** Runs that are timed, as many as come in so long, but two at least. */
const MOST_TIMED = 12;
const MOST_TIMED_SECONDS = 2;

export async function tryTrap(trap: Trap, device: CheckedBackend): Promise<TrapResult> {
  const { backend } = await loadBackend();
  const provider = device as Provider;
  switch (trap) {
    case 'read back':
      return readBack(backend, provider);
    case 'long runs':
      return longRuns(backend, provider);
    case 'new buffers':
      return newBuffers(backend, provider);
    case 'graph capture':
      return graphCapture(backend, provider);
  }
}

/** 1.30 aborts the process; the engine never reads what lies on a GPU. */
async function readBack(backend: Backend, provider: Provider): Promise<TrapResult> {
  const model = await onnxModelBytes('copy', (graph) => {
    graph.output('y', 'float32', [4], graph.node('Neg', [graph.input('x', 'float32', [4])]));
  });
  const session = await backend.createSession(model, { provider, threads: 1, gpuOutputs: ['y'] });
  const { y } = await session.run({ x: new backend.Tensor('float32', Float32Array.of(1, 2, 3, 4), [4]) });
  const found = [...((await y!.getData()) as Float32Array)];
  const ok = found.join() === '-1,-2,-3,-4';
  return { trap: 'read back', ok, saw: ok ? 'the values came back' : `other values came back: ${found.join(', ')}` };
}

/** Attention over many new positions at once, beside the CPU's. */
async function longRuns(backend: Backend, provider: Provider): Promise<TrapResult> {
  const model = await onnxModelBytes('attention', (graph) => attention(graph, 1, POSITIONS));
  const onCpu = await backend.createSession(model, { provider: 'cpu', threads: 1 });
  const session = await backend.createSession(model, { provider, threads: 1 });
  let right = 0;
  for (const length of RUNS) {
    for (const before of [0, 40]) {
      const feeds = attentionFeeds(backend, length, before, 1, POSITIONS);
      const [expected, found] = [await onCpu.run(feeds), await session.run(feeds)];
      const off = largestDifference(found['y']!.data as Float32Array, expected['y']!.data as Float32Array);
      if (off < TOLERANCE) continue;
      const saw = `${length} new positions behind ${before}: off by ${off.toPrecision(2)} of the largest value`;
      // Whatever is wrong with short runs is wrong with the device.
      if (right < SHORT_RUN) return { trap: 'long runs', ok: false, saw };
      return { trap: 'long runs', ok: false, saw, longestRunPositions: SHORT_RUN };
    }
    right = length;
  }
  return { trap: 'long runs', ok: true, saw: `${right} new positions at once are right`, longestRunPositions: right };
}

/** What steps cost more where each gives new buffers for keys and values. */
async function newBuffers(backend: Backend, provider: Provider): Promise<TrapResult> {
  const model = await onnxModelBytes('caches', (graph) => attention(graph, LAYERS, CAPACITY));
  const outputs = cacheNames('present');
  const open = (gpuOutputs?: readonly string[]): Promise<InferenceSession> =>
    backend.createSession(model, { provider, threads: 1, gpuOutputs });
  const [giving, taking] = [await open(outputs), await open()];
  const first = attentionFeeds(backend, 1, 0, LAYERS, CAPACITY);
  const step = (pasts: readonly Tensor[], before: number): Record<string, Tensor> => ({
    ...attentionFeeds(backend, 1, before, 0, CAPACITY),
    ...Object.fromEntries(cacheNames('past').map((name, at) => [name, pasts[at]!])),
  });
  const presentsOf = (results: Readonly<Record<string, Tensor>>): Tensor[] => outputs.map((name) => results[name]!);

  let pasts = presentsOf(await giving.run(first, ['y', ...outputs]));
  const fresh = await timesOf(async (run) => {
    const presents = presentsOf(await giving.run(step(pasts, 1 + run), ['y', ...outputs]));
    for (const past of pasts) past.dispose();
    pasts = presents;
  });
  const targets = Object.fromEntries(outputs.map((name, at) => [name, pasts[at]!]));
  const same = await timesOf(async (run) => {
    await taking.run(step(pasts, 2 + MOST_TIMED + run), { y: null, ...targets });
  });
  const ratio = fresh / same;
  const saw = `${LAYERS} layers, ${CAPACITY} positions: ${fresh.toFixed(1)} ms with new buffers, ${same.toFixed(1)} ms with the same ones`;
  return { trap: 'new buffers', ok: ratio < 1.2, saw };
}

/** Whether a run's commands can be recorded: for a graph with an `If`, and for one without. */
async function graphCapture(backend: Backend, provider: Provider): Promise<TrapResult> {
  const refusalOf = async (withIf: boolean): Promise<string | undefined> => {
    const model = await onnxModelBytes('capture', (graph) => {
      const [x, flag] = [graph.input('x', 'float32', [4]), graph.input('flag', 'bool', [])];
      const y = withIf
        ? graph.branch(
            flag,
            'float32',
            [4],
            (branch) => branch.node('Neg', [x]),
            (branch) => branch.node('Abs', [x]),
          )
        : graph.node('Neg', [x]);
      graph.output('y', 'float32', [4], y);
    });
    return await backend.createSession(model, { provider, threads: 1, graphCapture: true }).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message.trim().split('\n')[0]! : String(error)),
    );
  };
  const [withIf, without] = [await refusalOf(true), await refusalOf(false)];
  if (without !== undefined) return { trap: 'graph capture', ok: false, saw: `it cannot be asked for (${without})` };
  const saw = withIf === undefined ? 'it takes a graph with an If' : 'it takes graphs without an If alone';
  return { trap: 'graph capture', ok: withIf === undefined, saw };
}

/** `layers` of attention one behind the other, as the published model has it, without anything between. */
async function attention(graph: GraphBuilder, layers: number, capacity: number): Promise<void> {
  const { heads, keyValueHeads, headDim, rope } = PUBLISHED;
  const width = (heads + 2 * keyValueHeads) * headDim;
  const packed = graph.input('x', 'float32', [1, 'sequence', width]);
  const lengths = graph.input('seqlens_k', 'int32', [1]);
  const total = graph.input('total_sequence_length', 'int32', [1]);
  const turns = Float32Array.from({ length: headDim / 2 }, (_, at) => 1 / rope.theta ** ((2 * at) / headDim));
  const tables = rotaryTables(turns, capacity);
  const cosines = await graph.float32('cosines', [capacity, headDim / 2], tables.cosines);
  const sines = await graph.float32('sines', [capacity, headDim / 2], tables.sines);
  const names = cacheNames('past', layers);
  const presentNames = cacheNames('present', layers);
  let sum: string | undefined;
  for (let layer = 0; layer < layers; layer++) {
    const shape = [1, keyValueHeads, capacity, headDim];
    const pasts = [names[2 * layer]!, names[2 * layer + 1]!].map((name) => graph.input(name, 'float32', shape));
    const [attended, ...presents] = graph.nodeWithOutputs(
      3,
      'GroupQueryAttention',
      [packed, '', '', ...pasts, lengths, total, cosines, sines],
      { num_heads: heads, kv_num_heads: keyValueHeads, do_rotary: 1 },
      MICROSOFT,
    );
    sum = sum === undefined ? attended! : graph.node('Add', [sum, attended!]);
    presents.forEach((value, at) => graph.output(presentNames[2 * layer + at]!, 'float32', shape, value));
  }
  graph.output('y', 'float32', [1, 'sequence', heads * headDim], sum!);
}

/** `layers` 0: without pasts. */
function attentionFeeds(
  { Tensor: make }: Backend,
  length: number,
  before: number,
  layers: number,
  capacity: number,
): Record<string, Tensor> {
  const { heads, keyValueHeads, headDim } = PUBLISHED;
  const width = (heads + 2 * keyValueHeads) * headDim;
  const wave = (count: number, pitch: number): Float32Array =>
    Float32Array.from({ length: count }, (_, at) => Math.sin(at * at * pitch));
  const pastNames = cacheNames('past', layers);
  const rows = pastNames.length === 0 ? undefined : wave(keyValueHeads * capacity * headDim, 0.3);
  return {
    x: new make('float32', wave(length * width, 0.7), [1, length, width]),
    seqlens_k: new make('int32', Int32Array.of(before + length - 1), [1]),
    total_sequence_length: new make('int32', Int32Array.of(before + length), [1]),
    ...Object.fromEntries(
      pastNames.map((name) => [name, new make('float32', rows!, [1, keyValueHeads, capacity, headDim])]),
    ),
  };
}

function cacheNames(time: 'past' | 'present', layers = LAYERS): string[] {
  return Array.from({ length: 2 * layers }, (_, at) => `${time}_${at % 2 === 0 ? 'key' : 'value'}.${at >> 1}`);
}

/** The median's milliseconds; the first run compiles kernels and is not counted. */
async function timesOf(run: (at: number) => Promise<void>): Promise<number> {
  await run(0);
  const values: number[] = [];
  const ends = performance.now() + 1000 * MOST_TIMED_SECONDS;
  while (values.length < 2 || (values.length < MOST_TIMED && performance.now() < ends)) {
    values.push(await timed(() => run(1 + values.length)));
  }
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function largestDifference(found: Float32Array, expected: Float32Array): number {
  let [difference, largest] = [0, 0];
  for (const [at, value] of expected.entries()) {
    const off = Math.abs(found[at]! - value);
    if (!(off <= difference)) difference = Number.isNaN(off) ? Infinity : off;
    largest = Math.max(largest, Math.abs(value));
  }
  return difference / largest;
}
