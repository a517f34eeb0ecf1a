/** Models from the hub for the editor: its requests. */
import { defaultDataDir } from '../../../src/engine/index.js';
import { defaultOptions } from '../../common/engine-settings.js';
import type { NodeAPI } from '../../common/node-red.js';
import { invalid, readText } from '../../common/readers.js';
import { isRecord } from '../../common/values.js';
import { answered } from './answer.js';
import { Pulls } from './pulls.js';

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
