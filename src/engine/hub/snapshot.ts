/** Which folders of the cache hold a whole model. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { HiggsError } from '../errors.js';
import { lengthOf } from './disk.js';
import { CODEC_REPO, isCommit, isRepoName, namesOf, repoFolder } from './repo-name.js';
import { hubSettings, type Environment } from './settings.js';

/**
 * The snapshot folder of `repo` (`owner/name`, or another name of the same) in the cache that HF_HOME and its kin name, whoever downloaded it;
 * undefined where there is none, or where one of its weight files is missing.
 */
export async function findInCache(
  repo: string,
  env: Environment = process.env,
  revision = 'main',
): Promise<string | undefined> {
  for (const name of namesOf(repo)) {
    const found = await findSnapshot(path.join(hubSettings(env).cacheDir, repoFolder(name)), revision);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function findSnapshot(folder: string, revision: string): Promise<string | undefined> {
  const commit = isCommit(revision)
    ? revision
    : (await readFile(path.join(folder, 'refs', revision), 'utf8').catch(() => '')).trim();
  const snapshot = path.join(folder, 'snapshots', commit);
  return isCommit(commit) && (await isWhole(snapshot)) ? snapshot : undefined;
}

/**
 * `model` and `codec` as folders: names on the hub become their snapshots in the cache, folders stay as they are. The
 * published language model brings the published codec with it. Throws HIGGS_CHECKPOINT_MISSING, naming the command that
 * downloads what is not there.
 */
export async function resolveHubNames(
  model: string,
  codec?: string,
  env: Environment = process.env,
): Promise<{ readonly model: string; readonly codec?: string }> {
  const modelDir = await resolveName(model, env);
  if (codec !== undefined) return { model: modelDir, codec: await resolveName(codec, env) };
  const hasCodec = modelDir === model || (await isFile(path.join(modelDir, 'codec', 'config.json')));
  return hasCodec ? { model: modelDir } : { model: modelDir, codec: await resolveName(CODEC_REPO, env) };
}

async function resolveName(text: string, env: Environment): Promise<string> {
  const there = await stat(text).catch(() => undefined);
  if (there !== undefined || !isRepoName(text)) return text;
  const snapshot = await findInCache(text, env);
  if (snapshot !== undefined) return snapshot;
  const { cacheDir } = hubSettings(env);
  throw new HiggsError(
    'HIGGS_CHECKPOINT_MISSING',
    `There is no folder "${text}", and no whole download of that name in ${cacheDir} (higgs-tts pull ${text}).`,
  );
}

/** A checkpoint's own folder, or one that holds `model/`, `codec/` or both. */
async function isWhole(dir: string): Promise<boolean> {
  const places = [dir, path.join(dir, 'model'), path.join(dir, 'codec')];
  const checkpoints: string[] = [];
  for (const place of places) if (await isFile(path.join(place, 'config.json'))) checkpoints.push(place);
  if (checkpoints.length === 0) return false;
  const whole = await Promise.all(checkpoints.map(hasWeights));
  return whole.every(Boolean);
}

async function hasWeights(dir: string): Promise<boolean> {
  if (await isFile(path.join(dir, 'model.safetensors'))) return true;
  const index = await readFile(path.join(dir, 'model.safetensors.index.json'), 'utf8').catch(() => undefined);
  if (index === undefined) return false;
  const shards = await Promise.all(shardNames(index).map((name) => isFile(path.join(dir, name))));
  return shards.length > 0 && shards.every(Boolean);
}

function shardNames(index: string): string[] {
  try {
    const { weight_map: shards } = JSON.parse(index) as { weight_map?: Readonly<Record<string, string>> };
    return [...new Set(Object.values(shards ?? {}))];
  } catch {
    return [];
  }
}

async function isFile(file: string): Promise<boolean> {
  return (await lengthOf(file)) !== undefined;
}
