import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkWritable, writeWhole } from '../../src/engine/output-file.js';
import { temporaryFolder } from '../helpers/folders.js';

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
