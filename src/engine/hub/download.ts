/** One file from the hub into a partial file: ranges, checks, and as many tries as it takes. */
import path from 'node:path';
import { onDisk } from '../disk-errors.js';
import { HiggsError } from '../errors.js';
import { isChecksum, type HubFile } from './file-list.js';
import { PartialFile } from './partial-file.js';
import { judgeRange } from './ranges.js';
import { persist, Transient, type Patience } from './retry.js';
import { ask, type Answer, type Hub } from './transport.js';

export interface Source {
  readonly hub: Hub;
  readonly repo: string;
  readonly commit: string;
}

/** A file's address at one commit, so that it cannot change between two tries. */
export function fileAddress({ hub, repo, commit }: Source, path: string): string {
  return `${hub.endpoint}/${repo}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/**
 * Fills the file `partial` until it is `file`, byte for byte. What is there already is kept, also after a failure.
 * `onBytes` is told how many bytes are there, after each part. Throws HIGGS_DOWNLOAD_BROKEN where what comes is not what
 * the hub promised, and all of {@link ask}'s errors.
 */
export async function download(
  source: Source,
  file: HubFile,
  partial: string,
  patience: Patience,
  onBytes: (byteLength: number) => void,
): Promise<void> {
  await onDisk(path.dirname(partial), async () => {
    const target = await PartialFile.open(partial, file, patience.signal);
    try {
      await new Download(source, file, target, patience, onBytes).run();
      await target.sync();
    } finally {
      await target.close();
    }
  });
}

class Download {
  /** The most bytes that were ever there: only more than that is progress. */
  private best: number;
  private wrongChecksums = 0;
  /** How a server without the hub's checksums called what it sent. */
  private lastEtag: string | undefined;

  constructor(
    private readonly source: Source,
    private readonly file: HubFile,
    private readonly target: PartialFile,
    private readonly patience: Patience,
    private readonly onBytes: (byteLength: number) => void,
  ) {
    this.best = target.byteLength;
  }

  async run(): Promise<void> {
    await persist(
      () => this.attempt(),
      this.patience,
      () => {
        const further = this.target.byteLength > this.best;
        this.best = Math.max(this.best, this.target.byteLength);
        return further;
      },
    );
  }

  private async attempt(): Promise<void> {
    this.onBytes(this.target.byteLength);
    if (this.target.missing > 0) {
      const address = fileAddress(this.source, this.file.path);
      const wish = { offset: this.target.byteLength, signal: this.patience.signal };
      await ask(this.source.hub, address, wish, (answer) => this.take(answer));
    }
    if (this.target.isRight()) return;
    await this.target.restart();
    this.wrongChecksums += 1;
    const what = `The file ${this.file.path} of ${this.source.repo} has not the checksum that the hub gives`;
    // The first time the start may come from an older try; the second time all of it came from the server.
    if (this.wrongChecksums > 1) throw new HiggsError('HIGGS_DOWNLOAD_BROKEN', `${what}.`);
    throw new Transient(`${what}.`, 'HIGGS_DOWNLOAD_BROKEN');
  }

  private async take(answer: Answer): Promise<void> {
    this.checkPromise(answer);
    const changed = this.noteEtag(answer);
    const range = answer.headers.get('content-range');
    const verdict = judgeRange(answer.status, range, this.target.byteLength, this.file.byteLength);
    if (verdict === 'restart') await this.target.restart();
    if (verdict === 'askAgain' || (verdict === 'append' && changed)) {
      await this.target.restart();
      const why = changed ? 'the file changed' : `asked for a range, the answer was ${answer.status} "${range ?? ''}"`;
      throw this.broken(why);
    }
    for await (const part of answer.parts()) {
      if (part.length > this.target.missing) {
        await this.target.restart();
        throw this.broken('more bytes came than the file has');
      }
      await this.target.append(part);
      this.onBytes(this.target.byteLength);
    }
    if (this.target.missing > 0) throw this.broken(`${this.target.missing} bytes are missing`);
  }

  /** A commit's files never change, so a server that tells of another file is not what the list came from. */
  private checkPromise({ linked }: Answer): void {
    if (linked.etag !== undefined && isChecksum(linked.etag) && linked.etag !== this.file.etag) {
      throw this.broken(`the server has another file (${linked.etag}) than its list says (${this.file.etag})`);
    }
  }

  /**
   * True where a server that names files in its own way names this one otherwise than before. Behind a hub's checksum
   * the names do not matter: each of the hosts that it sends us to has its own.
   */
  private noteEtag({ linked, headers }: Answer): boolean {
    const etag = linked.etag !== undefined && isChecksum(linked.etag) ? undefined : (headers.get('etag') ?? undefined);
    const changed = this.target.byteLength > 0 && this.lastEtag !== undefined && etag !== this.lastEtag;
    this.lastEtag = etag;
    return changed;
  }

  private broken(why: string): Transient {
    return new Transient(
      `The download of ${this.file.path} of ${this.source.repo} broke: ${why}.`,
      'HIGGS_DOWNLOAD_BROKEN',
    );
  }
}
