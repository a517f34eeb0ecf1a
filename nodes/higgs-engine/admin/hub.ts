/** Models from the hub for the editor: what is here, what is on its way, and under which licence. */
import { defaultDataDir, HiggsError, pullModel, type Licence, type PullEvent } from '../../../src/engine/index.js';
import { findInCache, isRepoName } from '../../../src/engine/package-api.js';
import { defaultOptions } from '../../common/engine-settings.js';
import type { NodeAPI } from '../../common/node-red.js';
import { invalid, readText } from '../../common/readers.js';
import { isRecord } from '../../common/values.js';
import { answered, wordsOf } from './answer.js';

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

/**
 *     GET    /higgs-tts/hub/models?repo=…          what is known of each repository asked for
 *     POST   /higgs-tts/hub/pulls  { repo, acceptedLicence? }   begins or resumes a download
 *     DELETE /higgs-tts/hub/pulls?repo=…           stops it; what has come stays
 *
 * `acceptedLicence` is the link of the terms that were shown. A download belongs to the runtime: it goes on when the
 * dialog is closed.
 */
export function serveHub(red: NodeAPI): void {
  const pulls = new Pulls(defaultOptions(red).dataDir ?? defaultDataDir());
  const mayWrite = red.auth.needsPermission('higgs-tts.write');
  red.httpAdmin.get(
    '/higgs-tts/hub/models',
    red.auth.needsPermission('higgs-tts.read'),
    answered(async (request, response) => {
      const asked = [request.query.repo ?? []].flat().filter((repo) => typeof repo === 'string');
      response.json(await Promise.all(asked.map((repo) => pulls.look(repo))));
    }),
  );
  red.httpAdmin.post(
    '/higgs-tts/hub/pulls',
    mayWrite,
    answered((request, response) => {
      const body: unknown = request.body;
      if (!isRecord(body)) throw invalid('body', body, 'an object with "repo"');
      const { repo, acceptedLicence } = body;
      pulls.begin(
        readText(repo, 'repo'),
        acceptedLicence === undefined ? undefined : readText(acceptedLicence, 'acceptedLicence'),
      );
      response.sendStatus(202);
      return Promise.resolve();
    }),
  );
  red.httpAdmin.delete(
    '/higgs-tts/hub/pulls',
    mayWrite,
    answered((request, response) => {
      pulls.stop(readText(request.query.repo, 'repo'));
      response.sendStatus(204);
      return Promise.resolve();
    }),
  );
}

/** The downloads of this runtime, one at most for each repository. */
class Pulls {
  private readonly known = new Map<string, HubModel>();
  private readonly running = new Map<string, AbortController>();

  constructor(private readonly dataDir: string) {}

  async look(repo: string): Promise<HubModel> {
    if (!isRepoName(repo)) return { repo, state: 'failed', error: wordsOf(invalid('repo', repo, 'owner/name')) };
    const known = this.known.get(repo);
    if (known !== undefined && known.state !== 'here') return known;
    const dir = await findInCache(repo);
    return { repo, state: dir === undefined ? 'absent' : 'here' };
  }

  begin(repo: string, acceptedLicence: string | undefined): void {
    if (this.running.has(repo)) return;
    const stop = new AbortController();
    this.running.set(repo, stop);
    this.known.set(repo, { repo, state: 'running', bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 });
    let shown: Licence | undefined;
    const work = pullModel({
      repo,
      dataDir: this.dataDir,
      signal: stop.signal,
      acceptLicence: (licence) => {
        shown = licence;
        return licence.link === acceptedLicence;
      },
      onProgress: (event) => this.progress(repo, event),
    });
    work
      .then(
        (): HubModel => ({ repo, state: 'here' }),
        (thrown: unknown): HubModel => endOf(repo, thrown, shown),
      )
      .then((end) => {
        this.running.delete(repo);
        this.known.set(repo, end);
      })
      .catch(() => undefined);
  }

  stop(repo: string): void {
    this.running.get(repo)?.abort();
    // Terms that are not accepted are no download.
    if (this.known.get(repo)?.state === 'licence') this.known.delete(repo);
  }

  private progress(repo: string, event: PullEvent): void {
    if (event.phase !== 'downloading') return;
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
