/** What a model takes where a node's fields are left empty, for the editor to show. */
import path from 'node:path';
import { PUBLISHED_SAMPLING, type SamplingValues } from '../../../src/engine/index.js';
import {
  EMBEDDED_DIR,
  findInCache,
  isPublishedModel,
  isRepoName,
  readSamplingValues,
} from '../../../src/engine/package-api.js';
import { shareForEditor } from '../../common/engine-settings.js';
import type { NodeAPI } from '../../common/node-red.js';
import { answered } from './answer.js';

/**
 *     GET /higgs-tts/sampling?model=embedded   the embedded model
 *     GET /higgs-tts/sampling?repo=…           a repository's, downloaded or not
 *     GET /higgs-tts/sampling?engine=…         a deployed engine's, by its node's id
 *
 * The answer is null where nobody here can tell: a folder that is not there, a repository that was not downloaded.
 */
export function serveSampling(red: NodeAPI): void {
  red.httpAdmin.get(
    '/higgs-tts/sampling',
    red.auth.needsPermission('higgs-tts.read'),
    answered(async ({ query: { repo, engine } }, response) => {
      const found =
        typeof engine === 'string' ? ofEngine(red, engine) : ofModel(typeof repo === 'string' ? repo : 'embedded');
      response.json((await found) ?? null);
    }),
  );
}

async function ofEngine(red: NodeAPI, id: string): Promise<SamplingValues | undefined> {
  const { model, sampling } = await shareForEditor(red, id).ask((engine) => Promise.resolve(engine.info()));
  return sampling ?? (await ofModel(model));
}

/** `embedded`, a repository's name or a folder. */
async function ofModel(model: string): Promise<SamplingValues | undefined> {
  if (model === 'embedded') return await readSamplingValues(EMBEDDED_DIR);
  if (path.isAbsolute(model)) return await readSamplingValues(model);
  const dir = isRepoName(model) ? await findInCache(model) : undefined;
  if (dir !== undefined) return await readSamplingValues(dir);
  return isPublishedModel(model) ? PUBLISHED_SAMPLING : undefined;
}
