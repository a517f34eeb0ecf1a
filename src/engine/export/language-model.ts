/** The language model's files, made from its checkpoint once: the graph, its weights, both embedding tables. */
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readLanguageModelConfig } from '../checkpoint/language-model-config.js';
import {
  AUDIO_EMBEDDING,
  AUDIO_HEAD,
  openLanguageModelTensors,
  TEXT_EMBEDDING,
} from '../checkpoint/language-model-tensors.js';
import type { FloatType } from '../checkpoint/floats.js';
import { BYTES_PER_ELEMENT, isFloatType } from '../checkpoint/floats.js';
import type { LanguageModelConfig, TensorSource } from '../checkpoint/types.js';
import { HiggsError, systemCode } from '../errors.js';
import type { WeightBits } from '../options.js';
import type { OnProgress } from '../progress.js';
import { buildAlignment } from './alignment-graph.js';
import { cacheEntry } from './cache.js';
import { onDisk } from '../disk-errors.js';
import { AUDIO_ON_GPU, buildLanguageModel, CACHE_IN_8_BITS, ON_GPU, TEXT_ON_GPU } from './language-model-graph.js';
import { storedHeadDim } from './head-padding.js';
import { modelFileName, writeOnnxModel } from './onnx-writer.js';
import type { WeightFormat } from './projection.js';
import { findDamage, sealFolder, sealKey } from './seal.js';

/** Where a converted checkpoint keeps the files of {@link writeLanguageModel}: beside its config and tokenizer. */
export const CONVERTED_FOLDER = 'onnx';
const GRAPH = 'language-model';
const ALIGNMENT = 'alignment';
const MANIFEST = 'language-model.json';
/** Goes up when a manifest can no longer be read as before. */
const MANIFEST_VERSION = 5;

/** A model of fewer weights is quick in 8 bits, which lose nothing that can be told (docs/quality.md). */
const FEWEST_WEIGHTS_FOR_4_BITS = 100e6;
/** Fewer weights a scale are more exact; on rows this short the larger block's speed counts for nothing. */
const SMALL_BLOCK = 32;
const LARGE_BLOCK = 128;
const SMALL_ROW = 1024;

/** Angles are made for so many, or for as many as are asked for: 5 minutes. Boson's own server keeps as many. */
const USUAL_POSITIONS = 8192;
const ROWS_A_READ = 1024;

/** An embedding table: [rows, columns] of `type`, row-major, little-endian, nothing else in the file. */
export interface EmbeddingFile {
  readonly file: string;
  readonly type: FloatType;
  readonly rows: number;
  readonly columns: number;
}

export interface LanguageModelFiles {
  /** Other for other weights, other bits and another exporter. */
  readonly key: string;
  /** As the graph has it: heads have the stored size. */
  readonly config: LanguageModelConfig;
  /** For pasts in memory, in float32. */
  readonly graphFile: string;
  /** For pasts in memory, in int8. */
  readonly cache8GraphFile: string;
  /** For pasts on a GPU: one for both kinds of runs, and one for each. */
  readonly gpuGraphFile: string;
  readonly gpuTextGraphFile: string;
  readonly gpuAudioGraphFile: string;
  /** What the alignment heads look at; left out: the checkpoint has none. */
  readonly alignmentGraphFile?: string;
  readonly textTable: EmbeddingFile;
  readonly audioTable: EmbeddingFile;
  readonly bits: WeightBits;
  /** Of a context, at most. */
  readonly maxPositions: number;
}

export interface ExportOptions {
  /** Holds config.json and the weights. */
  readonly modelDir: string;
  /** Left out: 8 for small models, 4 for large ones. */
  readonly bits?: WeightBits | undefined;
  /** Positions of a context, at most; left out: 8192. */
  readonly contextPositions?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Manifest {
  readonly version: number;
  readonly bits: WeightBits;
  readonly maxPositions: number;
  readonly textTable: EmbeddingFile;
  readonly audioTable: EmbeddingFile;
  /** Whether the graph of the alignment heads is there too; left out: no. */
  readonly alignment?: boolean;
}

/**
 * The files for the model in `modelDir`: its own where it was converted to these bits (or none are asked for), else
 * those of the cache, made where they are not there yet.
 * Throws HIGGS_CHECKPOINT_MISSING, HIGGS_CHECKPOINT_BROKEN, HIGGS_CHECKPOINT_UNSUPPORTED, HIGGS_CACHE_UNWRITABLE,
 * HIGGS_DISK_FULL, HIGGS_ABORTED.
 */
export async function exportLanguageModel(
  options: ExportOptions & { readonly cacheDir: string },
): Promise<LanguageModelFiles> {
  const { modelDir, cacheDir } = options;
  const config = await readLanguageModelConfig(modelDir);
  const converted = await readManifest(path.join(modelDir, CONVERTED_FOLDER));
  if (converted !== undefined && (options.bits ?? converted.bits) === converted.bits) {
    const dir = path.join(modelDir, CONVERTED_FOLDER);
    const damage = await findDamage(dir);
    if (damage === undefined) return locate(config, converted, dir, await sealKey(dir), options);
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The converted model in ${dir} is damaged: ${damage}.`);
  }
  const bits = options.bits ?? defaultBits(config);
  const tensors = await openLanguageModelTensors(modelDir, config).catch((error: unknown) => {
    const known = HiggsError.from(error);
    if (converted === undefined || known.code !== 'HIGGS_CHECKPOINT_MISSING') throw error;
    const what = `The model in ${modelDir} was converted to ${converted.bits} bits; weights of ${bits} are not there.`;
    throw new HiggsError('HIGGS_CHECKPOINT_MISSING', what, { cause: error });
  });
  try {
    const positions = tablePositions(config, options.contextPositions);
    const key = { checkpoint: await tensors.fingerprint(), config: JSON.stringify(config), bits, positions };
    const entry = await cacheEntry(cacheDir, GRAPH, key, (dir) => writeFiles(config, tensors, dir, bits, options));
    return locate(config, (await readManifest(entry))!, entry, path.basename(entry), options);
  } finally {
    await tensors.close();
  }
}

/**
 * Writes the files for the model in `modelDir` into `dir`, which must exist. Throws as {@link exportLanguageModel};
 * half-written files stay then.
 */
export async function writeLanguageModel(options: ExportOptions, dir: string): Promise<void> {
  const config = await readLanguageModelConfig(options.modelDir);
  const tensors = await openLanguageModelTensors(options.modelDir, config);
  try {
    await writeFiles(config, tensors, dir, options.bits ?? defaultBits(config), options);
    await sealFolder(dir);
  } finally {
    await tensors.close();
  }
}

export interface MadeModelOptions {
  readonly config: LanguageModelConfig;
  readonly tensors: TensorSource;
  readonly bits: WeightBits;
  /** Weights for which this gives the same are stored once, as the first of them. */
  readonly storedAs: (name: string, byteLength: number) => string;
}

/** As {@link writeLanguageModel}, of tensors that lie in no checkpoint. */
export async function writeMadeLanguageModel(
  { config, tensors, bits, storedAs }: MadeModelOptions,
  dir: string,
): Promise<void> {
  await writeFiles(config, tensors, dir, bits, { storedAs });
  await sealFolder(dir);
}

async function writeFiles(
  config: LanguageModelConfig,
  tensors: TensorSource,
  dir: string,
  bits: WeightBits,
  options: Omit<ExportOptions, 'modelDir'> & Partial<Pick<MadeModelOptions, 'storedAs'>>,
): Promise<void> {
  const { onProgress, signal, storedAs } = options;
  const progress = new ExportProgress(expectedBytes(config, bits), onProgress);
  const onBytes = progress.add.bind(progress);
  const maxPositions = tablePositions(config, options.contextPositions);
  const textTable = await writeTable(tensors, TEXT_EMBEDDING, dir, 'text-embedding.bin', { onBytes, signal });
  const audioTable = await writeTable(tensors, AUDIO_EMBEDDING, dir, 'audio-embedding.bin', { onBytes, signal });
  const graphOptions = { formatOf: weightFormats(config, bits), maxPositions };
  await writeOnnxModel({ dir, name: GRAPH, signal, onBytes, storedAs }, (graph) =>
    buildLanguageModel(graph, config, tensors, graphOptions),
  );
  const alignment = config.alignmentHeads !== undefined;
  if (alignment) {
    await writeOnnxModel({ dir, name: ALIGNMENT, signal, onBytes }, (graph) =>
      buildAlignment(graph, config, tensors, graphOptions),
    );
  }
  const manifest: Manifest = {
    version: MANIFEST_VERSION,
    ...{ bits, maxPositions, textTable, audioTable },
    ...(alignment ? { alignment } : {}),
  };
  await onDisk(dir, () => writeFile(path.join(dir, MANIFEST), JSON.stringify(manifest, undefined, 1)));
}

async function readManifest(dir: string): Promise<Manifest | undefined> {
  const file = path.join(dir, MANIFEST);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The file ${file} cannot be read.`, { cause: error });
  }
  let manifest: Partial<Manifest> | null;
  try {
    manifest = JSON.parse(text) as Partial<Manifest> | null;
  } catch (error) {
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The file ${file} is not JSON.`, { cause: error });
  }
  if (manifest?.version !== MANIFEST_VERSION) {
    throw new HiggsError('HIGGS_CHECKPOINT_UNSUPPORTED', `The file ${file} was written by another version.`);
  }
  return manifest as Manifest;
}

/**
 * Positions that there are angles for. The config's `max_position_embeddings` is no limit (the published one's is a class's default,
 * and the reference goes beyond it), unless the rotary embedding would change there.
 */
function tablePositions({ rope, maxPositions }: LanguageModelConfig, wanted = USUAL_POSITIONS): number {
  return rope.type === 'dynamic' ? Math.min(maxPositions, USUAL_POSITIONS) : Math.max(wanted, USUAL_POSITIONS);
}

function locate(
  config: LanguageModelConfig,
  manifest: Manifest,
  dir: string,
  key: string,
  { contextPositions = USUAL_POSITIONS }: ExportOptions,
): LanguageModelFiles {
  const inDir = (table: EmbeddingFile): EmbeddingFile => ({ ...table, file: path.join(dir, table.file) });
  return {
    key,
    config: { ...config, headDim: storedHeadDim(config) },
    graphFile: path.join(dir, modelFileName(GRAPH)),
    cache8GraphFile: path.join(dir, modelFileName(GRAPH, CACHE_IN_8_BITS)),
    gpuGraphFile: path.join(dir, modelFileName(GRAPH, ON_GPU)),
    gpuTextGraphFile: path.join(dir, modelFileName(GRAPH, TEXT_ON_GPU)),
    gpuAudioGraphFile: path.join(dir, modelFileName(GRAPH, AUDIO_ON_GPU)),
    ...(manifest.alignment === true ? { alignmentGraphFile: path.join(dir, modelFileName(ALIGNMENT)) } : {}),
    textTable: inDir(manifest.textTable),
    audioTable: inDir(manifest.audioTable),
    bits: manifest.bits,
    maxPositions: Math.min(manifest.maxPositions, contextPositions),
  };
}

/** A table as the checkpoint has it, bfloat16 staying bfloat16. */
async function writeTable(
  tensors: TensorSource,
  name: string,
  dir: string,
  file: string,
  { onBytes, signal }: { onBytes: (byteLength: number) => void; signal: AbortSignal | undefined },
): Promise<EmbeddingFile> {
  const { type, shape } = tensors.entries.get(name)!;
  const [rows, columns] = shape as [number, number];
  if (!isFloatType(type)) {
    const what = `The tensor "${name}" of ${tensors.locate(name)} holds ${type}, not floating-point numbers.`;
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', what);
  }
  async function* blocks(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < rows; from += ROWS_A_READ) {
      if (signal?.aborted === true) throw new HiggsError('HIGGS_ABORTED', 'The export was stopped.');
      const block = await tensors.readBytes(name, from, Math.min(from + ROWS_A_READ, rows));
      onBytes(block.byteLength);
      yield block;
    }
  }
  await onDisk(dir, () => pipeline(Readable.from(blocks()), createWriteStream(path.join(dir, file))));
  return { file, type, rows, columns };
}

function blockSizeOf({ hiddenSize }: LanguageModelConfig): number {
  return hiddenSize <= SMALL_ROW ? SMALL_BLOCK : LARGE_BLOCK;
}

/** Each product's format, by its name in the graph; which ones 4 bits leave in 8 was measured (docs/quality.md). */
export function weightFormats(config: LanguageModelConfig, bits: WeightBits): (product: string) => WeightFormat {
  if (bits === 32) return () => undefined;
  const blockSize = blockSizeOf(config);
  return (product) => ({ bits: isSensitive(product, config) ? 8 : bits, blockSize, accuracyLevel: 4 });
}

/** The head, and all of the first and the last layer but the text's FFN, which speaks through keys and values alone. */
function isSensitive(product: string, { layers }: LanguageModelConfig): boolean {
  if (product === AUDIO_HEAD) return true;
  const [, layer, part] = /layers\.(\d+)\.(\w+)/.exec(product) ?? [];
  return (layer === '0' || layer === String(layers - 1)) && part !== 'mlp';
}

function defaultBits(config: LanguageModelConfig): WeightBits {
  return projectionWeights(config) < FEWEST_WEIGHTS_FOR_4_BITS ? 8 : 4;
}

/** Weights of a layer's matrices; the text and the audio have an FFN of that size each. */
function layerWeights({ hiddenSize, heads, keyValueHeads, headDim, feedForwardSize }: LanguageModelConfig): {
  readonly attention: number;
  readonly feedForward: number;
} {
  return {
    attention: hiddenSize * headDim * (2 * heads + 2 * keyValueHeads),
    feedForward: 3 * hiddenSize * feedForwardSize,
  };
}

function projectionWeights(config: LanguageModelConfig): number {
  const { attention, feedForward } = layerWeights(config);
  return config.layers * (attention + 2 * feedForward);
}

/** About as many bytes as will be written. */
function expectedBytes(config: LanguageModelConfig, bits: WeightBits): number {
  const { attention, feedForward } = layerWeights(config);
  const audioRows = config.numCodebooks * config.codebookSize;
  const tables = (config.vocabularySize + audioRows) * config.hiddenSize * BYTES_PER_ELEMENT.BF16;
  const head = audioRows * config.hiddenSize;
  const all = head + projectionWeights(config);
  const sensitive = head + Math.min(2, config.layers) * (attention + feedForward);
  const scales = bits === 32 ? 0 : (all / blockSizeOf(config)) * BYTES_PER_ELEMENT.F32;
  return tables + scales + (all * bits + sensitive * (Math.max(bits, 8) - bits)) / 8;
}

/** Tells of bytes written a few times a second, never of more than were expected. */
class ExportProgress {
  private static readonly INTERVAL_MS = 200;
  private bytesDone = 0;
  private toldAt = -Infinity;

  constructor(
    private readonly bytesTotal: number,
    private readonly onProgress: OnProgress | undefined,
  ) {}

  add(byteLength: number): void {
    this.bytesDone = Math.min(this.bytesDone + byteLength, this.bytesTotal);
    if (performance.now() - this.toldAt < ExportProgress.INTERVAL_MS) return;
    this.toldAt = performance.now();
    this.onProgress?.({ phase: 'converting', bytesDone: this.bytesDone, bytesTotal: this.bytesTotal });
  }
}
