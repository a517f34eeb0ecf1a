import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { describePull } from '../../src/cli/pull.js';
import { COMMIT, LARGE, REPO, TestHub } from '../engine/hub/hub-server.js';
import { ROOT, SMALL_MODEL, temporaryFolder, until } from '../engine-kit.js';

const MAIN = path.join(ROOT, 'dist', 'src', 'cli', 'main.js');
let hub: TestHub;
let home: string;

beforeEach(async () => {
  hub = await TestHub.start();
  home = temporaryFolder();
});

function start(...args: string[]) {
  const env = { ...process.env, HF_HOME: home, HF_ENDPOINT: hub.endpoint, HIGGS_DATA_DIR: path.join(home, 'data') };
  const child = spawn(process.execPath, [MAIN, 'pull', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const told = { out: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => (told.out += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (told.errors += part));
  const ended = new Promise<{ status: number | null; out: string; errors: string }>((resolve) =>
    child.once('close', (status) => resolve({ status, ...told })),
  );
  return { child, ended };
}
const run = (...args: string[]) => start(...args).ended;
const snapshot = () => path.join(home, 'hub', 'models--owner--small-model', 'snapshots', COMMIT);

describe('higgs-tts pull', () => {
  test('shows the licence, and downloads nothing until it is accepted', async () => {
    hub.files.set('LICENSE', Buffer.from('BE KIND\u001b[2J\n'));
    const { status, out, errors } = await run(REPO);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(errors).toContain('BE KIND[2J\n');
    expect(errors).toContain(`The licence of ${REPO}: small-community, ${hub.endpoint}`);
    expect(errors).toMatch(/higgs-tts pull --yes\. \(HIGGS_LICENCE_NOT_ACCEPTED\)\n$/);
    expect(hub.gets(LARGE)).toEqual([]);
  });

  test('downloads, tells where to, and does not ask for an accepted licence again', async () => {
    const { status, out } = await run(REPO, '--yes');
    expect({ status, out }).toEqual({ status: 0, out: `${REPO}: 351 kB in ${snapshot()} (351 kB downloaded)\n` });
    expect(fs.readFileSync(path.join(snapshot(), LARGE)).equals(hub.files.get(LARGE)!)).toBe(true);
    fs.rmSync(path.join(home, 'hub'), { recursive: true });
    expect(await run(REPO)).toMatchObject({ status: 0, errors: '' });
    expect((await run(REPO)).out).toContain('(nothing downloaded)');
  });

  test('puts the model into a folder, and tells its progress as lines of JSON', async () => {
    const out = path.join(home, 'models');
    const ended = await run(REPO, '--yes', '--json', '--out', out);
    const lines = ended.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(ended.status).toBe(0);
    expect(lines[0]).toEqual({ phase: 'listing', repo: REPO });
    expect(lines.at(-2)).toMatchObject({ phase: 'downloading', bytesDone: lines.at(-1)?.byteLength });
    expect(lines.at(-1)).toMatchObject({
      phase: 'done',
      repo: REPO,
      commit: COMMIT,
      dir: path.join(out, 'small-model'),
    });
    expect(fs.existsSync(path.join(out, 'small-model', 'config.json'))).toBe(true);
  });

  test.skipIf(process.platform === 'win32')('is stopped by Ctrl-C, and goes on from there the next time', async () => {
    const weights = hub.files.get(LARGE)!;
    hub.next('cdn', LARGE, (response) => {
      response.writeHead(200, { 'content-length': weights.length });
      response.write(weights.subarray(0, 100_000));
    });
    const { child, ended } = start(REPO, '--yes');
    const blobs = path.join(home, 'hub', 'models--owner--small-model', 'blobs');
    const begun = () =>
      fs.existsSync(blobs) &&
      fs
        .readdirSync(blobs)
        .some((name) => name.endsWith('.incomplete') && fs.statSync(path.join(blobs, name)).size === 100_000);
    await until(begun);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 130, errors: expect.stringContaining('HIGGS_ABORTED') as string });
    expect((await run(REPO)).status).toBe(0);
    expect(hub.gets(LARGE).map(({ range }) => range)).toEqual([undefined, 'bytes=100000-']);
    expect(fs.readFileSync(path.join(snapshot(), LARGE)).equals(weights)).toBe(true);
  });

  test('brings a model that speaks as it lies in the cache', async () => {
    hub.files.clear();
    for (const part of ['model', 'codec']) {
      for (const name of fs.readdirSync(path.join(SMALL_MODEL, part))) {
        hub.files.set(`${part}/${name}`, fs.readFileSync(path.join(SMALL_MODEL, part, name)));
      }
    }
    expect(await run(REPO, '--yes')).toMatchObject({ status: 0 });
    const wav = path.join(home, 'out.wav');
    const flags = ['--model', snapshot(), '--cache-dir', path.join(home, 'graphs'), '--max-seconds', '1'];
    const child = spawn(process.execPath, [MAIN, 'say', 'Hello.', '-o', wav, ...flags], { stdio: 'ignore' });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(fs.statSync(wav).size).toBeGreaterThan(44);
  });

  test('asks for the published model where none is named', async () => {
    const { status, errors } = await run();
    expect(status).toBe(1);
    expect(errors).toMatch(/bosonai\/higgs-audio-v2-generation-3B-base.*HIGGS_HUB_NOT_FOUND/);
  });

  test('takes a revision of one repository only', async () => {
    expect(await run('--revision', 'main')).toMatchObject({ status: 2 });
    expect(await run('no-owner')).toMatchObject({ status: 1, errors: expect.stringContaining('OWNER/NAME') as string });
  });
});

test('a pull’s progress is told in words', () => {
  const repo = 'owner/model';
  const counted = { phase: 'downloading', repo, file: 'model.safetensors', bytesTotal: 11_500_000_000 } as const;
  expect(describePull({ ...counted, bytesDone: 2_875_000_000, bytesPerSecond: 50e6 })).toBe(
    'owner/model: 25 % of 11.50 GB, 50.0 MB/s, 3 min left',
  );
  expect(describePull({ ...counted, bytesDone: 0, bytesPerSecond: 0 })).toBe('owner/model: 0 % of 11.50 GB, 0 kB/s');
  expect(describePull({ phase: 'retrying', repo, file: 'config.json', why: 'hub answered 503.', pauseMs: 1500 })).toBe(
    'owner/model: again in 2 s (hub answered 503.)',
  );
  expect(describePull({ phase: 'waiting', repo, file: 'config.json' })).toContain('another process');
});
