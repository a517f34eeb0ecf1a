/** A model from the hub: what is missing is downloaded into the cache, or into a folder. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { absolutePath } from '../absolute-path.js';
import { onDisk } from '../disk-errors.js';
import { HiggsError } from '../errors.js';
import { checkSpace, lengthOf } from './disk.js';
import { download, fileAddress, type Source } from './download.js';
import {
  chooseFiles,
  isChecksum,
  isLicence,
  isWeights,
  parseListing,
  type HubFile,
  type ListedFile,
  type Listing,
} from './file-list.js';
import { isAccepted, licenceKey, licenceOf, notAccepted, rememberAccepted, type Licence } from './licence.js';
import { withLock } from './lock.js';
import { PullProgress, type OnPull } from './pull-progress.js';
import { checkRepoName, checkRevision, namesOf, repoFolder } from './repo-name.js';
import { DEFAULT_LIMITS, persist, type Limits, type Patience, type Retry } from './retry.js';
import { hubSettings, readToken, type Environment, type HubSettings } from './settings.js';
import { findInCache } from './snapshot.js';
import { CacheStore, FolderStore, type Store } from './store.js';
import { ask, readText } from './transport.js';

export interface PullOptions {
  /** `owner/name`. */
  readonly repo: string;
  /** A branch, a tag or a commit; left out: `main`. */
  readonly revision?: string;
  /** The files go to a folder of the repository's name in here. Left out: into the cache that other tools share. */
  readonly outDir?: string;
  /** Accepted licences are remembered here. */
  readonly dataDir: string;
  /** Asked once for a licence, before its first download; left out, or not true: HIGGS_LICENCE_NOT_ACCEPTED. */
  readonly acceptLicence?: boolean | ((licence: Licence) => boolean | Promise<boolean>);
  readonly onProgress?: OnPull;
  /** Stops the download; what has come stays, and the next pull goes on from there. */
  readonly signal?: AbortSignal;
  /** HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE and their kin; left out: this process's. */
  readonly env?: Environment;
  readonly limits?: Partial<Limits>;
}

export interface PulledModel {
  readonly repo: string;
  readonly commit: string;
  /** Holds config.json and the weights. */
  readonly dir: string;
  /** Of all files. */
  readonly byteLength: number;
  /** What came over the network. */
  readonly downloadedBytes: number;
}

/**
 * Sees to it that the files of `repo` that the engine needs are on this machine, checked against the hub's checksums.
 * Throws HIGGS_OPTION_INVALID, HIGGS_HUB_REFUSED, HIGGS_HUB_NOT_FOUND, HIGGS_HUB_UNREACHABLE, HIGGS_DOWNLOAD_BROKEN,
 * HIGGS_LICENCE_NOT_ACCEPTED, HIGGS_CHECKPOINT_UNSUPPORTED (no safetensors), HIGGS_DISK_FULL, HIGGS_CACHE_UNWRITABLE,
 * HIGGS_ABORTED.
 */
export async function pullModel(options: PullOptions): Promise<PulledModel> {
  const repo = checkRepoName(options.repo);
  const revision = checkRevision(options.revision ?? 'main');
  const settings = hubSettings(options.env);
  if (settings.offline) return await pullOffline(repo, revision, options);
  return await new Pull(repo, revision, settings, options).run();
}

/** HF_HUB_OFFLINE: what is there counts. */
async function pullOffline(repo: string, revision: string, { env, outDir }: PullOptions): Promise<PulledModel> {
  const dir = outDir === undefined ? await findInCache(repo, env, revision) : undefined;
  if (dir !== undefined) return { repo, commit: path.basename(dir), dir, byteLength: 0, downloadedBytes: 0 };
  throw new HiggsError('HIGGS_HUB_UNREACHABLE', `HF_HUB_OFFLINE is set, and ${repo} is not whole in the cache.`);
}

class Pull {
  private readonly progress: PullProgress;
  private readonly signal: AbortSignal;
  private readonly limits: Limits;

  constructor(
    private readonly repo: string,
    private readonly revision: string,
    private readonly settings: HubSettings,
    private readonly options: PullOptions,
  ) {
    this.progress = new PullProgress(repo, options.onProgress);
    this.signal = options.signal ?? new AbortController().signal;
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  async run(): Promise<PulledModel> {
    const token = await readToken(this.settings);
    const { endpoint } = this.settings;
    const hub = { endpoint, stallMs: this.limits.stallMs, ...(token === undefined ? {} : { token }) };
    this.progress.listing();
    const listing = await this.list({ hub, repo: this.repo, commit: this.revision });
    const source = { hub, repo: this.repo, commit: listing.commit };
    const files = await this.complete(source, chooseFiles(listing.files));
    if (!files.some(isWeights)) {
      throw new HiggsError(
        'HIGGS_CHECKPOINT_UNSUPPORTED',
        `${this.repo} holds no model.safetensors, whole or in shards.`,
      );
    }
    const store = this.store(listing.commit);
    return await onDisk(store.dir, () => this.fill(store, source, listing, files));
  }

  private async fill(store: Store, source: Source, listing: Listing, files: readonly HubFile[]): Promise<PulledModel> {
    const missing: HubFile[] = [];
    for (const file of files) {
      if (await store.obtain(file, this.signal)) this.progress.have(file.byteLength);
      else missing.push(file);
    }
    this.progress.total(files);
    const licenceFile = files.find(isLicence);
    const terms = missing.filter((file) => file === licenceFile);
    const others = missing.filter((file) => file !== licenceFile);
    await this.checkSpace(store, missing);
    for (const file of terms) await this.fetch(store, source, file);
    if (others.length > 0) await this.checkLicence(store, source, listing, licenceFile);
    for (const file of others) await this.fetch(store, source, file);
    await store.finish();
    this.progress.end();
    return {
      repo: this.repo,
      commit: listing.commit,
      dir: store.dir,
      byteLength: files.reduce((sum, { byteLength }) => sum + byteLength, 0),
      downloadedBytes: this.progress.downloadedBytes,
    };
  }

  private async list(source: Source): Promise<Listing> {
    const revision = encodeURIComponent(this.revision);
    const address = `${source.hub.endpoint}/api/models/${this.repo}/revision/${revision}?blobs=true`;
    const text = await persist(
      () => ask(source.hub, address, { signal: this.signal }, (answer) => readText(answer, address)),
      this.patience(),
    );
    return parseListing(text, address);
  }

  /** Asks for what a mirror's list left out. */
  private async complete(source: Source, files: readonly ListedFile[]): Promise<HubFile[]> {
    const complete: HubFile[] = [];
    for (const { path: name, etag, byteLength } of files) {
      complete.push(
        etag === undefined || byteLength === undefined
          ? await persist(() => this.askForFacts(source, name), this.patience(name))
          : { path: name, etag, byteLength },
      );
    }
    return complete;
  }

  private async askForFacts(source: Source, name: string): Promise<HubFile> {
    const address = fileAddress(source, name);
    return await ask(source.hub, address, { method: 'HEAD', signal: this.signal }, ({ linked }) => {
      const { etag, byteLength } = linked;
      if (etag === undefined || !isChecksum(etag) || byteLength === undefined || !Number.isSafeInteger(byteLength)) {
        const what = `${address} tells no size and checksum, so that what comes from it cannot be checked.`;
        return Promise.reject(new HiggsError('HIGGS_HUB_UNREACHABLE', what));
      }
      return Promise.resolve({ path: name, etag, byteLength });
    });
  }

  private store(commit: string): Store {
    const cache = new CacheStore(this.settings, this.keptName(), this.revision, commit);
    const { outDir } = this.options;
    if (outDir === undefined) return cache;
    return new FolderStore(path.join(absolutePath(outDir), path.posix.basename(this.repo)), cache, commit);
  }

  /** The name that the repository has in the cache already, whoever downloaded it. */
  private keptName(): string {
    const isKept = (name: string): boolean => existsSync(path.join(this.settings.cacheDir, repoFolder(name)));
    return namesOf(this.repo).find(isKept) ?? this.repo;
  }

  private async checkSpace(store: Store, missing: readonly HubFile[]): Promise<void> {
    const lengths = await Promise.all(
      missing.map(async (file) => Math.max(0, file.byteLength - ((await lengthOf(store.partial(file))) ?? 0))),
    );
    await checkSpace(
      store.dir,
      lengths.reduce((sum, length) => sum + length, 0),
    );
  }

  private async checkLicence(store: Store, source: Source, listing: Listing, file: HubFile | undefined): Promise<void> {
    const { acceptLicence = false, dataDir } = this.options;
    const text = file === undefined ? undefined : await readFile(path.join(store.dir, file.path), 'utf8');
    const licence = licenceOf(source, listing, file, text);
    const key = licenceKey(licence, file);
    if (await isAccepted(dataDir, key)) return;
    const accepted = typeof acceptLicence === 'boolean' ? acceptLicence : await acceptLicence(licence);
    if (!accepted) throw notAccepted(licence);
    await rememberAccepted(dataDir, key, licence);
  }

  private async fetch(store: Store, source: Source, file: HubFile): Promise<void> {
    const work = async () => {
      // Another process may have brought it while this one waited.
      if (await store.obtain(file, this.signal)) {
        this.progress.have(file.byteLength);
        return;
      }
      const begun = (await lengthOf(store.partial(file))) ?? 0;
      if (begun > 0) this.progress.checking(file.path);
      await download(source, file, store.partial(file), this.patience(file.path), (bytes) =>
        this.progress.file(file.path, bytes),
      );
      await store.keep(file);
      this.progress.have(file.byteLength);
    };
    await withLock(store.lock(file), this.signal, () => this.progress.waiting(file.path), work);
  }

  private patience(name = 'the file list'): Patience {
    const onRetry = (retry: Retry) => this.progress.retrying(name, retry);
    return { limits: this.limits, signal: this.signal, onRetry };
  }
}
