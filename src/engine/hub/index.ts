/** Models from the hub, by plain HTTP, into the cache that other tools share. */
export type { Licence } from './licence.js';
export type { OnPull, PullEvent } from './pull-progress.js';
export { pullModel, type PulledModel, type PullOptions } from './pull.js';
export { CODEC_REPO, isPublishedModel, isRepoName, LANGUAGE_MODEL_REPO, MODEL_REPOS, withCodec } from './repo-name.js';
export type { Limits } from './retry.js';
export type { Environment } from './settings.js';
export { findInCache, resolveHubNames } from './snapshot.js';
