/** The terms under which a model is given, shown before its first download, and who accepted them remembered. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { onDisk } from '../disk-errors.js';
import { HiggsError } from '../errors.js';
import { writeText } from './disk.js';
import type { HubFile, Listing } from './file-list.js';
import type { Source } from './download.js';

export interface Licence {
  readonly repo: string;
  /** As the repository's card gives it; "other" is what the hub calls a licence of its own. */
  readonly name: string;
  /** Where it can be read. */
  readonly link: string;
  /** The words themselves, where the repository holds them. */
  readonly text?: string;
}

/** What is kept of an acceptance, by the licence's checksum or, where the repository has no text, by name and link. */
type Accepted = Readonly<Record<string, { readonly repo: string; readonly name: string; readonly acceptedAt: string }>>;

/** `text` is the content of `file`, the repository's licence file, where it has one. */
export function licenceOf(
  source: Source,
  listing: Listing,
  file: HubFile | undefined,
  text: string | undefined,
): Licence {
  const given = listing.licenceLink;
  const inRepo = file?.path ?? (given !== undefined && !/^https?:/.test(given) ? given : undefined);
  const page = `${source.hub.endpoint}/${source.repo}`;
  const link = inRepo === undefined ? (given ?? page) : `${page}/blob/${source.commit}/${encodeURI(inRepo)}`;
  return {
    repo: source.repo,
    name: listing.licenceName ?? 'no name given',
    link,
    ...(text === undefined ? {} : { text }),
  };
}

/** One acceptance counts for all repositories with the same text; a changed text is shown again. */
export function licenceKey(licence: Licence, file: HubFile | undefined): string {
  return file?.etag ?? `${licence.repo} ${licence.name}`;
}

export async function isAccepted(dataDir: string, key: string): Promise<boolean> {
  return Object.hasOwn(await readAccepted(dataDir), key);
}

/** Throws HIGGS_CACHE_UNWRITABLE, naming the folder. */
export async function rememberAccepted(dataDir: string, key: string, { repo, name }: Licence): Promise<void> {
  const accepted = { ...(await readAccepted(dataDir)), [key]: { repo, name, acceptedAt: new Date().toISOString() } };
  await onDisk(dataDir, () => writeText(recordFile(dataDir), `${JSON.stringify(accepted, undefined, 2)}\n`));
}

export function notAccepted({ repo, name, link }: Licence): HiggsError {
  return new HiggsError(
    'HIGGS_LICENCE_NOT_ACCEPTED',
    `The licence of ${repo} (${name}) has not been accepted; it can be read at ${link}.`,
  );
}

function recordFile(dataDir: string): string {
  return path.join(dataDir, 'accepted-licences.json');
}

/** A record that cannot be read is none: then the licence is shown once more. */
async function readAccepted(dataDir: string): Promise<Accepted> {
  try {
    const record: unknown = JSON.parse(await readFile(recordFile(dataDir), 'utf8'));
    return typeof record === 'object' && record !== null ? (record as Accepted) : {};
  } catch {
    return {};
  }
}
