import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cacheEntry } from '../../../src/engine/export/cache.js';
import { onDisk } from '../../../src/engine/disk-errors.js';

/** What other processes run: the build. */
const BUILT_CACHE = path.join(__dirname, '../../../dist/src/engine/export/cache.js');

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'higgs-cache-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const key = { checkpoint: 'abc', bits: 4 };
const writeOne = (entry: string): Promise<void> => {
  writeFileSync(path.join(entry, 'graph'), 'whole');
  return Promise.resolve();
};

test('an entry is written once and found again, whatever the order of its key', async () => {
  let written = 0;
  const write = (entry: string): Promise<void> => ((written += 1), writeOne(entry));
  const first = await cacheEntry(dir, 'kind', key, write);
  expect(await cacheEntry(dir, 'kind', { bits: 4, checkpoint: 'abc' }, write)).toBe(first);
  expect(written).toBe(1);
  expect(readFileSync(path.join(first, 'graph'), 'utf8')).toBe('whole');
});

test('another checkpoint, other options and another kind have entries of their own', async () => {
  const entries = [
    await cacheEntry(dir, 'kind', key, writeOne),
    await cacheEntry(dir, 'kind', { ...key, checkpoint: 'abd' }, writeOne),
    await cacheEntry(dir, 'kind', { ...key, bits: 8 }, writeOne),
    await cacheEntry(dir, 'other', key, writeOne),
  ];
  expect(new Set(entries).size).toBe(4);
});

test('what fails leaves nothing behind, and is tried again', async () => {
  const failing = cacheEntry(dir, 'kind', key, async (entry) => {
    await writeOne(entry);
    throw new Error('half way');
  });
  await expect(failing).rejects.toThrow('half way');
  expect(readdirSync(dir)).toEqual([]);
  await cacheEntry(dir, 'kind', key, writeOne);
  expect(readdirSync(dir)).toHaveLength(1);
});

test('callers that make the same entry at once all get a whole one', async () => {
  const entries = await Promise.all(Array.from({ length: 5 }, () => cacheEntry(dir, 'kind', key, writeOne)));
  expect(new Set(entries).size).toBe(1);
  expect(readdirSync(dir)).toHaveLength(1);
  expect(readdirSync(entries[0]!)).toEqual(['graph', 'seal.checked.json', 'seal.json']);
});

test('two processes that make the same entry at once both get a whole one', async () => {
  const script = `
    const { cacheEntry } = require(${JSON.stringify(BUILT_CACHE)});
    const { setTimeout } = require('node:timers/promises');
    cacheEntry(${JSON.stringify(dir)}, 'kind', ${JSON.stringify(key)}, async (dir) => {
      await setTimeout(300);
      require('node:fs').writeFileSync(dir + '/graph', 'whole');
    }).then((entry) => console.log(entry));`;
  const run = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      child.stdout.on('data', (data: Buffer) => (output += data.toString()));
      child.once('exit', (code) => (code === 0 ? resolve(output.trim()) : reject(new Error(`exit ${String(code)}`))));
    });
  const [first, second] = await Promise.all([run(), run()]);
  expect(first).toBe(second);
  expect(readdirSync(dir)).toHaveLength(1);
  expect(readFileSync(path.join(first, 'graph'), 'utf8')).toBe('whole');
});

test('a process killed while it writes leaves no entry, and what it left is removed by the next', async () => {
  const script = `
    const { cacheEntry } = require(${JSON.stringify(BUILT_CACHE)});
    cacheEntry(${JSON.stringify(dir)}, 'kind', ${JSON.stringify(key)}, async (dir) => {
      require('node:fs').writeFileSync(dir + '/graph', 'half');
      process.kill(process.pid, 'SIGKILL');
    });`;
  expect(() => execFileSync(process.execPath, ['-e', script])).toThrow();
  const [left] = readdirSync(dir);
  expect(left).toMatch(/\.tmp-/);
  const entry = await cacheEntry(dir, 'kind', key, writeOne);
  expect(readFileSync(path.join(entry, 'graph'), 'utf8')).toBe('whole');
  expect(readdirSync(dir)).toEqual([path.basename(entry)]);
});

test('what a running process is writing stays, until it is a day old', async () => {
  const [ours, old] = [`kind-1.tmp-${process.ppid}-0a`, `kind-2.tmp-${process.ppid}-0b`];
  for (const name of [ours, old]) mkdirSync(path.join(dir, name));
  const yesterday = Date.now() / 1000 - 25 * 60 * 60;
  utimesSync(path.join(dir, old), yesterday, yesterday);
  await cacheEntry(dir, 'kind', key, writeOne);
  expect(existsSync(path.join(dir, ours))).toBe(true);
  expect(existsSync(path.join(dir, old))).toBe(false);
});

test('a cache folder that cannot be made is HIGGS_CACHE_UNWRITABLE and is named', async () => {
  writeFileSync(path.join(dir, 'file'), '');
  const inside = path.join(dir, 'file', 'cache');
  await expect(cacheEntry(inside, 'kind', key, writeOne)).rejects.toMatchObject({
    code: 'HIGGS_CACHE_UNWRITABLE',
    message: expect.stringContaining(inside) as unknown,
  });
});

test.each([
  ['ENOSPC', 'HIGGS_DISK_FULL'],
  ['EDQUOT', 'HIGGS_DISK_FULL'],
  ['EACCES', 'HIGGS_CACHE_UNWRITABLE'],
  ['EROFS', 'HIGGS_CACHE_UNWRITABLE'],
])('%s of the file system is %s', async (system, code) => {
  const refused = onDisk('/some/cache', () => Promise.reject(Object.assign(new Error(system), { code: system })));
  await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining('/some/cache') as unknown });
});
