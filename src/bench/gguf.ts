/**
 * A model for llama.cpp with the shapes of an audio step and random weights, in the GGUF format.
 * Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
import fs from 'node:fs';
import { seededRng } from '../engine/frames/index.js';
import type { LanguageModelConfig } from '../engine/checkpoint/types.js';

const VERSION = 3;
const ALIGNMENT = 32;
const VALUE_TYPES = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 } as const;
const TOKEN_TYPES = { normal: 1, unknown: 2, control: 3, byte: 6 } as const;
const CONTROL_TOKENS = ['<unk>', '<s>', '</s>'];
const TENSOR_TYPES = { F32: 0, Q4_0: 2 } as const;
/** Q4_0: a float16 scale and 32 weights of 4 bits. */
const BLOCK_WEIGHTS = 32;
const BLOCK_BYTES = 18;
/** 0.005 in float16. */
const SCALE = 0x1d1f;
/** Random weights are made once and written again and again; no two tensors begin at the same place of them. */
const PATTERN_BLOCKS = 2 ** 20;

interface Tensor {
  readonly name: string;
  /** Inputs first, as GGUF has it. */
  readonly shape: readonly number[];
  readonly type: keyof typeof TENSOR_TYPES;
}

/** Writes the model that has, for text, the layers that `config` has for audio; its vocabulary is all codebooks' codes. */
export function writeGguf(file: string, config: LanguageModelConfig): void {
  const tensors = tensorsOf(config);
  const out = fs.openSync(file, 'w');
  try {
    let at = 0;
    const write = (bytes: Uint8Array): void => void (at += fs.writeSync(out, bytes));
    const align = (): void => write(new Uint8Array((ALIGNMENT - (at % ALIGNMENT)) % ALIGNMENT));
    write(header(config, tensors));
    align();
    const pattern = randomBlocks();
    let place = 0;
    for (const { shape, type } of tensors) {
      const count = shape.reduce((product, size) => product * size);
      if (type === 'F32') write(new Uint8Array(new Float32Array(count).fill(1).buffer));
      else {
        for (let left = byteLength({ shape, type }); left > 0;) {
          const part = pattern.subarray(place, place + left);
          write(part);
          left -= part.length;
          place = (place + part.length) % pattern.length;
        }
      }
      align();
    }
  } finally {
    fs.closeSync(out);
  }
}

function tensorsOf(config: LanguageModelConfig): Tensor[] {
  const { hiddenSize, feedForwardSize, heads, keyValueHeads, headDim } = config;
  const vocabulary = config.numCodebooks * config.codebookSize;
  const matrix = (name: string, inputs: number, outputs: number): Tensor => ({
    name: `${name}.weight`,
    shape: [inputs, outputs],
    type: 'Q4_0',
  });
  const gain = (name: string): Tensor => ({ name: `${name}.weight`, shape: [hiddenSize], type: 'F32' });
  const layers = Array.from({ length: config.layers }, (_, layer) => [
    gain(`blk.${layer}.attn_norm`),
    matrix(`blk.${layer}.attn_q`, hiddenSize, heads * headDim),
    matrix(`blk.${layer}.attn_k`, hiddenSize, keyValueHeads * headDim),
    matrix(`blk.${layer}.attn_v`, hiddenSize, keyValueHeads * headDim),
    matrix(`blk.${layer}.attn_output`, heads * headDim, hiddenSize),
    gain(`blk.${layer}.ffn_norm`),
    matrix(`blk.${layer}.ffn_gate`, hiddenSize, feedForwardSize),
    matrix(`blk.${layer}.ffn_up`, hiddenSize, feedForwardSize),
    matrix(`blk.${layer}.ffn_down`, feedForwardSize, hiddenSize),
  ]);
  return [
    matrix('token_embd', hiddenSize, vocabulary),
    ...layers.flat(),
    gain('output_norm'),
    matrix('output', hiddenSize, vocabulary),
  ];
}

function header(config: LanguageModelConfig, tensors: readonly Tensor[]): Uint8Array {
  const bytes = new GgufBytes();
  const values: (readonly [string, 'uint32' | 'float32' | 'string', string | number])[] = [
    ['general.architecture', 'string', 'llama'],
    ['llama.context_length', 'uint32', config.maxPositions],
    ['llama.embedding_length', 'uint32', config.hiddenSize],
    ['llama.block_count', 'uint32', config.layers],
    ['llama.feed_forward_length', 'uint32', config.feedForwardSize],
    ['llama.rope.dimension_count', 'uint32', config.headDim],
    ['llama.attention.head_count', 'uint32', config.heads],
    ['llama.attention.head_count_kv', 'uint32', config.keyValueHeads],
    ['llama.attention.key_length', 'uint32', config.headDim],
    ['llama.attention.value_length', 'uint32', config.headDim],
    ['llama.attention.layer_norm_rms_epsilon', 'float32', config.normEpsilon],
    ['llama.vocab_size', 'uint32', config.numCodebooks * config.codebookSize],
    ['tokenizer.ggml.model', 'string', 'llama'],
  ];
  const tokens = vocabularyOf(config.numCodebooks * config.codebookSize);
  bytes.raw(Buffer.from('GGUF')).uint32(VERSION).uint64(tensors.length);
  bytes.uint64(values.length + 3);
  for (const [name, type, value] of values) {
    bytes.string(name).uint32(VALUE_TYPES[type]);
    if (typeof value === 'string') bytes.string(value);
    else if (type === 'uint32') bytes.uint32(value);
    else bytes.float32(value);
  }
  const array = (name: string, type: 'string' | 'float32' | 'int32'): GgufBytes =>
    bytes.string(name).uint32(VALUE_TYPES.array).uint32(VALUE_TYPES[type]).uint64(tokens.length);
  array('tokenizer.ggml.tokens', 'string');
  for (const { text } of tokens) bytes.string(text);
  array('tokenizer.ggml.scores', 'float32');
  bytes.raw(new Uint8Array(new Float32Array(tokens.length).buffer));
  array('tokenizer.ggml.token_type', 'int32');
  for (const { type } of tokens) bytes.uint32(TOKEN_TYPES[type]);
  let offset = 0;
  for (const tensor of tensors) {
    bytes.string(tensor.name).uint32(tensor.shape.length);
    for (const size of tensor.shape) bytes.uint64(size);
    bytes.uint32(TENSOR_TYPES[tensor.type]).uint64(offset);
    offset += Math.ceil(byteLength(tensor) / ALIGNMENT) * ALIGNMENT;
  }
  return bytes.all;
}

/** llama.cpp opens no model without words; what they are does not matter here. */
function vocabularyOf(count: number): { readonly text: string; readonly type: keyof typeof TOKEN_TYPES }[] {
  return Array.from({ length: count }, (_, id) => {
    const byte = id - CONTROL_TOKENS.length;
    if (byte < 0) return { text: CONTROL_TOKENS[id]!, type: id === 0 ? 'unknown' : 'control' };
    if (byte < 256) return { text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, type: 'byte' };
    return { text: `word${id}`, type: 'normal' };
  });
}

function byteLength({ shape, type }: Pick<Tensor, 'shape' | 'type'>): number {
  const count = shape.reduce((product, size) => product * size);
  return type === 'F32' ? count * Float32Array.BYTES_PER_ELEMENT : (count / BLOCK_WEIGHTS) * BLOCK_BYTES;
}

function randomBlocks(): Uint8Array {
  const rng = seededRng(1);
  const bytes = Buffer.alloc(PATTERN_BLOCKS * BLOCK_BYTES);
  for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.writeUInt32LE(Math.floor(rng() * 2 ** 32), at);
  for (let block = 0; block < PATTERN_BLOCKS; block++) bytes.writeUInt16LE(SCALE, block * BLOCK_BYTES);
  return bytes;
}

class GgufBytes {
  private readonly parts: Uint8Array[] = [];

  get all(): Uint8Array {
    return Buffer.concat(this.parts);
  }

  raw(bytes: Uint8Array): this {
    this.parts.push(bytes);
    return this;
  }

  uint32(value: number): this {
    return this.raw(new Uint8Array(Uint32Array.of(value).buffer));
  }

  uint64(value: number): this {
    return this.raw(new Uint8Array(BigUint64Array.of(BigInt(value)).buffer));
  }

  float32(value: number): this {
    return this.raw(new Uint8Array(Float32Array.of(value).buffer));
  }

  string(text: string): this {
    const bytes = Buffer.from(text);
    return this.uint64(bytes.length).raw(bytes);
  }
}
