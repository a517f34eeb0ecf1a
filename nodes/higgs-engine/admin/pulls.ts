/** Downloads from the hub for the editor: what is here, what is on its way, and under which licence. */
import { HiggsError, pullModel, type Licence, type PullEvent } from '../../../src/engine/index.js';
import { findInCache, isRepoName } from '../../../src/engine/package-api.js';
import { invalid } from '../../common/readers.js';
import { wordsOf } from './answer.js';

/** One repository as the engine's dialog shows it. */
type HubModel = { readonly repo: string } & (
  | { readonly state: 'absent' | 'here' | 'stopped' }
  | {
      readonly state: 'running';
      readonly bytesDone: number;
      readonly bytesTotal: number;
      readonly bytesPerSecond: number;
    }
  /** The download waits until these terms are accepted. */
  | { readonly state: 'licence'; readonly licence: Licence }
  | { readonly state: 'failed'; readonly error: ReturnType<typeof wordsOf> }
);

/** The downloads of this runtime, one at most for each repository. */
export class Pulls {
  private readonly known = new Map<string, HubModel>();
  private readonly running = new Map<string, AbortController>();
  private readonly ending = new Map<string, Promise<void>>();

  constructor(private readonly dataDir: string) {}

  async look(repo: string): Promise<HubModel> {
    if (!isRepoName(repo)) return { repo, state: 'failed', error: wordsOf(invalid('repo', repo, 'owner/name')) };
    const known = this.known.get(repo);
    if (known !== undefined && known.state !== 'here') return known;
    const dir = await findInCache(repo);
    return { repo, state: dir === undefined ? 'absent' : 'here' };
  }

  /** Begins or resumes; where the one before was stopped and is still ending, as soon as it has ended. */
  begin(repo: string, acceptedLicence: string | undefined): void {
    const before = this.running.get(repo);
    if (before !== undefined && !before.signal.aborted) return;
    const stop = new AbortController();
    this.running.set(repo, stop);
    this.known.set(repo, { repo, state: 'running', bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 });
    const ended = (this.ending.get(repo) ?? Promise.resolve()).then(async () => {
      const end = await this.pull(repo, acceptedLicence, stop);
      // Only the newest says what is known.
      if (this.running.get(repo) !== stop) return;
      this.running.delete(repo);
      this.ending.delete(repo);
      this.known.set(repo, end);
    });
    this.ending.set(repo, ended);
  }

  stop(repo: string): void {
    this.running.get(repo)?.abort();
    // Terms that are not accepted are no download.
    if (this.known.get(repo)?.state === 'licence') this.known.delete(repo);
  }

  /** -> how it ended; it never throws. */
  private async pull(repo: string, acceptedLicence: string | undefined, stop: AbortController): Promise<HubModel> {
    let shown: Licence | undefined;
    try {
      await pullModel({
        repo,
        dataDir: this.dataDir,
        signal: stop.signal,
        acceptLicence: (licence) => {
          shown = licence;
          return licence.link === acceptedLicence;
        },
        onProgress: (event) => this.progress(repo, event, stop),
      });
      return { repo, state: 'here' };
    } catch (thrown) {
      return endOf(repo, thrown, shown);
    }
  }

  private progress(repo: string, event: PullEvent, stop: AbortController): void {
    // One that was stopped may still tell of bytes that came before.
    if (event.phase !== 'downloading' || this.running.get(repo) !== stop) return;
    const { bytesDone, bytesTotal, bytesPerSecond } = event;
    this.known.set(repo, { repo, state: 'running', bytesDone, bytesTotal, bytesPerSecond });
  }
}

function endOf(repo: string, thrown: unknown, shown: Licence | undefined): HubModel {
  const { code } = HiggsError.from(thrown);
  if (code === 'HIGGS_ABORTED') return { repo, state: 'stopped' };
  if (code === 'HIGGS_LICENCE_NOT_ACCEPTED' && shown !== undefined) return { repo, state: 'licence', licence: shown };
  return { repo, state: 'failed', error: wordsOf(thrown) };
}
