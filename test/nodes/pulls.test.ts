import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Pulls } from '../../nodes/higgs-engine/admin/pulls.js';
import { LARGE, REPO, TestHub, type Answering } from '../engine/hub/hub-server.js';
import { temporaryFolder } from '../helpers/folders.js';
import { until } from '../helpers/waiting.js';

let hub: TestHub;
let pulls: Pulls;

beforeEach(async () => {
  hub = await TestHub.start();
  process.env.HF_ENDPOINT = hub.endpoint;
  process.env.HF_HOME = temporaryFolder();
  pulls = new Pulls(temporaryFolder());
});

/** Sends half of it and then nothing. */
const half: Answering = (response) => {
  const bytes = hub.files.get(LARGE)!;
  response.writeHead(200, { 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2));
};

/** The download once it is as asked for. */
function seen(state: string) {
  return vi.waitFor(
    async () => {
      const known = await pulls.look(REPO);
      expect(known).toMatchObject({ state });
      return known;
    },
    { timeout: 20_000, interval: 10 },
  );
}

async function accept(): Promise<string> {
  pulls.begin(REPO, undefined);
  const known = await seen('licence');
  if (known.state !== 'licence') throw new Error(known.state);
  return known.licence.link;
}

/** A download that was stopped on its way; it may still be ending -> the terms that were accepted. */
async function beginAndStop(): Promise<string> {
  const terms = await accept();
  hub.next('cdn', LARGE, half);
  pulls.begin(REPO, terms);
  await until(() => hub.gets(LARGE).length > 0);
  pulls.stop(REPO);
  return terms;
}

describe('a download from the editor', () => {
  test('that is stopped and resumed at once goes on to its end', async () => {
    pulls.begin(REPO, await beginAndStop());
    await seen('here');
  });

  test('that is stopped says so, and nothing that it still tells changes that', async () => {
    await beginAndStop();
    await seen('stopped');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await seen('stopped');
  });
});
