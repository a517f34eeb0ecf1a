import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findDamage, sealFolder } from '../../../src/engine/export/seal.js';
import { temporaryFolder } from '../../engine-kit.js';

/** Files of this size are not read again while nothing has written to them. */
const LARGE_BYTES = 3_000_000;

async function sealed(): Promise<{ dir: string; file: (name: string) => string }> {
  const dir = temporaryFolder();
  const file = (name: string): string => path.join(dir, name);
  fs.writeFileSync(file('small'), 'small');
  fs.writeFileSync(file('large'), Buffer.alloc(LARGE_BYTES, 7));
  await sealFolder(dir);
  return { dir, file };
}

/** Writes one byte at `position` and puts the file's times back. */
function flip(file: string, position: number): void {
  const { atime, mtime } = fs.statSync(file);
  const handle = fs.openSync(file, 'r+');
  fs.writeSync(handle, Buffer.of(0x55), 0, 1, position);
  fs.closeSync(handle);
  fs.utimesSync(file, atime, mtime);
}

test('a folder that nothing has happened to has no damage, also as a copy', async () => {
  const { dir } = await sealed();
  expect(await findDamage(dir)).toBeUndefined();
  const copy = temporaryFolder();
  fs.cpSync(dir, copy, { recursive: true });
  expect(await findDamage(copy)).toBeUndefined();
});

test.each([
  ['one byte of a small file', 'small', 2],
  ['one byte in the middle of a large file', 'large', LARGE_BYTES / 2],
  ['the last byte of a large file', 'large', LARGE_BYTES - 1],
])('%s is noticed, whatever the file’s time says', async (_what, name, position) => {
  const { dir, file } = await sealed();
  flip(file(name), position);
  expect(await findDamage(dir)).toBe(`the content of "${name}" has changed`);
});

test('a damaged large file stays noticed, also where another file of the folder was found whole', async () => {
  const { dir, file } = await sealed();
  flip(file('large'), 5);
  for (let time = 0; time < 2; time++) expect(await findDamage(dir)).toContain('"large"');
});

test('a large file that was copied from elsewhere is read once and then known', async () => {
  const { dir, file } = await sealed();
  const before = fs.readFileSync(file('seal.checked.json'), 'utf8');
  fs.copyFileSync(file('large'), file('other'));
  fs.renameSync(file('other'), file('large'));
  expect(await findDamage(dir)).toBeUndefined();
  const noted = fs.readFileSync(file('seal.checked.json'), 'utf8');
  expect(noted).not.toBe(before);
  expect(await findDamage(dir)).toBeUndefined();
  expect(fs.readFileSync(file('seal.checked.json'), 'utf8')).toBe(noted);
});

test.each([
  '{',
  '[]',
  '{"version":1,"files":{}}',
  '{"version":2,"files":{"small":{}}}',
  '{"version":1,"files":{"a":0}}',
])('a seal that is %s is damage', async (text) => {
  const { dir, file } = await sealed();
  fs.writeFileSync(file('seal.json'), text);
  expect(await findDamage(dir)).toBe('"seal.json" is missing or damaged');
});

test('a seal that names files outside of its folder reads none of them', async () => {
  const { dir, file } = await sealed();
  const seal = { version: 1, files: { '../../etc/hostname': { byteLength: 5, sha256: '' } } };
  fs.writeFileSync(file('seal.json'), JSON.stringify(seal));
  expect(await findDamage(dir)).toContain('is missing');
});
