import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkWritable, removeHalfWritten, writeWhole } from '../../src/engine/output-file.js';
import { ROOT, temporaryFolder } from '../helpers/folders.js';
import { skipBecause } from '../helpers/programs.js';

const BYTES = new Uint8Array([1, 2, 3]);

describe('a file of sound', () => {
  test('is written whole, over an older one too, with nothing left beside it', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'a.wav');
    await writeWhole(file, new Uint8Array(100));
    await writeWhole(file, BYTES);
    expect([...fs.readFileSync(file)]).toEqual([1, 2, 3]);
    expect(fs.readdirSync(folder)).toEqual(['a.wav']);
  });

  test('that is a link stays one', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'real.wav'), 'old');
    fs.symlinkSync('real.wav', path.join(folder, 'link.wav'));
    await writeWhole(path.join(folder, 'link.wav'), BYTES);
    expect(fs.lstatSync(path.join(folder, 'link.wav')).isSymbolicLink()).toBe(true);
    expect([...fs.readFileSync(path.join(folder, 'real.wav'))]).toEqual([1, 2, 3]);
  });

  test.each<[string, (folder: string) => string]>([
    ['in a folder that does not exist', (folder) => path.join(folder, 'no', 'a.wav')],
    [
      'in a folder that is a file',
      (folder) => (fs.writeFileSync(path.join(folder, 'f'), ''), path.join(folder, 'f', 'a.wav')),
    ],
    ['that is a folder', (folder) => (fs.mkdirSync(path.join(folder, 'd')), path.join(folder, 'd'))],
  ])('%s is refused before the work and at its end, and leaves nothing', async (_what, make) => {
    const folder = temporaryFolder();
    const file = make(folder);
    const before = fs.readdirSync(folder);
    await expect(checkWritable(file)).rejects.toMatchObject({ code: 'HIGGS_OUTPUT_UNWRITABLE' });
    await expect(writeWhole(file, BYTES)).rejects.toMatchObject({ code: 'HIGGS_OUTPUT_UNWRITABLE' });
    expect(fs.readdirSync(folder)).toEqual(before);
  });

  test.runIf(fs.existsSync('/dev/full'))(
    'on a full disk fails with HIGGS_DISK_FULL, and a device stays one',
    async () => {
      const folder = temporaryFolder();
      // Devices of our own, so that no mistake can replace the system's.
      fs.symlinkSync('/dev/full', path.join(folder, 'full'));
      fs.symlinkSync('/dev/null', path.join(folder, 'null'));
      await expect(writeWhole(path.join(folder, 'full'), BYTES)).rejects.toMatchObject({ code: 'HIGGS_DISK_FULL' });
      await writeWhole(path.join(folder, 'null'), BYTES);
      for (const device of ['/dev/full', '/dev/null']) expect(fs.statSync(device).isCharacterDevice()).toBe(true);
    },
  );
});

const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
test('a file is on the disk before it gets its name', (context) => {
  if (!canTrace) skipBecause(context, 'it needs strace');
  const folder = temporaryFolder();
  const program = `
    const { writeWhole } = require(${JSON.stringify(path.join(ROOT, 'dist/src/engine/output-file.js'))});
    const { cacheEntry } = require(${JSON.stringify(path.join(ROOT, 'dist/src/engine/export/cache.js'))});
    (async () => {
      await writeWhole(${JSON.stringify(path.join(folder, 'file'))}, Buffer.from('words'));
      await cacheEntry(${JSON.stringify(folder)}, 'entry', {}, async (dir) => fs.writeFileSync(dir + '/graph', 'graph'));
    })();`;
  const log = path.join(temporaryFolder(), 'trace');
  const calls = 'trace=openat,fsync,fdatasync,rename,renameat,renameat2';
  execFileSync('strace', ['-f', '-y', '-o', log, '-e', calls, process.execPath, '-e', program]);
  const lines = fs.readFileSync(log, 'utf8').split('\n');
  /** The first call of `kind` with `name` in it. */
  const at = (kind: string, name: string): number => {
    const found = lines.findIndex((line) => line.includes(`${kind}(`) && line.includes(name));
    expect(found, `${kind} of ${name}`).toBeGreaterThanOrEqual(0);
    return found;
  };
  expect(at('fsync', '/file.')).toBeLessThan(at('rename', '/file.'));
  expect(at('fsync', '/graph')).toBeLessThan(at('rename', 'seal.json'));
  expect(at('fsync', 'seal.json')).toBeLessThan(at('rename', 'seal.json'));
  expect(at('rename', 'seal.json')).toBeLessThan(
    lines.findLastIndex((line) => /rename\(.*entry-[0-9a-f]+\.tmp/.test(line)),
  );
});

test('what processes left half-written is removed when it is an hour old', async () => {
  const folder = temporaryFolder();
  for (const name of ['old.part', 'new.part', 'old.wav']) fs.writeFileSync(path.join(folder, name), '');
  const old = Date.now() / 1000 - 2 * 60 * 60;
  for (const name of ['old.part', 'old.wav']) fs.utimesSync(path.join(folder, name), old, old);
  await removeHalfWritten(folder);
  expect(fs.readdirSync(folder).sort()).toEqual(['new.part', 'old.wav']);
});
