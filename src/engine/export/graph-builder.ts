/**
 * Builds an ONNX graph node by node. `writeOnnxModel` (onnx-writer.ts) gives one to build on and makes the files:
 *
 * ```ts
 * await writeOnnxModel({ dir, name: 'doubled', signal, onBytes }, async (graph) => {
 *   const x = graph.input('x', 'float32', ['batch', 4]);
 *   const weight = await graph.float32('w', [4, 4], values);        // written at once, then forgotten
 *   const product = graph.node('MatMul', [x, weight]);
 *   graph.output('y', 'float32', ['batch', 4], graph.node('Mul', [product, await graph.scalar(2)]));
 * });                                                               // doubled.onnx and doubled.onnx.data are there
 * ```
 * Values are named by strings; '' stands for an optional input that is left out. Names of nodes' outputs are made up
 * here; a name of one's own may be taken once. The branches of an `If` see the outer graph's values and weights.
 */
import { HiggsError } from '../errors.js';

/** ONNX `TensorProto.DataType`. */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
};

/** The domain of onnxruntime's own operators. */
export const MICROSOFT = 'com.microsoft';

/** A number is a fixed size, a text names one that is known when the graph runs. */
export type Dimension = number | string;

/** A tensor's bytes in order, in blocks of any size. */
export type Blocks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A whole number is an INT, any other number a FLOAT; `{ float }` is a FLOAT always. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | GraphBuilder;
export type Attributes = Readonly<Record<string, Attribute>>;

/**
 * Graphs over the same weights that differ in a few places are views of one model, each in a file of its own. A part with
 * `only` is in these views alone, one with `except` in all others; `instead` holds what is otherwise in a view. views.ts makes
 * a view of it all.
 */
export interface InViews<Difference> {
  readonly only?: readonly string[] | undefined;
  readonly except?: readonly string[] | undefined;
  readonly instead?: Readonly<Record<string, Difference>> | undefined;
}

export interface GraphValue extends InViews<ElementType> {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

export interface GraphInput extends GraphValue {
  /** What a flag always is in a view: it is no input there, and each `If` and `Where` over it is what it comes to. */
  readonly known?: Readonly<Record<string, boolean>> | undefined;
}

/** What a node does; an operator of its own only where it is another one in a view. */
interface Operation {
  readonly operator?: string;
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
}

export interface GraphNode extends Operation, InViews<Operation> {
  readonly operator: string;
  readonly domain: string;
  readonly outputs: readonly string[];
}

/** Where a weight's bytes are: in the model file, or from `offset` on in the data file. */
export type Placement = { readonly inline: Uint8Array } | { readonly offset: number; readonly byteLength: number };

export interface GraphOutput extends GraphValue {
  /** The value that it shows. */
  readonly value: string;
}

export interface GraphWeight extends GraphValue {
  readonly shape: readonly number[];
  readonly placement: Placement;
}

/** Takes a weight's bytes as it is declared. Throws HIGGS_INTERNAL where they are more or fewer than `byteLength`. */
export type StoreWeight = (name: string, byteLength: number, blocks: Blocks) => Promise<Placement>;

export class GraphBuilder {
  readonly inputs: GraphInput[] = [];
  readonly outputs: GraphOutput[] = [];
  readonly nodes: GraphNode[] = [];
  readonly weights: GraphWeight[] = [];
  private readonly root: GraphBuilder;
  private readonly names = new Set<string>();
  private readonly constants = new Map<string, Promise<string>>();

  constructor(
    readonly name: string,
    private readonly store: StoreWeight,
    outer?: GraphBuilder,
  ) {
    this.root = outer?.root ?? this;
  }

  input(
    name: string,
    type: ElementType,
    shape: readonly Dimension[],
    views: InViews<ElementType> & Pick<GraphInput, 'known'> = {},
  ): string {
    this.inputs.push({ name: this.claim(name), type, shape, ...views });
    return name;
  }

  /**
   * `value` leaves the graph under the name `name`. onnxruntime keeps every output of a graph in memory until a run ends,
   * those that nobody fetches too: what few need is best in a view alone.
   */
  output(
    name: string,
    type: ElementType,
    shape: readonly Dimension[],
    value: string,
    views: InViews<ElementType> = {},
  ): void {
    this.outputs.push({ name: this.claim(name), type, shape, value, ...views });
  }

  /** Names of all views that any part is in. */
  views(): string[] {
    const parts = [...this.inputs, ...this.outputs, ...this.nodes];
    const ofParts = parts.flatMap(({ only, except, instead }) => [
      ...(only ?? []),
      ...(except ?? []),
      ...Object.keys(instead ?? {}),
    ]);
    return [...new Set([...ofParts, ...this.inputs.flatMap(({ known }) => Object.keys(known ?? {}))])];
  }

  /** Adds a node with one output; gives its name. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    domain = '',
    views: InViews<Operation> = {},
  ): string {
    return this.nodeWithOutputs(1, operator, inputs, attributes, domain, views)[0]!;
  }

  /** Adds a node with `count` outputs; gives their names in order. */
  nodeWithOutputs(
    count: number,
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    domain = '',
    views: InViews<Operation> = {},
  ): string[] {
    const outputs = Array.from({ length: count }, () => this.unusedName(operator));
    this.nodes.push({ operator, domain, inputs, outputs, attributes, ...views });
    return outputs;
  }

  /** `If`: each branch builds on a graph of its own and gives one value of this type and shape. */
  branch(
    condition: string,
    type: ElementType,
    shape: readonly Dimension[],
    whenTrue: (graph: GraphBuilder) => string,
    whenFalse: (graph: GraphBuilder) => string,
  ): string {
    const build = (make: (graph: GraphBuilder) => string): GraphBuilder => {
      const graph = new GraphBuilder(this.unusedName('branch'), this.store, this);
      graph.output(`${graph.name}_result`, type, shape, make(graph));
      return graph;
    };
    return this.node('If', [condition], { then_branch: build(whenTrue), else_branch: build(whenFalse) });
  }

  /** A tensor of any type, its bytes (little-endian, row-major) taken block by block. */
  async weight(name: string, type: ElementType, shape: readonly number[], blocks: Blocks): Promise<string> {
    const byteLength = shape.reduce((product, size) => product * size, ELEMENT_BYTES[type]);
    this.claim(name);
    const placement = await this.store(name, byteLength, blocks);
    this.root.weights.push({ name, type, shape, placement });
    return name;
  }

  /** A float32 tensor that is in memory. */
  float32(name: string, shape: readonly number[], values: Float32Array): Promise<string> {
    return this.weight(name, 'float32', shape, [bytesOf(values)]);
  }

  /** A float32 scalar; equal ones are one. */
  scalar(value: number): Promise<string> {
    return this.constant('float32', [], [value], bytesOf(Float32Array.of(value)));
  }

  /** An int64 vector, for shapes, axes and slices; equal ones are one. */
  int64(values: readonly number[]): Promise<string> {
    return this.int64Tensor([values.length], values);
  }

  int64Tensor(shape: readonly number[], values: readonly number[]): Promise<string> {
    const longs = BigInt64Array.from(values, (value) => BigInt(value));
    return this.constant('int64', shape, values, bytesOf(longs));
  }

  private constant(
    type: ElementType,
    shape: readonly number[],
    values: readonly number[],
    bytes: Uint8Array,
  ): Promise<string> {
    const { constants } = this.root;
    const key = `${type} [${shape.join()}] ${values.join()}`;
    let name = constants.get(key);
    if (name === undefined) {
      name = this.weight(`constant_${constants.size}`, type, shape, [bytes]);
      constants.set(key, name);
    }
    return name;
  }

  private unusedName(kind: string): string {
    return this.claim(`${kind}_${this.root.names.size}`);
  }

  private claim(name: string): string {
    const { names } = this.root;
    if (names.has(name)) throw new HiggsError('HIGGS_INTERNAL', `The graph "${this.name}" has two "${name}".`);
    names.add(name);
    return name;
  }
}

/** The memory of a typed array, as bytes. */
export function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
