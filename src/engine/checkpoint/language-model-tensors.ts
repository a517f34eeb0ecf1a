/** A language model's tensors under one set of names, whatever the checkpoint's layout. */
import { HiggsError } from '../errors.js';
import { openTensors } from './safetensors.js';
import type { LanguageModelConfig, TensorEntry, TensorSource } from './types.js';

export const TEXT_EMBEDDING = 'model.embed_tokens.weight';
export const AUDIO_EMBEDDING = 'model.embed_audio_tokens.embed_audio_tokens.weight';
export const AUDIO_HEAD = 'audio_lm_head.weight';
export const FINAL_NORM = 'model.norm.weight';

/** Original names to converted ones; what is in neither list keeps its name. */
const RENAMED: readonly (readonly [RegExp, string])[] = [
  [/^audio_codebook_embeddings\./, 'model.embed_audio_tokens.embed_audio_tokens.'],
  [/^audio_decoder_proj\.(audio|text)_lm_head\./, '$1_lm_head.'],
  [/^(?=layers\.|norm\.|embed_tokens\.)/, 'model.'],
];
/** A table that was trained in part is saved as two, one below the other. */
const STACKED = /\.(?:embedding|linear)_(frozen|trainable)\.weight$/;

/** The converted layout's name of a tensor, and which part of it this is. */
export function canonicalName(name: string): {
  readonly name: string;
  readonly part: 'whole' | 'frozen' | 'trainable';
} {
  const renamed = RENAMED.reduce((current, [from, to]) => current.replace(from, to), name);
  const part = STACKED.exec(renamed)?.[1];
  if (part === undefined) return { name: renamed, part: 'whole' };
  return { name: renamed.replace(STACKED, '.weight'), part: part === 'frozen' ? 'frozen' : 'trainable' };
}

/** Every tensor that the network needs, with its shape. */
export function requiredTensors(config: LanguageModelConfig): ReadonlyMap<string, readonly number[]> {
  const { hiddenSize: hidden, feedForwardSize: inner, headDim } = config;
  const audioRows = config.numCodebooks * config.codebookSize;
  const shapes = new Map<string, readonly number[]>([
    [TEXT_EMBEDDING, [config.vocabularySize, hidden]],
    [AUDIO_EMBEDDING, [audioRows, hidden]],
    [AUDIO_HEAD, [audioRows, hidden]],
    [FINAL_NORM, [hidden]],
  ]);
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `model.layers.${layer}`;
    for (const kind of ['', 'audio_']) {
      shapes.set(`${at}.${kind}input_layernorm.weight`, [hidden]);
      shapes.set(`${at}.${kind}post_attention_layernorm.weight`, [hidden]);
      shapes.set(`${at}.${kind}mlp.gate_proj.weight`, [inner, hidden]);
      shapes.set(`${at}.${kind}mlp.up_proj.weight`, [inner, hidden]);
      shapes.set(`${at}.${kind}mlp.down_proj.weight`, [hidden, inner]);
    }
    shapes.set(`${at}.self_attn.q_proj.weight`, [config.heads * headDim, hidden]);
    shapes.set(`${at}.self_attn.k_proj.weight`, [config.keyValueHeads * headDim, hidden]);
    shapes.set(`${at}.self_attn.v_proj.weight`, [config.keyValueHeads * headDim, hidden]);
    shapes.set(`${at}.self_attn.o_proj.weight`, [hidden, config.heads * headDim]);
  }
  return shapes;
}

/**
 * Opens a language model's tensors under the converted layout's names, stacked tables joined.
 * Throws what `openTensors` throws, and HIGGS_CHECKPOINT_BROKEN where a tensor is missing or of another shape.
 */
export async function openLanguageModelTensors(dir: string, config: LanguageModelConfig): Promise<TensorSource> {
  const files = await openTensors(dir);
  try {
    const tensors = new NamedTensors(files);
    for (const [name, shape] of requiredTensors(config)) {
      const found = tensors.entries.get(name);
      if (found === undefined) throw broken(dir, `the tensor "${name}" is missing`);
      if (found.shape.join() !== shape.join()) {
        const shapes = `the shape [${found.shape.join(', ')}], its config asks for [${shape.join(', ')}]`;
        throw broken(tensors.locate(name), `the tensor "${name}" has ${shapes}`);
      }
    }
    return tensors;
  } catch (error) {
    await files.close();
    throw error;
  }
}

class NamedTensors implements TensorSource {
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /** Our name to the files' entries, in order of rows. */
  private readonly parts = new Map<string, TensorEntry[]>();

  constructor(private readonly files: TensorSource) {
    for (const entry of files.entries.values()) {
      const { name, part } = canonicalName(entry.name);
      const parts = this.parts.get(name) ?? [];
      if (part === 'frozen') parts.unshift(entry);
      else parts.push(entry);
      this.parts.set(name, parts);
    }
    this.entries = new Map([...this.parts].map(([name, parts]) => [name, joinedEntry(name, parts)]));
  }

  locate(name: string): string {
    return this.files.locate(this.parts.get(name)?.[0]?.name ?? name);
  }

  async readFloat32(name: string, fromRow?: number, toRow?: number): Promise<Float32Array> {
    const pieces = await this.readPieces(name, fromRow, toRow, (part, from, to) =>
      this.files.readFloat32(part.name, from, to),
    );
    if (pieces.length === 1) return pieces[0]!;
    const joined = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  }

  async readBytes(name: string, fromRow?: number, toRow?: number): Promise<Uint8Array> {
    const type = this.entries.get(name)?.type;
    const pieces = await this.readPieces(name, fromRow, toRow, async (part, from, to) => {
      if (part.type === type) return await this.files.readBytes(part.name, from, to);
      const numbers = await this.files.readFloat32(part.name, from, to);
      return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    });
    return pieces.length === 1 ? pieces[0]! : new Uint8Array(Buffer.concat(pieces));
  }

  fingerprint(): Promise<string> {
    return this.files.fingerprint();
  }

  close(): Promise<void> {
    return this.files.close();
  }

  /** What `read` gives for each part that rows [fromRow, toRow) touch. */
  private async readPieces<T>(
    name: string,
    fromRow: number | undefined,
    toRow: number | undefined,
    read: (part: TensorEntry, from: number, to: number) => Promise<T>,
  ): Promise<T[]> {
    const parts = this.parts.get(name);
    if (parts === undefined) throw broken(this.files.locate(name), `the tensor "${name}" is missing`);
    const from = fromRow ?? 0;
    const to = toRow ?? parts.reduce((rows, part) => rows + (part.shape[0] ?? 1), 0);
    const pieces: T[] = [];
    let start = 0;
    for (const part of parts) {
      const end = start + (part.shape[0] ?? 1);
      if (from < end && to > start) {
        pieces.push(await read(part, Math.max(from, start) - start, Math.min(to, end) - start));
      }
      start = end;
    }
    return pieces;
  }
}

/** Parts of different types are read as float32. */
function joinedEntry(name: string, parts: readonly TensorEntry[]): TensorEntry {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return { ...first!, name };
  const rows = parts.reduce((sum, part) => sum + (part.shape[0] ?? 0), 0);
  const sameType = parts.every((part) => part.type === first.type);
  return { name, type: sameType ? first.type : 'F32', shape: [rows, ...first.shape.slice(1)] };
}

function broken(where: string, why: string): HiggsError {
  return new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The checkpoint ${where} is broken: ${why}.`);
}
