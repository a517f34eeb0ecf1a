/**
 * ONNX files: `NAME.onnx` with nodes and small tensors, `NAME.onnx.data` with the weights, and `NAME.VIEW.onnx` for each view
 * that the graph has, over the same weights.
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onDisk } from '../disk-errors.js';
import { ELEMENT_TYPES, GraphBuilder, MICROSOFT } from './graph-builder.js';
import type {
  Attribute,
  Dimension,
  ElementType,
  GraphNode,
  GraphValue,
  GraphWeight,
  Placement,
} from './graph-builder.js';
import { ProtobufMessage } from './protobuf.js';
import { viewOf } from './views.js';
import { WeightFile, type WriteProgress } from './weight-file.js';

const IR_VERSION = 10;
const OPSET = 21;
const MICROSOFT_OPSET = 1;

/** `AttributeProto.AttributeType` */
const ATTRIBUTE = { float: 1, int: 2, text: 3, graph: 5, floats: 6, ints: 7 } as const;
/** `TensorProto.DataLocation` */
const EXTERNAL = 1;

export interface ModelTarget extends WriteProgress {
  /** A folder that exists. */
  readonly dir: string;
  /** The files' name without endings, and the graph's. */
  readonly name: string;
  /** Weights for which this gives the same are stored once, as the first of them; left out: each is stored. */
  readonly storedAs?: ((name: string, byteLength: number) => string) | undefined;
}

/** The name of a model's file in its folder, or of a view's. */
export function modelFileName(name: string, view?: string): string {
  return view === undefined ? `${name}.onnx` : `${name}.${view}.onnx`;
}

/** The name of the file beside it that holds the weights; the model's files refer to it by this name. */
export function dataFileName(name: string): string {
  return `${name}.onnx.data`;
}

/**
 * Writes what `build` builds. Weights are streamed into the data file as they are declared, so that no more than one is
 * in memory. Throws HIGGS_DISK_FULL, HIGGS_CACHE_UNWRITABLE, HIGGS_ABORTED, and what `build` throws; files may stay
 * behind then, so write into a folder that is thrown away (cache.ts).
 */
export async function writeOnnxModel(
  target: ModelTarget,
  build: (graph: GraphBuilder) => Promise<void>,
): Promise<void> {
  const { dir, name } = target;
  const file = await WeightFile.create(path.join(dir, dataFileName(name)), target);
  const stored = new Map<string, Promise<Placement>>();
  const graph = new GraphBuilder(name, (weight, byteLength, blocks) => {
    const key = target.storedAs?.(weight, byteLength) ?? weight;
    const placement = stored.get(key) ?? file.store(weight, byteLength, blocks);
    stored.set(key, placement);
    return placement;
  });
  try {
    await build(graph);
  } finally {
    await file.close();
  }
  for (const view of [undefined, ...graph.views()]) {
    const model = encodeModel(graph, dataFileName(name), view);
    await onDisk(dir, () => writeFile(path.join(dir, modelFileName(name, view)), model));
  }
}

/** A whole model as bytes, for graphs whose weights are few: they lie in it. */
export async function onnxModelBytes(
  name: string,
  build: (graph: GraphBuilder) => Promise<void> | void,
): Promise<Uint8Array> {
  const graph = new GraphBuilder(name, async (_name, _byteLength, blocks) => {
    const kept: Uint8Array[] = [];
    for await (const block of blocks) kept.push(block);
    return { inline: Buffer.concat(kept) };
  });
  await build(graph);
  return encodeModel(graph, '');
}

// Field numbers below are those of onnx.proto.

/** A model's file; its weights that are not in it lie in `dataFile` beside it, where their placements say. */
export function encodeModel(graph: GraphBuilder, dataFile: string, view?: string): Uint8Array {
  return new ProtobufMessage()
    .integer(1, IR_VERSION)
    .text(2, 'higgs-tts')
    .message(7, encodeGraph(graph, dataFile, view))
    .message(8, new ProtobufMessage().text(1, '').integer(2, OPSET))
    .message(8, new ProtobufMessage().text(1, MICROSOFT).integer(2, MICROSOFT_OPSET))
    .finish();
}

function encodeGraph(graph: GraphBuilder, dataFile: string, view?: string): ProtobufMessage {
  const message = new ProtobufMessage();
  const { inputs, nodes, outputs, weights } = viewOf(graph, view);
  // An output keeps its own name whatever value it shows.
  const shown = outputs.map((output): GraphNode => {
    return { operator: 'Identity', domain: '', inputs: [output.value], outputs: [output.name], attributes: {} };
  });
  for (const [index, node] of [...nodes, ...shown].entries()) {
    message.message(1, encodeNode(node, `${graph.name}_${index}`));
  }
  message.text(2, graph.name);
  for (const weight of weights) message.message(5, encodeTensor(weight, dataFile));
  for (const input of inputs) message.message(11, encodeValue(input));
  for (const output of outputs) message.message(12, encodeValue(output));
  return message;
}

function encodeNode(node: GraphNode, name: string): ProtobufMessage {
  const message = new ProtobufMessage();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(3, name).text(4, node.operator);
  for (const [attribute, value] of Object.entries(node.attributes)) {
    message.message(5, encodeAttribute(attribute, value));
  }
  return message.text(7, node.domain);
}

function encodeAttribute(name: string, value: Attribute): ProtobufMessage {
  const message = new ProtobufMessage().text(1, name);
  if (typeof value === 'string') return message.text(4, value).integer(20, ATTRIBUTE.text);
  if (typeof value === 'number' && Number.isInteger(value)) return message.integer(3, value).integer(20, ATTRIBUTE.int);
  if (typeof value === 'number') return message.float(2, value).integer(20, ATTRIBUTE.float);
  if (value instanceof GraphBuilder) {
    // A branch holds no weights of its own: they belong to the outermost graph.
    return message.message(6, encodeGraph(value, '')).integer(20, ATTRIBUTE.graph);
  }
  if ('float' in value) return message.float(2, value.float).integer(20, ATTRIBUTE.float);
  if ('floats' in value) {
    for (const item of value.floats) message.float(7, item);
    return message.integer(20, ATTRIBUTE.floats);
  }
  for (const item of value) message.integer(8, item);
  return message.integer(20, ATTRIBUTE.ints);
}

function encodeTensor(weight: GraphWeight, dataFile: string): ProtobufMessage {
  const { placement } = weight;
  const message = new ProtobufMessage();
  for (const size of weight.shape) message.integer(1, size);
  message.integer(2, ELEMENT_TYPES[weight.type]).text(8, weight.name);
  if ('inline' in placement) return message.bytes(9, placement.inline);
  const entries = { location: dataFile, offset: placement.offset, length: placement.byteLength };
  for (const [key, value] of Object.entries(entries)) {
    message.message(13, new ProtobufMessage().text(1, key).text(2, String(value)));
  }
  return message.integer(14, EXTERNAL);
}

function encodeValue(value: GraphValue): ProtobufMessage {
  return new ProtobufMessage()
    .text(1, value.name)
    .message(2, new ProtobufMessage().message(1, encodeTensorType(value.type, value.shape)));
}

function encodeTensorType(type: ElementType, shape: readonly Dimension[]): ProtobufMessage {
  const dimensions = new ProtobufMessage();
  for (const size of shape) {
    const dimension = new ProtobufMessage();
    dimensions.message(1, typeof size === 'number' ? dimension.integer(1, size) : dimension.text(2, size));
  }
  return new ProtobufMessage().integer(1, ELEMENT_TYPES[type]).message(2, dimensions);
}
