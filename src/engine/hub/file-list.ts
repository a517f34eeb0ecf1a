/** What a repository holds, as the hub's JSON tells it, and which of its files are needed. */
import { HiggsError } from '../errors.js';
import { isCommit } from './repo-name.js';

/** One file at one commit. */
export interface HubFile {
  /** In the repository, with `/`. */
  readonly path: string;
  readonly byteLength: number;
  /** Its name among the cache's blobs and its checksum: sha256 (64 hex digits) of large files, git's sha1 (40) of others. */
  readonly etag: string;
}

/** A file whose size and checksum a mirror may have left out. */
export type ListedFile = Pick<HubFile, 'path'> & Partial<HubFile>;

export interface Listing {
  readonly commit: string;
  readonly files: readonly ListedFile[];
  readonly licenceName?: string;
  /** An address, or a file in the repository. */
  readonly licenceLink?: string;
}

const ETAG = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function isChecksum(etag: string): boolean {
  return ETAG.test(etag);
}

/** Reads the answer of `/api/models/REPO/revision/REV?blobs=true`. Throws HIGGS_HUB_UNREACHABLE where it is none. */
export function parseListing(text: string, where: string): Listing {
  const info = parseObject(text);
  const commit = info?.sha;
  const siblings = info?.siblings;
  if (typeof commit !== 'string' || !isCommit(commit) || !Array.isArray(siblings)) {
    throw new HiggsError('HIGGS_HUB_UNREACHABLE', `The answer of ${where} is not a model's file list.`);
  }
  const card = asObject(info?.cardData);
  const licenceName = firstText(card?.license_name, card?.license);
  const licenceLink = firstText(card?.license_link);
  return {
    commit,
    files: siblings.map(asObject).flatMap((sibling) => (sibling === undefined ? [] : listedFile(sibling))),
    ...(licenceName === undefined ? {} : { licenceName }),
    ...(licenceLink === undefined ? {} : { licenceLink }),
  };
}

/** The blob id of a large file is that of its pointer; its own checksum is `lfs.sha256`. */
function listedFile(sibling: Readonly<Record<string, unknown>>): ListedFile[] {
  const path = sibling.rfilename;
  if (typeof path !== 'string') return [];
  const large = asObject(sibling.lfs);
  const etag = large === undefined ? sibling.blobId : large.sha256;
  const byteLength = large?.size ?? sibling.size;
  const known = typeof etag === 'string' && isChecksum(etag) && Number.isSafeInteger(byteLength);
  return [known ? { path, etag, byteLength: byteLength as number } : { path }];
}

const WEIGHTS = /^model(?:-\d+-of-\d+)?\.safetensors$/;
const WHOLE = 'model.safetensors';
const SHARD_INDEX = 'model.safetensors.index.json';
const SHARD = /^model-\d+-of-\d+\.safetensors$/;
const TEXTS = /^(?:[\w.-]+\.(?:json|jinja)|merges\.txt)$/;
const TERMS = /^(?:licen[sc]e|copying|notice|use_policy)(?:[._-][\w.-]*)?$/i;
/** A checkpoint's own folder, or the folders that the embedded model has. */
const FOLDERS = ['', 'model/', 'codec/'];

/**
 * The files that the engine reads, and the licence: weights as safetensors (not their copies in other formats), configs,
 * tokenizer and templates. Of weights that are there whole and in shards (the published repository has both, 23 GB together) the
 * whole file is taken, as it is when they are read. The smallest come first, so that what is wrong shows early.
 */
export function chooseFiles<T extends ListedFile>(files: readonly T[]): T[] {
  return FOLDERS.flatMap((folder) => chooseInFolder(files, folder)).sort(
    (one, other) => (one.byteLength ?? 0) - (other.byteLength ?? 0),
  );
}

function chooseInFolder<T extends ListedFile>(files: readonly T[], folder: string): T[] {
  const named = files
    .filter(({ path }) => path.startsWith(folder) && !path.slice(folder.length).includes('/'))
    .map((file) => ({ file, name: file.path.slice(folder.length) }));
  const isWhole = named.some(({ name }) => name === WHOLE);
  const isWanted = (name: string): boolean => {
    if (isWhole && (SHARD.test(name) || name === SHARD_INDEX)) return false;
    return TEXTS.test(name) || TERMS.test(name) || WEIGHTS.test(name);
  };
  return named.filter(({ name }) => isWanted(name)).map(({ file }) => file);
}

export function isWeights(file: ListedFile): boolean {
  return WEIGHTS.test(baseName(file));
}

export function isLicence(file: ListedFile): boolean {
  return /^licen[sc]e/i.test(file.path) && TERMS.test(file.path);
}

function baseName(file: ListedFile): string {
  return file.path.slice(file.path.lastIndexOf('/') + 1);
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}
