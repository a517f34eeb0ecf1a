/** Where a repository's files come to lie. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../errors.js';
import { syncFile, syncFolder } from '../output-file.js';
import { lengthOf, nameBeside, writeText } from './disk.js';
import type { HubFile } from './file-list.js';
import { PartialFile } from './partial-file.js';
import { isCommit, repoFolder } from './repo-name.js';
import type { HubSettings } from './settings.js';

export interface Store {
  /** Holds all files when the pull is done. */
  readonly dir: string;
  /** True where `file` lies in `dir`, or could be put there without a download. */
  obtain(file: HubFile, signal: AbortSignal): Promise<boolean>;
  /** Where `file` grows while it is downloaded. */
  partial(file: HubFile): string;
  /** What a process holds while it writes {@link Store.partial}. */
  lock(file: HubFile): string;
  /** Takes the whole and checked partial file into `dir`. */
  keep(file: HubFile): Promise<void>;
  /** Called once, when all files are there. */
  finish(): Promise<void>;
}

/**
 * The cache that Python's huggingface_hub uses: `blobs/ETAG` hold the bytes, `snapshots/COMMIT/PATH` lead to them, and
 * `refs/REVISION` names a commit. Where a system allows no links, the snapshot holds the file itself.
 * Source: https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 */
export class CacheStore implements Store {
  readonly dir: string;
  private readonly folder: string;
  private readonly locks: string;

  constructor(
    private readonly settings: HubSettings,
    repo: string,
    private readonly revision: string,
    private readonly commit: string,
  ) {
    this.folder = path.join(settings.cacheDir, repoFolder(repo));
    this.locks = path.join(settings.cacheDir, '.locks', repoFolder(repo));
    this.dir = path.join(this.folder, 'snapshots', commit);
  }

  async obtain(file: HubFile): Promise<boolean> {
    if ((await lengthOf(this.pointer(file))) === file.byteLength) return true;
    if ((await lengthOf(this.blob(file))) !== file.byteLength) return false;
    await this.link(file, false);
    return true;
  }

  /** Where `file` can be read, without anything being made; undefined where it is not there. */
  async locate(file: HubFile): Promise<string | undefined> {
    for (const place of [this.pointer(file), this.blob(file)]) {
      if ((await lengthOf(place)) === file.byteLength) return place;
    }
    return undefined;
  }

  partial(file: HubFile): string {
    return `${this.blob(file)}.incomplete`;
  }

  /** Beside the locks of huggingface_hub, which are of another kind. */
  lock(file: HubFile): string {
    return path.join(this.locks, `${file.etag}.higgs.lock`);
  }

  async keep(file: HubFile): Promise<void> {
    await rename(this.partial(file), this.blob(file));
    await syncFolder(path.dirname(this.blob(file)));
    await this.link(file, true);
  }

  async finish(): Promise<void> {
    if (isCommit(this.revision)) return;
    const ref = path.join(this.folder, 'refs', ...this.revision.split('/'));
    const told = await readFile(ref, 'utf8').catch(() => '');
    if (told !== this.commit) await writeText(ref, this.commit);
  }

  private blob(file: HubFile): string {
    return path.join(this.folder, 'blobs', file.etag);
  }

  private pointer(file: HubFile): string {
    return path.join(this.dir, ...file.path.split('/'));
  }

  /** A blob that only this file leads to is moved where links are not allowed, one that others may share is copied. */
  private async link(file: HubFile, isNew: boolean): Promise<void> {
    const [pointer, blob] = [this.pointer(file), this.blob(file)];
    const beside = nameBeside(pointer);
    await mkdir(path.dirname(pointer), { recursive: true });
    try {
      if (this.settings.symlinks && (await isLinked(path.relative(path.dirname(pointer), blob), beside))) {
        await rename(beside, pointer);
      } else if (isNew) {
        await rename(blob, pointer);
      } else {
        await copyFile(blob, beside, constants.COPYFILE_FICLONE);
        await syncFile(beside);
        await rename(beside, pointer);
      }
    } finally {
      await rm(beside, { force: true });
    }
  }
}

/** Windows allows links to developers only; some file systems to nobody. */
async function isLinked(target: string, link: string): Promise<boolean> {
  try {
    await symlink(target, link);
    return true;
  } catch (error) {
    if (['EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP', 'EINVAL', 'UNKNOWN'].includes(systemCode(error) ?? '')) return false;
    throw error;
  }
}

/**
 * A folder of the caller's choice, as `huggingface_hub` fills one: the files themselves, and what is known of them in
 * `.cache/huggingface/download`. What the cache has is copied from there.
 */
export class FolderStore implements Store {
  constructor(
    readonly dir: string,
    private readonly cache: CacheStore,
    private readonly commit: string,
  ) {}

  async obtain(file: HubFile, signal: AbortSignal): Promise<boolean> {
    const there = await stat(this.place(file)).catch(() => undefined);
    if (there?.isFile() === true && there.size === file.byteLength) {
      if (await this.isNoted(file, there.mtimeMs)) return true;
      if (await isRight(this.place(file), file, signal)) {
        await this.note(file);
        return true;
      }
    }
    const cached = await this.cache.locate(file);
    if (cached === undefined) return false;
    const beside = nameBeside(this.notes(file));
    await mkdir(path.dirname(beside), { recursive: true });
    try {
      await copyFile(cached, beside, constants.COPYFILE_FICLONE);
      await syncFile(beside);
      await this.put(file, beside);
    } finally {
      await rm(beside, { force: true });
    }
    return true;
  }

  partial(file: HubFile): string {
    const name = createHash('sha1')
      .update(path.basename(this.notes(file)))
      .digest('base64');
    const short = name.replaceAll('+', '-').replaceAll('/', '_');
    return path.join(path.dirname(this.notes(file)), `${short}.${file.etag}.incomplete`);
  }

  lock(file: HubFile): string {
    return this.notes(file).replace(/metadata$/, 'higgs.lock');
  }

  async keep(file: HubFile): Promise<void> {
    await this.put(file, this.partial(file));
  }

  finish(): Promise<void> {
    return Promise.resolve();
  }

  private place(file: HubFile): string {
    return path.join(this.dir, ...file.path.split('/'));
  }

  private notes(file: HubFile): string {
    return path.join(this.dir, '.cache', 'huggingface', 'download', ...`${file.path}.metadata`.split('/'));
  }

  private async put(file: HubFile, from: string): Promise<void> {
    await mkdir(path.dirname(this.place(file)), { recursive: true });
    await rename(from, this.place(file));
    await syncFolder(path.dirname(this.place(file)));
    await this.note(file);
  }

  /** Commit, checksum and the time in seconds, a line each. */
  private async note(file: HubFile): Promise<void> {
    await writeText(this.notes(file), `${this.commit}\n${file.etag}\n${Date.now() / 1000}\n`);
  }

  private async isNoted(file: HubFile, changedMs: number): Promise<boolean> {
    const [, etag, seconds] = (await readFile(this.notes(file), 'utf8').catch(() => '')).split('\n');
    // One second more, as file systems and clocks round.
    return etag === file.etag && changedMs / 1000 - 1 <= Number(seconds);
  }
}

/** Whether the bytes of the whole file `name` are those of `file`. */
async function isRight(name: string, file: HubFile, signal: AbortSignal): Promise<boolean> {
  if ((await lstat(name)).isSymbolicLink()) return false;
  const there = await PartialFile.open(name, file, signal);
  try {
    return there.isRight();
  } finally {
    await there.close();
  }
}
