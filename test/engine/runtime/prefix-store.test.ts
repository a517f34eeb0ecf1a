import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PromptRun } from '../../../src/engine/prompt/types.js';
import { openLanguageModel, type LoadedLanguageModel } from '../../../src/engine/runtime/index.js';
import { PrefixStore } from '../../../src/engine/runtime/prefix-store.js';
import { loadKit } from '../../helpers/kit.js';

let cacheDir = '';
beforeEach(async () => {
  cacheDir = await fs.mkdtemp(path.join(os.tmpdir(), 'higgs-prefix-'));
});
afterEach(() => fs.rm(cacheDir, { recursive: true }));

const runs = (...ids: number[]): PromptRun[] => [{ kind: 'text', ids: Int32Array.from(ids) }];
const files = async (): Promise<string[]> =>
  (await fs.readdir(path.join(cacheDir, 'prefixes')).catch(() => [])).map((name) =>
    path.join(cacheDir, 'prefixes', name),
  );

/** What it was asked to make. */
function maker(value: number) {
  const make = () => {
    make.count++;
    return Promise.resolve(new Float32Array(10).fill(value));
  };
  make.count = 0;
  return make;
}

async function inStore<T>(use: (store: PrefixStore) => Promise<T>, more: object = {}): Promise<T> {
  const store = new PrefixStore({ cacheDir, modelKey: 'one', ...more });
  const result = await use(store);
  await store.close();
  return result;
}

test('rows are made once, also for those who ask at the same time, and found by the next process', async () => {
  const make = maker(1);
  await inStore((store) => Promise.all([1, 2, 3].map(() => store.rowsOf(runs(1, 2), 10, make))));
  expect(await inStore((store) => store.rowsOf(runs(1, 2), 10, make))).toEqual(new Float32Array(10).fill(1));
  expect(make.count).toBe(1);
});

test('whoever waits for rows that another one was stopped in making makes them itself', async () => {
  const make = maker(2);
  let stop: (error: Error) => void = () => undefined;
  await inStore(async (store) => {
    const stopped = store.rowsOf(runs(1), 10, () => new Promise((_, reject) => (stop = reject)));
    const others = [1, 2].map(() => store.rowsOf(runs(1), 10, make));
    await new Promise((resolve) => setTimeout(resolve, 50));
    stop(new Error('stopped'));
    await expect(stopped).rejects.toThrow('stopped');
    expect(await Promise.all(others)).toEqual([1, 2].map(() => new Float32Array(10).fill(2)));
  });
  expect(make.count).toBe(1);
});

test('another model and other runs have other rows', async () => {
  const make = maker(1);
  await inStore((store) => store.rowsOf(runs(1, 2), 10, make));
  await inStore((store) => store.rowsOf(runs(1), 10, make));
  await inStore((store) => store.rowsOf(runs(1, 2), 10, make), { modelKey: 'other' });
  expect(make.count).toBe(3);
});

test.each([
  ['changed', (bytes: Buffer) => bytes.fill(7, 12, 13)],
  ['cut off', (bytes: Buffer) => bytes.subarray(0, 20)],
  ['empty', () => Buffer.alloc(0)],
])('a file that was %s is dropped and made anew', async (_what, damage) => {
  await inStore((store) => store.rowsOf(runs(1), 10, maker(1)));
  const [file] = await files();
  await fs.writeFile(file!, damage(await fs.readFile(file!)));
  expect(await inStore((store) => store.rowsOf(runs(1), 10, maker(2)))).toEqual(new Float32Array(10).fill(2));
});

test('what fails is not kept', async () => {
  await inStore(async (store) => {
    await expect(store.rowsOf(runs(1), 10, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await store.rowsOf(runs(1), 10, maker(3))).toEqual(new Float32Array(10).fill(3));
  });
});

test('on disk the file that was not used for longest goes first', async () => {
  const limits = { memoryBytes: 0, diskBytes: 100 };
  for (const [index, id] of [1, 2].entries()) {
    await inStore((store) => store.rowsOf(runs(id), 10, maker(id)), limits);
    for (const file of await files()) await fs.utimes(file, index, index);
  }
  const again = maker(1);
  await inStore((store) => store.rowsOf(runs(1), 10, again), limits);
  await inStore((store) => store.rowsOf(runs(3), 10, maker(3)), limits);
  await inStore((store) => store.rowsOf(runs(1), 10, again), limits);
  expect(again.count).toBe(0);
  expect(await files()).toHaveLength(2);
});

test('a folder that cannot be written costs nothing but time', async () => {
  await fs.writeFile(path.join(cacheDir, 'prefixes'), 'a file');
  expect(await inStore((store) => store.rowsOf(runs(1), 10, maker(1)))).toHaveLength(10);
});

test.each([8, 32] as const)('with %s bits a kept prefix gives the scores that feeding it gives', async (bits) => {
  const kit = loadKit('small');
  const prefix = runs(...kit.ints('plain.input_ids').values.subarray(0, 20));
  const rest = runs(...kit.ints('plain.input_ids').values.subarray(20, 24))[0]!;
  const open = () => openLanguageModel({ modelDir: kit.modelDir, cacheDir, device: 'cpu', bits, threads: 1 });
  const scores = async (model: LoadedLanguageModel): Promise<Float32Array> => {
    const context = model.open(30);
    await context.feedPrefix!(prefix, () => undefined);
    expect(context.positionCount).toBe(20);
    return Float32Array.from(await context.feed(rest));
  };
  const first = await open();
  const plain = first.open(30);
  await plain.feed(prefix[0]!);
  const expected = Float32Array.from(await plain.feed(rest));
  expect(await scores(first)).toEqual(expected);
  expect(await scores(first)).toEqual(expected);
  await first.close();
  const second = await open();
  expect(await scores(second)).toEqual(expected);
  await second.close();
});
