/** Names on the hub. Source: huggingface_hub's rules for repository ids. */
import { HiggsError } from '../errors.js';

/** The repositories that make up the published model: language model and codec. */
export const LANGUAGE_MODEL_REPO = 'bosonai/higgs-audio-v2-generation-3B-base';
export const CODEC_REPO = 'bosonai/higgs-audio-v2-tokenizer';
/** Names that lead to one repository by now: what was downloaded under one of them serves for all. The first is ours. */
const SAME: readonly (readonly string[])[] = [[LANGUAGE_MODEL_REPO, 'bosonai/higgs-tts-2-3b-base']];

/** All names of a repository, its own first. */
export function namesOf(repo: string): readonly string[] {
  const group = SAME.find((names) => names.some((name) => name.toLowerCase() === repo.toLowerCase())) ?? [];
  return [...new Set([repo, ...group])];
}

/** Whether this is the published language model, by any of its names. */
export function isPublishedModel(repo: string): boolean {
  return namesOf(repo).includes(LANGUAGE_MODEL_REPO);
}

/** `repos`, and the codec's where the published language model is among them without it: it speaks with no other. */
export function withCodec(repos: readonly string[]): readonly string[] {
  return repos.some(isPublishedModel) && !repos.includes(CODEC_REPO) ? [...repos, CODEC_REPO] : repos;
}

export const MODEL_REPOS: readonly string[] = [LANGUAGE_MODEL_REPO, CODEC_REPO];

const MAX_LENGTH = 96;
const COMMIT = /^[0-9a-f]{40}$/;

/** True for `owner/name`. A relative path of two folders looks the same, so look for a folder first. */
export function isRepoName(text: string): boolean {
  return text.length <= MAX_LENGTH && /^\w[\w.-]*\/\w[\w.-]*$/.test(text) && !/--|\.\.|\.git$|[.-](?:\/|$)/.test(text);
}

export function checkRepoName(text: string): string {
  if (isRepoName(text)) return text;
  throw new HiggsError('HIGGS_OPTION_INVALID', `The repository is "${text}"; it takes OWNER/NAME.`);
}

/** A branch, a tag or a commit; it becomes a file's path in the cache. */
export function checkRevision(text: string): string {
  const parts = text.split('/');
  if (parts.every((part) => /^[\w.+@-]+$/.test(part) && !/^\.+$/.test(part))) return text;
  throw new HiggsError('HIGGS_OPTION_INVALID', `The revision is "${text}"; it takes a branch, a tag or a commit.`);
}

export function isCommit(text: string): boolean {
  return COMMIT.test(text);
}

/** The name of a model's folder in the cache. */
export function repoFolder(repo: string): string {
  return `models--${repo.replace('/', '--')}`;
}
