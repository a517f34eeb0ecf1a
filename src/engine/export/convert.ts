/** A folder that holds both halves of a model, ready to be used: nothing is left to convert at the first start. */
import { copyFile, cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { absolutePath } from '../absolute-path.js';
import { resolveModelFolders } from '../checkpoint/folders.js';
import { HiggsError } from '../errors.js';
import { resolveHubNames } from '../hub/index.js';
import type { WeightBits } from '../options.js';
import type { OnProgress } from '../progress.js';
import { onDisk } from '../disk-errors.js';
import { syncTree } from '../output-file.js';
import { CONVERTED_FOLDER, writeLanguageModel } from './language-model.js';

/** Beside the weights, a checkpoint's folder holds small files: configs, tokenizer, chat template, licence. */
const WEIGHTS = /\.(?:safetensors|safetensors\.index\.json|bin|pth|pt|gguf|onnx|data)$/i;

const COPY = { recursive: true, dereference: true };

export interface ConvertOptions {
  /** A folder, or a name on the hub that was downloaded before. */
  readonly model: string;
  readonly codec?: string | undefined;
  /** A folder that does not exist yet, or is empty. */
  readonly outDir: string;
  readonly bits: WeightBits;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes `outDir/model` (configs, tokenizer, graph and weights of `bits`, without the checkpoint's own weights) and
 * `outDir/codec` (a copy). The result is used like any model's folder. Throws HIGGS_CHECKPOINT_MISSING,
 * HIGGS_CHECKPOINT_BROKEN, HIGGS_CHECKPOINT_UNSUPPORTED, HIGGS_OUTPUT_UNWRITABLE, HIGGS_DISK_FULL, HIGGS_ABORTED;
 * nothing is left in `outDir` then.
 */
export async function convertCheckpoint(options: ConvertOptions): Promise<void> {
  const { model, codec, outDir, signal } = options;
  const named = await resolveHubNames(model, codec);
  const folders = await resolveModelFolders(named.model, named.codec);
  if (await isTaken(outDir)) throw new HiggsError('HIGGS_OUTPUT_UNWRITABLE', `The folder ${outDir} is not empty.`);
  try {
    const temporary = `${absolutePath(outDir)}.tmp-${process.pid}`;
    await onDisk(temporary, () => mkdir(temporary, { recursive: true }));
    try {
      await writeModel(folders.modelDir, path.join(temporary, 'model'), options);
      await onDisk(temporary, () => cp(folders.codecDir, path.join(temporary, 'codec'), COPY));
      if (signal?.aborted === true) throw new HiggsError('HIGGS_ABORTED', 'The conversion was stopped.');
      await onDisk(outDir, () => rm(outDir, { recursive: true, force: true }));
      await onDisk(temporary, () => syncTree(temporary));
      await onDisk(outDir, () => rename(temporary, outDir));
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (error) {
    if (!(error instanceof HiggsError) || error.code !== 'HIGGS_CACHE_UNWRITABLE') throw error;
    throw new HiggsError('HIGGS_OUTPUT_UNWRITABLE', `The folder ${outDir} cannot be written.`, { cause: error });
  }
}

async function writeModel(modelDir: string, outDir: string, options: ConvertOptions): Promise<void> {
  const converted = path.join(outDir, CONVERTED_FOLDER);
  await onDisk(outDir, () => mkdir(converted, { recursive: true }));
  for (const entry of await readdir(modelDir, { withFileTypes: true })) {
    if (entry.isDirectory() || WEIGHTS.test(entry.name)) continue;
    await onDisk(outDir, () => copyFile(path.join(modelDir, entry.name), path.join(outDir, entry.name)));
  }
  await writeLanguageModel({ ...options, modelDir }, converted);
}

async function isTaken(dir: string): Promise<boolean> {
  const found = await stat(dir).catch(() => undefined);
  return found !== undefined && (!found.isDirectory() || (await readdir(dir)).length > 0);
}
