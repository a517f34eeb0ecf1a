/** One view of a graph: what is in it, with flags that are known there resolved, and nothing that no output needs. */
import {
  GraphBuilder,
  type GraphInput,
  type GraphNode,
  type GraphOutput,
  type GraphValue,
  type GraphWeight,
  type InViews,
} from './graph-builder.js';

export interface GraphView {
  readonly inputs: readonly GraphInput[];
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly GraphOutput[];
  readonly weights: readonly GraphWeight[];
}

/** `view` left out: the graph itself, whole. Pure. */
export function viewOf(graph: GraphBuilder, view?: string): GraphView {
  const inputs = graph.inputs.filter((input) => isIn(input, view)).map((input) => typed(input, view));
  const outputs = graph.outputs.filter((output) => isIn(output, view)).map((output) => typed(output, view));
  const nodes = graph.nodes.filter((node) => isIn(node, view)).map((node) => nodeIn(node, view));
  if (view === undefined) return { inputs, nodes, outputs, weights: graph.weights };
  const known = new Map(inputs.flatMap((input) => flagIn(input, view)));
  return needed({ inputs, nodes: nodes.flatMap((node) => resolved(node, known)), outputs, weights: graph.weights });
}

/** Without a view `only` and `except` say what belongs to views alone, and to all. */
function isIn({ only, except }: InViews<unknown>, view: string | undefined): boolean {
  if (view === undefined) return only === undefined;
  return (only?.includes(view) ?? true) && !(except?.includes(view) ?? false);
}

function typed<Value extends GraphValue>(value: Value, view: string | undefined): Value {
  return { ...value, type: (view === undefined ? undefined : value.instead?.[view]) ?? value.type };
}

function nodeIn(node: GraphNode, view: string | undefined): GraphNode {
  return view === undefined ? node : { ...node, ...node.instead?.[view] };
}

function flagIn({ name, known }: GraphInput, view: string): [string, boolean][] {
  const value = known?.[view];
  return value === undefined ? [] : [[name, value]];
}

/** The node, or what stands in its place where its condition is known. */
function resolved(node: GraphNode, known: ReadonlyMap<string, boolean>): GraphNode[] {
  const condition = known.get(node.inputs[0] ?? '');
  if (condition === undefined) return [node];
  const { outputs } = node;
  if (node.operator === 'Where') return [identity(node.inputs[condition ? 1 : 2]!, outputs)];
  if (node.operator !== 'If') return [node];
  const branch = node.attributes[condition ? 'then_branch' : 'else_branch'] as GraphBuilder;
  return [...branch.nodes.flatMap((inner) => resolved(inner, known)), identity(branch.outputs[0]!.value, outputs)];
}

function identity(value: string, outputs: readonly string[]): GraphNode {
  return { operator: 'Identity', domain: '', inputs: [value], outputs, attributes: {} };
}

/** Nodes stand in an order in which each comes behind those that it needs. */
function needed({ inputs, nodes, outputs, weights }: GraphView): GraphView {
  const names = new Set(outputs.map(({ value }) => value));
  const kept: GraphNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => names.has(output))) continue;
    kept.push(node);
    for (const name of namesIn(node)) names.add(name);
  }
  const isNeeded = ({ name }: { readonly name: string }): boolean => names.has(name);
  return { inputs: inputs.filter(isNeeded), nodes: kept.toReversed(), outputs, weights: weights.filter(isNeeded) };
}

/** Its inputs, and what its branches take from outside. */
function namesIn({ inputs, attributes }: GraphNode): string[] {
  const branches = Object.values(attributes).filter((value) => value instanceof GraphBuilder);
  const inner = branches.flatMap((branch) => [
    ...branch.nodes.flatMap(namesIn),
    ...branch.outputs.map(({ value }) => value),
  ]);
  return [...inputs, ...inner];
}
