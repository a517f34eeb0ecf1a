import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { pullModel, type PullEvent, type PullOptions } from '../../../src/engine/hub/index.js';
import { temporaryFolder } from '../../helpers/folders.js';
import { bytesOf, cutAfter, LARGE, lengthOf, REPO, sha256, status, TestHub, type Answering } from './hub-server.js';

const TRIES = 3;
const LIMITS = { stallMs: 5000, tries: TRIES, firstPauseMs: 5, longestPauseMs: 2000 };

let hub: TestHub;
let home: string;
let weights: Buffer;

beforeEach(async () => {
  hub = await TestHub.start();
  home = temporaryFolder();
  weights = hub.files.get(LARGE)!;
});

function pull(options: Partial<PullOptions> = {}) {
  const env = { HF_HOME: home, HF_ENDPOINT: hub.endpoint };
  return pullModel({ repo: REPO, dataDir: home, acceptLicence: true, env, limits: LIMITS, ...options });
}
const always = (answer: Answering) => Array.from({ length: 20 }, () => answer);
const blob = () => path.join(home, 'hub', 'models--owner--small-model', 'blobs', sha256(weights));

const partial = () => `${blob()}.incomplete`;

/** The pull ends well, in spite of what the server did. */
async function expectWhole(options: Partial<PullOptions> = {}) {
  const { dir } = await pull(options);
  expect(fs.readFileSync(path.join(dir, LARGE)).equals(weights)).toBe(true);
}

/** Answers a wish for a range, after one cut, so: status, headers and bytes. */
function answerRange(code: number, headers: Record<string, string | number>, body: () => Buffer): Answering {
  return (response) => void response.writeHead(code, headers).end(body());
}
const range = (begin: number, total = weights.length) => ({
  'content-range': `bytes ${begin}-${weights.length - 1}/${total}`,
});

describe('a wrong answer to the wish for a range', () => {
  const wrong: [string, () => Answering][] = [
    ['the whole file', () => answerRange(200, {}, () => weights)],
    ['another range', () => answerRange(206, range(0), () => weights)],
    ['a range of a longer file', () => answerRange(206, range(100_000, 999_999), () => weights.subarray(100_000))],
    ['a range without a name', () => answerRange(206, {}, () => weights.subarray(100_000))],
    ['"not satisfiable"', () => status(416, { 'content-range': `bytes */${weights.length}` })],
    ['more bytes than the file has', () => answerRange(206, range(100_000), () => weights)],
    ['fewer bytes than are missing', () => answerRange(206, range(100_000), () => weights.subarray(100_000, 150_000))],
    ['other bytes', () => answerRange(206, range(100_000), () => bytesOf(weights.length - 100_000, 9))],
  ];

  test.each(wrong)('(%s) ends in the right file', async (_name, answer) => {
    hub.next('cdn', LARGE, cutAfter(weights, 100_000, partial()), answer());
    await expectWhole();
  });

  test.each(wrong.slice(1))('(%s), given each time, is not taken for the file', async (_name, answer) => {
    const kept: Answering = (response, serve, asked) =>
      asked.range === undefined
        ? cutAfter(weights, 100_000, partial())(response, serve, asked)
        : answer()(response, serve, asked);
    hub.next('cdn', LARGE, ...always(kept));
    await expect(pull()).rejects.toMatchObject({
      code: expect.stringMatching(/HIGGS_(DOWNLOAD_BROKEN|HUB_UNREACHABLE)/) as string,
    });
    expect(fs.existsSync(blob())).toBe(false);
    expect(hub.gets(LARGE).length).toBeLessThan(10);
  });
});

describe('a file with the wrong checksum', () => {
  const wrong: Answering = (response) => void response.writeHead(200).end(bytesOf(weights.length, 7));

  test('is downloaded once more', async () => {
    hub.next('cdn', LARGE, wrong);
    await expectWhole();
  });

  test('is not downloaded for ever, and never found in the cache', async () => {
    hub.next('cdn', LARGE, wrong, wrong);
    await expect(pull()).rejects.toMatchObject({
      code: 'HIGGS_DOWNLOAD_BROKEN',
      message: expect.stringContaining(LARGE) as string,
    });
    expect(hub.gets(LARGE)).toHaveLength(2);
    expect(fs.existsSync(blob())).toBe(false);
    await expectWhole();
  });

  test('is noticed in small files too, which are named as git names them', async () => {
    const { length } = hub.files.get('config.json')!;
    hub.next('hub', 'config.json', ...always((response) => void response.writeHead(200).end(Buffer.alloc(length, 32))));
    await expect(pull()).rejects.toMatchObject({ code: 'HIGGS_DOWNLOAD_BROKEN' });
  });
});

describe('a file that changes between two tries', () => {
  test('is begun anew where a mirror gives it another name', async () => {
    hub.redirects = false;
    const old = bytesOf(weights.length, 8);
    const changed: Answering = (response, _serve, asked) => {
      expect(asked.range).toMatch(/^bytes=\d+-$/);
      const begin = Number(/\d+/.exec(asked.range!)![0]);
      response.writeHead(206, { etag: '"new"', ...range(begin) }).end(weights.subarray(begin));
    };
    const whole: Answering = (response) => void response.writeHead(200, { etag: '"new"' }).end(weights);
    hub.next('hub', LARGE, cutAfter(old, 100_000, partial(), { etag: '"old"' }), changed, whole);
    await expectWhole();
    expect(hub.gets(LARGE, 'hub').at(-1)?.range).toBeUndefined();
  });

  test('is refused where the hub’s checksum is not the list’s any more', async () => {
    const linked = { 'x-linked-etag': `"${'e'.repeat(64)}"`, location: `${hub.cdnOrigin}/resolve/blob/${LARGE}` };
    hub.next('hub', LARGE, (_response, serve) => serve(), ...always(status(302, linked)));
    hub.next('cdn', LARGE, cutAfter(weights, 100_000, partial()));
    await expect(pull()).rejects.toMatchObject({ code: 'HIGGS_DOWNLOAD_BROKEN' });
    expect(lengthOf(partial())).toBe(100_000);
  });
});

describe('a server that', () => {
  const silent: Answering = () => undefined;
  const stallAfter =
    (count: number): Answering =>
    (response) => {
      response.writeHead(200, { 'content-length': weights.length });
      response.write(weights.subarray(0, count));
    };

  test('stalls is asked again, for the rest', async () => {
    hub.next('cdn', LARGE, stallAfter(100_000));
    await expectWhole({ limits: { ...LIMITS, stallMs: 1000 } });
    expect(hub.gets(LARGE).map((one) => one.range)).toEqual([undefined, 'bytes=100000-']);
  });

  test('does not answer at all is given up', async () => {
    hub.next('hub', 'list', ...always(silent));
    await expect(pull({ limits: { ...LIMITS, stallMs: 200 } })).rejects.toMatchObject({
      code: 'HIGGS_HUB_UNREACHABLE',
      message: expect.stringContaining('silent for 0.2 s') as string,
    });
    expect(hub.asked).toHaveLength(TRIES);
  });

  test('cuts each connection before a byte came is given up, and what came before stays', async () => {
    hub.next('cdn', LARGE, cutAfter(weights, 50_000, partial()), ...always((response) => void response.destroy()));
    await expect(pull()).rejects.toMatchObject({ code: 'HIGGS_HUB_UNREACHABLE' });
    expect(hub.gets(LARGE)).toHaveLength(TRIES);
    expect(lengthOf(partial())).toBe(50_000);
  });

  test('is not there is said to be so', async () => {
    await hub.stop();
    await expect(pull()).rejects.toMatchObject({
      code: 'HIGGS_HUB_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  test.each([500, 502, 503, 504, 408])('answers %i is asked again', async (code) => {
    hub.next('hub', 'list', status(code), status(code));
    hub.next('cdn', LARGE, status(code));
    await expectWhole();
  });

  test('answers 500 each time is given up', async () => {
    hub.next('hub', 'list', ...always(status(500)));
    await expect(pull()).rejects.toMatchObject({ code: 'HIGGS_HUB_UNREACHABLE' });
    expect(hub.asked).toHaveLength(TRIES);
  });

  test('answers 429 is left alone for as long as it says', async () => {
    hub.next('hub', 'config.json', status(429, { 'retry-after': '1' }));
    const events: PullEvent[] = [];
    const begun = performance.now();
    await expectWhole({ onProgress: (event) => events.push(event) });
    expect(performance.now() - begun).toBeGreaterThan(990);
    expect(events).toContainEqual(expect.objectContaining({ phase: 'retrying', file: 'config.json', pauseMs: 1000 }));
  });

  test('asks for a longer pause than anyone waits is given up at once', async () => {
    hub.next('hub', 'list', status(429, { 'retry-after': '3600' }));
    await expect(pull()).rejects.toMatchObject({ code: 'HIGGS_HUB_UNREACHABLE' });
    expect(hub.asked).toHaveLength(1);
  });

  test.each([401, 403])('answers %i refuses, and is not asked again', async (code) => {
    hub.next('hub', 'list', status(code, { 'x-error-code': 'GatedRepo' }));
    await expect(pull()).rejects.toMatchObject({
      code: 'HIGGS_HUB_REFUSED',
      message: expect.stringContaining('GatedRepo') as string,
    });
    expect(hub.asked).toHaveLength(1);
  });

  test('refuses a signed address that grew old is asked for a new one', async () => {
    hub.next('cdn', LARGE, status(403));
    await expectWhole();
    expect(hub.gets(LARGE, 'hub')).toHaveLength(2);
  });

  test('knows no such repository, revision or file says so', async () => {
    await expect(pull({ repo: 'owner/other' })).rejects.toMatchObject({ code: 'HIGGS_HUB_NOT_FOUND' });
    hub.next('hub', 'config.json', status(404));
    await expect(pull()).rejects.toMatchObject({ code: 'HIGGS_HUB_NOT_FOUND' });
  });

  test('is no hub is recognised', async () => {
    hub.next('hub', 'list', (response) => void response.end('<html>Please log in.</html>'));
    await expect(pull()).rejects.toMatchObject({ code: 'HIGGS_HUB_UNREACHABLE' });
  });

  test('cuts its list is asked again', async () => {
    hub.next('hub', 'list', (response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{', () => setTimeout(() => response.destroy(), 5));
    });
    await expectWhole();
  });

  test('sends us round in circles is left', async () => {
    hub.next('hub', 'list', ...always(status(302, { location: '/api/models/owner/small-model/revision/main' })));
    await expect(pull()).rejects.toMatchObject({ code: 'HIGGS_HUB_UNREACHABLE' });
    expect(hub.asked.length).toBeLessThan(10);
  });

  test.each(['file:///etc/passwd', 'http://['])('sends us to %s is not followed', async (location) => {
    hub.next('hub', 'list', status(302, { location }));
    await expect(pull()).rejects.toMatchObject({ code: 'HIGGS_HUB_UNREACHABLE' });
  });
});
