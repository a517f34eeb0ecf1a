import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { codeFrames, type CodeFrames } from '../../../src/engine/codes.js';
import { encodeWav } from '../../../src/engine/sound/index.js';
import { ClipCodes, openReferenceClip, readClip } from '../../../src/engine/voices/index.js';

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await fs.mkdtemp(path.join(os.tmpdir(), 'higgs-clips-'));
});
afterEach(() => fs.rm(cacheDir, { recursive: true, force: true }));

const frames = codeFrames(2, Int32Array.of(1, 2, 3, 1023));
const clipOf = (text: string) => new TextEncoder().encode(text);
/** Counts how often it is asked to encode. */
function counting(result: CodeFrames = frames) {
  const encoder = { calls: 0, encode: () => (encoder.calls++, Promise.resolve(result)) };
  return encoder;
}
const open = (more: { codecKey?: string; keptInMemory?: number } = {}) =>
  new ClipCodes({ cacheDir, codecKey: 'codec-a', ...more });

test('a clip is encoded once for memory, disk and all processes to come', async () => {
  const encoder = counting();
  const codes = open();
  expect(await codes.codesOf(clipOf('one'), encoder.encode)).toEqual(frames);
  expect(await codes.codesOf(clipOf('one'), encoder.encode)).toEqual(frames);
  expect(await open().codesOf(clipOf('one'), encoder.encode)).toEqual(frames);
  expect(encoder.calls).toBe(1);
});

test('another clip, and the same clip with another codec, are encoded anew', async () => {
  const encoder = counting();
  await open().codesOf(clipOf('one'), encoder.encode);
  await open().codesOf(clipOf('two'), encoder.encode);
  await open({ codecKey: 'codec-b' }).codesOf(clipOf('one'), encoder.encode);
  expect(encoder.calls).toBe(3);
});

test('calls at the same time share one encoding', async () => {
  const encoder = counting();
  const codes = open();
  await Promise.all([1, 2, 3].map(() => codes.codesOf(clipOf('one'), encoder.encode)));
  expect(encoder.calls).toBe(1);
});

test('two caches on one folder, as two processes have them, do not get in each other’s way', async () => {
  const encoders = Array.from({ length: 8 }, () => counting());
  const results = await Promise.all(encoders.map((encoder) => open().codesOf(clipOf('one'), encoder.encode)));
  for (const result of results) expect(result).toEqual(frames);
  expect(await fs.readdir(path.join(cacheDir, 'clip-codes'))).toHaveLength(1);
});

test('an encoding that fails is not kept', async () => {
  const codes = open();
  await expect(codes.codesOf(clipOf('one'), () => Promise.reject(new Error('out of breath')))).rejects.toThrow(
    'breath',
  );
  const encoder = counting();
  expect(await codes.codesOf(clipOf('one'), encoder.encode)).toEqual(frames);
  expect(encoder.calls).toBe(1);
});

test('memory keeps the clips used last, no more than it is told to', async () => {
  const codes = open({ keptInMemory: 2 });
  const encoder = counting();
  for (const name of ['one', 'two', 'one', 'three']) await codes.codesOf(clipOf(name), encoder.encode);
  await fs.rm(path.join(cacheDir, 'clip-codes'), { recursive: true });
  await codes.codesOf(clipOf('one'), encoder.encode); // Still in memory.
  expect(encoder.calls).toBe(3);
  await codes.codesOf(clipOf('two'), encoder.encode); // Dropped before, and its file is gone.
  expect(encoder.calls).toBe(4);
});

test.each([
  '',
  '{"numCodebooks":2,"codes":[1,2,3]}',
  '{"numCodebooks":2,"codes":[1.5,-2]}',
  '{"numCodebooks":0,"codes":[1]}',
])('a file that holds %j is encoded and written anew', async (content) => {
  await open().codesOf(clipOf('one'), counting().encode);
  const folder = path.join(cacheDir, 'clip-codes');
  const [file] = await fs.readdir(folder);
  await fs.writeFile(path.join(folder, file!), content);
  const encoder = counting();
  expect(await open().codesOf(clipOf('one'), encoder.encode)).toEqual(frames);
  expect(encoder.calls).toBe(1);
  expect(await open().codesOf(clipOf('one'), encoder.encode)).toEqual(frames);
  expect(encoder.calls).toBe(1);
});

test('a folder that cannot be written costs time and nothing else', async () => {
  await fs.writeFile(path.join(cacheDir, 'clip-codes'), 'a file in the way');
  const encoder = counting();
  expect(await open().codesOf(clipOf('one'), encoder.encode)).toEqual(frames);
  expect(await open().codesOf(clipOf('one'), encoder.encode)).toEqual(frames);
  expect(encoder.calls).toBe(2);
});

test('a reference clip is checked before it is decoded, and brought to 24 kHz', () => {
  const tone = (seconds: number, rate: number) =>
    encodeWav(
      Float32Array.from({ length: seconds * rate }, (_, at) => 0.3 * Math.sin(at / 20)),
      { sampleRateHz: rate },
    );
  const { samples, report } = openReferenceClip(tone(2, 16_000));
  expect(samples.length).toBe(48_000);
  expect(report).toMatchObject({ durationSeconds: 2, sampleRateHz: 16_000 });
  const codeOf = (bytes: Uint8Array) => {
    try {
      openReferenceClip(bytes);
    } catch (thrown) {
      return (thrown as { code: string }).code;
    }
    return undefined;
  };
  expect(codeOf(tone(0.5, 24_000))).toBe('HIGGS_CLIP_TOO_SHORT');
  expect(codeOf(tone(61, 8000))).toBe('HIGGS_CLIP_TOO_LONG');
  expect(codeOf(encodeWav(new Float32Array(48_000)))).toBe('HIGGS_CLIP_SILENT');
  expect(codeOf(clipOf('no sound'))).toBe('HIGGS_CLIP_UNREADABLE');
});

test('bytes that are given as bytes are taken as they are', async () => {
  const bytes = clipOf('anything');
  expect(await readClip(bytes)).toBe(bytes);
});
