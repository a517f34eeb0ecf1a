/** Where a checkpoint's two halves lie. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { HiggsError } from '../errors.js';
import { isCodecDir } from './codec-config.js';
import { isLanguageModelDir } from './language-model-config.js';

export interface ModelFolders {
  /** Holds the language model's config.json, weights and tokenizer. */
  readonly modelDir: string;
  /** Holds the codec's config.json and weights. */
  readonly codecDir: string;
}

/**
 * Finds the language model in `model` or `model/model`, and the codec in `codec`, in `codec` or `model` (as a folder
 * named codec), or in a folder beside the language model, as two downloads of one publisher lie.
 * Throws HIGGS_CHECKPOINT_MISSING naming the folders that were looked at.
 */
export async function resolveModelFolders(model: string, codec?: string): Promise<ModelFolders> {
  const modelPlaces = [model, path.join(model, 'model')];
  const modelDir = await firstWhere(modelPlaces, isLanguageModelDir);
  if (modelDir === undefined) throw missing('language model', modelPlaces);
  const codecPlaces =
    codec === undefined
      ? [path.join(model, 'codec'), path.join(modelDir, 'codec'), ...(await foldersBeside(modelDir))]
      : [codec, path.join(codec, 'codec')];
  const codecDir = await firstWhere(codecPlaces, isCodecDir);
  if (codecDir === undefined) throw missing('codec', codecPlaces);
  return { modelDir, codecDir };
}

async function foldersBeside(dir: string): Promise<string[]> {
  const parent = path.dirname(path.resolve(dir));
  const names = await readdir(parent, { withFileTypes: true }).catch(() => []);
  // A parent may hold thousands of folders that have nothing to do with this one.
  return names
    .filter((entry) => !entry.isFile() && /codec|tokenizer/i.test(entry.name))
    .map((entry) => path.join(parent, entry.name))
    .sort();
}

async function firstWhere(
  dirs: readonly string[],
  holds: (dir: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const dir of dirs) if (await holds(dir)) return dir;
  return undefined;
}

function missing(what: string, places: readonly string[]): HiggsError {
  return new HiggsError(
    'HIGGS_CHECKPOINT_MISSING',
    `No config.json of a Higgs Audio v2 ${what} was found in ${[...new Set(places)].join(', ')}.`,
  );
}
