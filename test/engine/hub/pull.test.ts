import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  findInCache,
  pullModel,
  resolveHubNames,
  type Licence,
  type PullEvent,
  type PullOptions,
} from '../../../src/engine/hub/index.js';
import { temporaryFolder } from '../../helpers/folders.js';
import { until } from '../../helpers/waiting.js';
import { COMMIT, cutAfter, gitSha1, LARGE, lengthOf, REPO, sha256, smallModel, status, TestHub } from './hub-server.js';

const NEEDED = [
  'LICENSE',
  'chat_template.jinja',
  'config.json',
  'model-00001-of-00002.safetensors',
  LARGE,
  'model.safetensors.index.json',
  'tokenizer.json',
];
const LIMITS = { stallMs: 5000, tries: 3, firstPauseMs: 5, longestPauseMs: 2000 };

let hub: TestHub;
let env: Record<string, string>;
let dataDir: string;

beforeEach(async () => {
  hub = await TestHub.start();
  env = { HF_HOME: temporaryFolder(), HF_ENDPOINT: hub.endpoint };
  dataDir = temporaryFolder();
});

const pull = (options: Partial<PullOptions> = {}) =>
  pullModel({ repo: REPO, dataDir, acceptLicence: true, env, limits: LIMITS, ...options });
const cache = (...parts: string[]) => path.join(env.HF_HOME!, 'hub', 'models--owner--small-model', ...parts);
const partial = () => cache('blobs', `${sha256(hub.files.get(LARGE)!)}.incomplete`);
// By their checksums, for comparing large buffers byte by byte takes seconds.
const contents = (dir: string) => NEEDED.map((name) => sha256(fs.readFileSync(path.join(dir, name))));
const expected = () => NEEDED.map((name) => sha256(hub.files.get(name)!));

describe('a pull', () => {
  test('brings the files that are needed into the cache that other tools share', async () => {
    const pulled = await pull();
    expect(pulled).toMatchObject({ repo: REPO, commit: COMMIT, dir: cache('snapshots', COMMIT) });
    expect(fs.readdirSync(pulled.dir).sort()).toEqual(NEEDED);
    expect(contents(pulled.dir)).toEqual(expected());
    expect(fs.readFileSync(cache('refs', 'main'), 'utf8')).toBe(COMMIT);
    const weights = path.join(pulled.dir, LARGE);
    expect(fs.readlinkSync(weights)).toBe(path.join('..', '..', 'blobs', sha256(hub.files.get(LARGE)!)));
    expect(fs.readlinkSync(path.join(pulled.dir, 'config.json'))).toContain(gitSha1(hub.files.get('config.json')!));
    expect(fs.readdirSync(cache('blobs'))).toHaveLength(NEEDED.length);
    expect(pulled.downloadedBytes).toBe(NEEDED.reduce((sum, name) => sum + hub.files.get(name)!.length, 0));
    expect(pulled.byteLength).toBe(pulled.downloadedBytes);
  });

  test('asks for nothing but the list when all is there', async () => {
    await pull();
    const before = hub.asked.length;
    const again = await pull({ acceptLicence: false });
    expect(again.downloadedBytes).toBe(0);
    expect(hub.asked.slice(before).map(({ file }) => file)).toEqual(['list']);
  });

  test('links what another tool downloaded without a look at the network', async () => {
    const weights = hub.files.get(LARGE)!;
    fs.mkdirSync(cache('blobs'), { recursive: true });
    fs.writeFileSync(cache('blobs', sha256(weights)), weights);
    const { dir } = await pull();
    expect(contents(dir)).toEqual(expected());
    expect(hub.gets(LARGE)).toEqual([]);
    expect(hub.gets(LARGE, 'hub')).toEqual([]);
  });

  test('takes the revision that is asked for, and remembers which commit it was', async () => {
    await pull({ revision: 'refs/pr/3' });
    expect(fs.readFileSync(cache('refs', 'refs', 'pr', '3'), 'utf8')).toBe(COMMIT);
    expect(fs.existsSync(cache('refs', 'main'))).toBe(false);
    expect(hub.asked[0]?.file).toBe('list');
  });

  test('makes the snapshot of files where links are not allowed', async () => {
    env.HF_HUB_DISABLE_SYMLINKS = '1';
    const blob = cache('blobs', gitSha1(hub.files.get('config.json')!));
    fs.mkdirSync(path.dirname(blob), { recursive: true });
    fs.writeFileSync(blob, hub.files.get('config.json')!);
    const { dir } = await pull();
    expect(contents(dir)).toEqual(expected());
    expect(NEEDED.map((name) => fs.lstatSync(path.join(dir, name)).isFile())).toEqual(NEEDED.map(() => true));
    // What was there before may be linked from elsewhere and stays; the rest is not kept twice.
    expect(fs.readdirSync(cache('blobs'))).toEqual([path.basename(blob)]);
    expect((await pull()).downloadedBytes).toBe(0);
  });

  test('writes a folder of one’s own, named after the repository', async () => {
    const outDir = temporaryFolder();
    const { dir } = await pull({ outDir });
    expect(dir).toBe(path.join(outDir, 'small-model'));
    expect(fs.readdirSync(dir).sort()).toEqual(['.cache', ...NEEDED]);
    expect(contents(dir)).toEqual(expected());
    expect(fs.existsSync(cache())).toBe(false);
    const before = hub.asked.length;
    expect((await pull({ outDir })).downloadedBytes).toBe(0);
    expect(hub.asked.length).toBe(before + 1);
  });

  test('fills a folder from the cache, and mends a file in it that was changed', async () => {
    await pull();
    const outDir = temporaryFolder();
    const { dir, downloadedBytes } = await pull({ outDir });
    expect(downloadedBytes).toBe(0);
    expect(contents(dir)).toEqual(expected());
    const weights = path.join(dir, LARGE);
    const later = new Date(Date.now() + 5000);
    fs.writeFileSync(weights, Buffer.alloc(hub.files.get(LARGE)!.length));
    fs.utimesSync(weights, later, later);
    await pull({ outDir });
    expect(contents(dir)).toEqual(expected());
  });

  test('asks a mirror that lists names alone for each file’s size and checksum', async () => {
    hub.bareList = true;
    const { dir } = await pull();
    expect(contents(dir)).toEqual(expected());
    expect(
      hub.asked
        .filter(({ method }) => method === 'HEAD')
        .map(({ file }) => file)
        .sort(),
    ).toEqual(NEEDED);
  });

  test('tells how far it is, up to the end', async () => {
    const events: PullEvent[] = [];
    const { byteLength } = await pull({ onProgress: (event) => events.push(event) });
    expect(events[0]).toEqual({ phase: 'listing', repo: REPO });
    const counted = events.flatMap((event) => (event.phase === 'downloading' ? [event] : []));
    const done = counted.map(({ bytesDone }) => bytesDone);
    expect(done).toEqual([...done].sort((one, other) => one - other));
    expect(counted.at(-1)).toMatchObject({ bytesDone: byteLength, bytesTotal: byteLength });
  });

  test('is not broken by a listener that throws', async () => {
    const fail = () => {
      throw new Error('listener');
    };
    expect(contents((await pull({ onProgress: fail })).dir)).toEqual(expected());
  });

  test('of a repository without safetensors says so', async () => {
    hub.files.delete(LARGE);
    hub.files.delete('model-00001-of-00002.safetensors');
    await expect(pull()).rejects.toMatchObject({ code: 'HIGGS_CHECKPOINT_UNSUPPORTED' });
  });

  test('that would not fit on the disk does not begin', async () => {
    const info = { sha: COMMIT, siblings: [{ rfilename: 'model.safetensors', size: 2 ** 52, blobId: 'a'.repeat(40) }] };
    hub.next('hub', 'list', (response) => void response.end(JSON.stringify(info)));
    await expect(pull()).rejects.toMatchObject({ code: 'HIGGS_DISK_FULL' });
    expect(hub.asked).toHaveLength(1);
  });

  test('where a file stands in the folder’s place says so', async () => {
    fs.writeFileSync(path.join(env.HF_HOME!, 'hub'), 'a file');
    await expect(pull()).rejects.toMatchObject({ code: 'HIGGS_CACHE_UNWRITABLE' });
  });

  test('by two at once downloads each file once', async () => {
    hub.next('cdn', LARGE, (_response, serve) => setTimeout(serve, 300));
    const waits: string[] = [];
    const onProgress = (event: PullEvent) => (event.phase === 'waiting' ? waits.push(event.file) : undefined);
    const [one, other] = await Promise.all([pull({ onProgress }), pull({ onProgress })]);
    expect(contents(one.dir)).toEqual(expected());
    expect(other.dir).toBe(one.dir);
    expect(hub.gets(LARGE)).toHaveLength(1);
    expect(waits).not.toEqual([]);
  });

  test('that is stopped keeps what came, and the next one asks for the rest only', async () => {
    const stop = new AbortController();
    const weights = hub.files.get(LARGE)!;
    hub.next('cdn', LARGE, (response) => {
      response.writeHead(200, { 'content-length': weights.length });
      response.write(weights.subarray(0, 100_000));
      void until(() => lengthOf(partial()) === 100_000).then(() => stop.abort());
    });
    await expect(pull({ signal: stop.signal })).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
    expect(await findInCache(REPO, env)).toBeUndefined();
    const events: PullEvent[] = [];
    const { dir } = await pull({ onProgress: (event) => events.push(event) });
    expect(hub.gets(LARGE).map(({ range }) => range)).toEqual([undefined, 'bytes=100000-']);
    expect(contents(dir)).toEqual(expected());
    expect(events).toContainEqual({ phase: 'checking', repo: REPO, file: LARGE });
    expect(fs.readdirSync(cache('blobs')).filter((name) => name.endsWith('.incomplete'))).toEqual([]);
  });

  test('goes on with what another tool left incomplete, also where that is wrong', async () => {
    const weights = hub.files.get(LARGE)!;
    for (const begun of [weights.subarray(0, 777), Buffer.alloc(777), Buffer.alloc(weights.length + 1), weights]) {
      fs.rmSync(cache(), { recursive: true, force: true });
      fs.mkdirSync(path.dirname(partial()), { recursive: true });
      fs.writeFileSync(partial(), begun);
      expect(contents((await pull()).dir)).toEqual(expected());
    }
  });

  test('that is aborted before it begins asks for nothing', async () => {
    await expect(pull({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
    expect(hub.asked).toEqual([]);
  });
});

describe('the licence', () => {
  test('is shown before the first download, with its text, and remembered', async () => {
    const shown: Licence[] = [];
    const downloadsBefore: number[] = [];
    const accept = (licence: Licence) => {
      downloadsBefore.push(hub.gets(LARGE).length);
      return shown.push(licence) > 0;
    };
    await pull({ acceptLicence: accept });
    expect(downloadsBefore).toEqual([0]);
    expect(shown).toEqual([
      {
        repo: REPO,
        name: 'small-community',
        link: `${hub.endpoint}/${REPO}/blob/${COMMIT}/LICENSE`,
        text: 'SMALL COMMUNITY LICENCE\n\nBe kind.\n',
      },
    ]);
    fs.rmSync(cache(), { recursive: true });
    await pull({ acceptLicence: accept });
    expect(shown).toHaveLength(1);
    hub.files.set('LICENSE', Buffer.from('Another text.\n'));
    fs.rmSync(cache(), { recursive: true });
    await pull({ acceptLicence: accept });
    expect(shown[1]?.text).toBe('Another text.\n');
  });

  test.each([false, undefined, () => false, () => Promise.resolve(false)])(
    'that is not accepted (%s) keeps the weights away',
    async (acceptLicence) => {
      const options: PullOptions = { repo: REPO, dataDir, env, limits: LIMITS };
      const refused = pullModel(acceptLicence === undefined ? options : { ...options, acceptLicence });
      await expect(refused).rejects.toMatchObject({
        code: 'HIGGS_LICENCE_NOT_ACCEPTED',
        message: expect.stringContaining('/LICENSE') as string,
      });
      expect(hub.gets(LARGE)).toEqual([]);
      await expect(refused).rejects.toThrow('small-community');
    },
  );

  test('that is only a link is shown as that', async () => {
    hub.files.delete('LICENSE');
    hub.card.license_link = 'https://example.org/terms';
    const shown: Licence[] = [];
    await pull({ acceptLicence: (licence) => shown.push(licence) > 0 });
    expect(shown).toEqual([{ repo: REPO, name: 'small-community', link: 'https://example.org/terms' }]);
    fs.rmSync(cache(), { recursive: true });
    await pull({ acceptLicence: false });
  });

  test('is asked for again where the record of it is broken', async () => {
    fs.writeFileSync(path.join(dataDir, 'accepted-licences.json'), '{');
    await expect(pull({ acceptLicence: false })).rejects.toMatchObject({ code: 'HIGGS_LICENCE_NOT_ACCEPTED' });
    await pull();
    expect(JSON.parse(fs.readFileSync(path.join(dataDir, 'accepted-licences.json'), 'utf8'))).toEqual({
      [gitSha1(smallModel().get('LICENSE')!)]: {
        repo: REPO,
        name: 'small-community',
        acceptedAt: expect.any(String) as string,
      },
    });
  });
});

describe('the token', () => {
  beforeEach(() => {
    hub.token = 'hf_secret';
    env.HF_TOKEN = 'hf_secret';
  });

  test('goes to the hub, and not to the host that the hub sends us to', async () => {
    const { dir } = await pull();
    expect(contents(dir)).toEqual(expected());
    for (const { server, authorization } of hub.asked) {
      expect(authorization).toBe(server === 'hub' ? 'Bearer hf_secret' : undefined);
    }
    expect(hub.asked.filter(({ server }) => server === 'cdn')).toHaveLength(2);
  });

  test('does not come back with a redirect from there to the hub’s neighbour', async () => {
    hub.next('hub', 'config.json', status(307, { location: `${hub.cdnOrigin}/resolve/blob/config.json` }));
    await pull();
    expect(hub.gets('config.json').map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  test('follows the hub’s own redirects, as renamed repositories have them', async () => {
    hub.next('hub', 'config.json', status(307, { location: `/new-owner/small-model/resolve/${COMMIT}/config.json` }));
    await pull();
    expect(hub.gets('config.json', 'hub').map(({ authorization }) => authorization)).toEqual([
      'Bearer hf_secret',
      'Bearer hf_secret',
    ]);
  });

  test('is read from the file that a login left', async () => {
    delete env.HF_TOKEN;
    fs.writeFileSync(path.join(env.HF_HOME!, 'token'), 'hf_secret\n');
    await pull();
  });

  test.each(['hf_wrong', ''])('%j is refused, with what to do about it', async (token) => {
    env.HF_TOKEN = token;
    const refused = pull();
    await expect(refused).rejects.toMatchObject({
      code: 'HIGGS_HUB_REFUSED',
      remedy: expect.stringMatching(/HF_TOKEN.*terms/) as string,
    });
    await expect(refused).rejects.not.toThrow(/hf_/);
    expect(hub.asked).toHaveLength(1);
  });
});

describe('the cache', () => {
  test('is all that counts offline', async () => {
    const offline = { ...env, HF_HUB_OFFLINE: '1' };
    await expect(pull({ env: offline })).rejects.toMatchObject({ code: 'HIGGS_HUB_UNREACHABLE' });
    const { dir } = await pull();
    const before = hub.asked.length;
    expect((await pull({ env: offline })).dir).toBe(dir);
    expect(hub.asked.length).toBe(before);
  });

  test('gives a model by its name when it is whole, and not before', async () => {
    expect(await findInCache(REPO, env)).toBeUndefined();
    const { dir } = await pull();
    expect(await findInCache(REPO, env)).toBe(dir);
    expect(await findInCache(REPO, env, COMMIT)).toBe(dir);
    expect(await findInCache(REPO, env, 'other')).toBeUndefined();
    fs.rmSync(cache('blobs', sha256(hub.files.get(LARGE)!)));
    expect(await findInCache(REPO, env)).toBeUndefined();
    expect((await pull()).downloadedBytes).toBe(hub.files.get(LARGE)!.length);
    expect(await findInCache(REPO, env)).toBe(dir);
  });

  test('stands in for hub names among the engine’s options', async () => {
    const { dir } = await pull();
    const codec = path.join(env.HF_HOME!, 'hub', 'models--bosonai--higgs-audio-v2-tokenizer');
    await expect(resolveHubNames(REPO, undefined, env)).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_MISSING',
      message: expect.stringContaining('higgs-tts pull bosonai/higgs-audio-v2-tokenizer') as string,
    });
    fs.mkdirSync(path.join(codec, 'refs'), { recursive: true });
    fs.writeFileSync(path.join(codec, 'refs', 'main'), COMMIT);
    const codecDir = path.join(codec, 'snapshots', COMMIT);
    fs.mkdirSync(codecDir, { recursive: true });
    for (const name of ['config.json', 'model.safetensors']) fs.writeFileSync(path.join(codecDir, name), '{}');
    expect(await resolveHubNames(REPO, undefined, env)).toEqual({ model: dir, codec: codecDir });
    expect(await resolveHubNames(REPO, dir, env)).toEqual({ model: dir, codec: dir });
    expect(await resolveHubNames('src/engine', undefined, env)).toEqual({ model: 'src/engine' });
    expect(await resolveHubNames('/no/such/folder', undefined, env)).toEqual({ model: '/no/such/folder' });
    await expect(resolveHubNames('owner/other', undefined, env)).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_MISSING',
    });
  });
});

test('a cut connection is taken up where it was cut, as often as it brings something', async () => {
  const weights = hub.files.get(LARGE)!;
  hub.next('cdn', LARGE, ...Array.from({ length: 8 }, () => cutAfter(weights, 20_000, partial())));
  const { dir, downloadedBytes, byteLength } = await pull();
  expect(contents(dir)).toEqual(expected());
  const ranges = hub.gets(LARGE).map(({ range }) => Number(/\d+/.exec(range ?? '0')?.[0]));
  expect(ranges).toHaveLength(9);
  expect(ranges).toEqual([...ranges].sort((one, other) => one - other));
  expect(downloadedBytes).toBe(byteLength);
});

test('two names of one repository share one download, whichever came first', async () => {
  const [first, second] = ['bosonai/higgs-audio-v2-generation-3B-base', 'bosonai/higgs-tts-2-3b-base'] as const;
  const pulled = await pull();
  const folder = (repo: string): string => path.join(env.HF_HOME!, 'hub', `models--${repo.replace('/', '--')}`);
  for (const [there, asked] of [
    [first, second],
    [second, first],
  ] as const) {
    fs.cpSync(cache(), folder(there), { recursive: true });
    expect(await findInCache(asked, env)).toBe(path.join(folder(there), 'snapshots', path.basename(pulled.dir)));
    fs.rmSync(folder(there), { recursive: true });
  }
});

test('a snapshot with weights in one piece is whole, whatever index lies beside them', async () => {
  hub.files.set('model.safetensors', Buffer.alloc(1000, 7));
  const pulled = await pull();
  expect(fs.readdirSync(pulled.dir).sort()).toEqual([
    ...['LICENSE', 'chat_template.jinja', 'config.json', 'model.safetensors', 'tokenizer.json'],
  ]);
  fs.writeFileSync(path.join(pulled.dir, 'model.safetensors.index.json'), '{"weight_map": {"a": "gone.safetensors"}}');
  expect(await findInCache(REPO, env)).toBe(pulled.dir);
});
