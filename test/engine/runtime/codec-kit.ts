/** Codecs in a cache folder of this test file's own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { ProgressEvent } from '../../../src/engine/progress.js';
import { openCodec, type LoadedCodec } from '../../../src/engine/runtime/codec.js';

export const EMBEDDED = path.join(__dirname, '../../../models/embedded/codec');

type OpenCodec = (codecDir: string, onProgress?: (event: ProgressEvent) => void) => Promise<LoadedCodec>;

/** The folder is there while the file's tests run. */
export function codecOpener(): { readonly open: OpenCodec; readonly folder: () => string } {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'higgs-codec-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return {
    open: (codecDir, onProgress) =>
      openCodec({ codecDir, cacheDir: path.join(folder, 'cache'), device: 'cpu', threads: 1, onProgress }),
    folder: () => folder,
  };
}
