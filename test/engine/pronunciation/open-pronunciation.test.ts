import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPronunciation } from '../../../src/engine/pronunciation/index.js';
import { SHIPPED_FILE } from './kit.js';

let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'higgs-reading-'));
  fs.copyFileSync(SHIPPED_FILE, path.join(folder, 'words.bin'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function openWith(reading: unknown): ReturnType<typeof openPronunciation> {
  fs.writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ model_type: 'higgs_audio_v2', reading }));
  return openPronunciation(folder);
}

describe('the reading of a checkpoint', () => {
  it('is none where its config names none: it reads letters', async () => {
    expect(await openWith(undefined)).toBeUndefined();
  });

  it('is the file that its config names', async () => {
    const pronunciation = await openWith({ alphabet: 'misaki', file: 'words.bin' });
    expect(pronunciation?.reader('british').read('Hello there.')).toBe('həlˈQ ðˈɛː.');
  });

  it('is refused in another alphabet', async () => {
    const opening = openWith({ alphabet: 'arpabet', file: 'words.bin' });
    await expect(opening).rejects.toMatchObject({ code: 'HIGGS_CHECKPOINT_UNSUPPORTED' });
  });

  it.each(['../words.bin', '/etc/hosts', path.join('sub', 'words.bin')])(
    'is refused where its file is outside the folder: %s',
    async (file) => {
      await expect(openWith({ alphabet: 'misaki', file })).rejects.toMatchObject({ code: 'HIGGS_CHECKPOINT_BROKEN' });
    },
  );

  it('is refused where its config says it in another form', async () => {
    await expect(openWith(true)).rejects.toMatchObject({ code: 'HIGGS_CHECKPOINT_BROKEN' });
  });

  it('can read words, and not what has none', async () => {
    const pronunciation = await openWith({ alphabet: 'misaki', file: 'words.bin' });
    expect(pronunciation?.canRead('<SE>[Laughter]</SE> Hello.')).toBe(true);
    expect(pronunciation?.canRead('<SE>[Laughter]</SE> 你好 ...')).toBe(false);
  });
});
