/** Pipes, devices and folders in the place of files that nodes read. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { readFileBytes } from '../../../nodes/common/read-file-bytes.js';
import { StoredSounds } from '../../../nodes/common/stored-sounds.js';
import { EMBEDDED_VOICES, temporaryFolder } from '../../helpers/folders.js';

const SPEECH = fs.readFileSync(path.join(EMBEDDED_VOICES, 'ella.wav'));

function pipeIn(folder: string, name: string): string {
  const file = path.join(folder, name);
  execFileSync('mkfifo', [file]);
  return file;
}

describe.runIf(process.platform !== 'win32')('a file that a node reads', () => {
  test('is refused where it is a pipe, a device or a folder', async () => {
    const folder = temporaryFolder();
    for (const [file, kind] of [
      [pipeIn(folder, 'bed.wav'), 'a named pipe'],
      ['/dev/zero', 'a device'],
      [folder, 'a folder'],
    ] as const) {
      const refused = { code: 'HIGGS_CLIP_UNREADABLE', message: `The file "${file}" is ${kind}, not a file.` };
      await expect(readFileBytes(file)).rejects.toMatchObject(refused);
    }
  });

  test('names what is wrong in short, however long the name is', async () => {
    const unreadable = { code: 'HIGGS_SOUND_MISSING', advice: 'Speak first.' } as const;
    const error = await readFileBytes('word '.repeat(2000), unreadable).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'HIGGS_SOUND_MISSING' });
    expect((error as Error).message).toMatch(/ Speak first\.$/);
    expect((error as Error).message.length).toBeLessThan(600);
  });

  test('is read where it is a link to a file', async () => {
    const link = path.join(temporaryFolder(), 'link.wav');
    fs.symlinkSync(path.join(EMBEDDED_VOICES, 'ella.wav'), link);
    expect(SPEECH.equals(await readFileBytes(link))).toBe(true);
  });
});

describe.runIf(process.platform !== 'win32')('a pipe among the stored sounds', () => {
  test('is none of them, neither in the list nor by its name', async () => {
    const folder = temporaryFolder();
    const sounds = new StoredSounds(folder);
    await sounds.put('door', SPEECH);
    pipeIn(folder, 'bell.wav');
    expect((await sounds.list()).map(({ name }) => name)).toEqual(['door']);
    await expect(sounds.read('bell')).rejects.toMatchObject({ code: 'HIGGS_SOUND_MISSING' });
  });

  test('in the place of one that was just found is an error at once', async () => {
    const folder = temporaryFolder();
    const sounds = new StoredSounds(folder);
    await sounds.put('door', SPEECH);
    const file = path.join(folder, fs.readdirSync(folder)[0]!);
    // What the list says is no longer so when the file is read.
    const found = await fs.promises.readdir(folder, { withFileTypes: true });
    const list = vi.spyOn(fs.promises, 'readdir').mockResolvedValue(found as never);
    fs.rmSync(file);
    execFileSync('mkfifo', [file]);
    await expect(sounds.read('door')).rejects.toThrow('is a named pipe, not a file');
    expect(await sounds.list()).toEqual([]);
    list.mockRestore();
  });
});
