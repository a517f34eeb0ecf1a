/** The codec's decoder in a thread of its own, as the speech process has it; the thread runs the build in dist/. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeFrames } from '../../../src/engine/codes.js';
import type { LoadedCodec, OpenCodecOptions } from '../../../src/engine/runtime/index.js';

const built = createRequire(__filename)('../../../dist/src/engine/runtime/index.js') as {
  openCodec(options: OpenCodecOptions): Promise<LoadedCodec>;
};
const codecDir = path.join(__dirname, '../../../models/embedded/codec');

let cacheDir = '';
let codec: LoadedCodec;
beforeAll(async () => {
  cacheDir = await mkdtemp(path.join(tmpdir(), 'higgs-thread-'));
  codec = await built.openCodec({ codecDir, cacheDir, device: 'cpu', threads: 1, inBackground: true });
});
afterAll(async () => {
  await codec.close();
  await rm(cacheDir, { recursive: true });
});

const framesOf = (count: number) =>
  codeFrames(
    codec.numCodebooks,
    Int32Array.from({ length: count * codec.numCodebooks }, (_, i) => (i * 31) % codec.codebookSize),
  );

test('sound is what it is without the thread', async () => {
  const here = await built.openCodec({ codecDir, cacheDir, device: 'cpu', threads: 1 });
  expect(await codec.decode(framesOf(20))).toEqual(await here.decode(framesOf(20)));
  await here.close();
});

test('this thread goes on while sound is made', async () => {
  let turns = 0;
  const counting = setInterval(() => turns++, 0);
  await codec.decode(framesOf(200));
  clearInterval(counting);
  expect(turns).toBeGreaterThan(10);
});

test('runs that are asked for together come in order', async () => {
  const lengths = await Promise.all([3, 1, 2].map(async (count) => (await codec.decode(framesOf(count))).length));
  expect(lengths).toEqual([3, 1, 2].map((count) => count * codec.hopSamples));
});

test('after closing it says that it is closed', async () => {
  const other = await built.openCodec({ codecDir, cacheDir, device: 'cpu', threads: 1, inBackground: true });
  const last = other.decode(framesOf(30));
  await other.close();
  expect((await last).length).toBe(30 * other.hopSamples);
  await expect(other.decode(framesOf(1))).rejects.toMatchObject({ code: 'HIGGS_CLOSED' });
});
