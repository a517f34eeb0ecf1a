/** Makes the folders that are measured. */
import fs from 'node:fs';
import path from 'node:path';
import { writeCodec } from './codec.js';
import { writeLanguageModel, type Layout } from './language-model.js';

/** `dir/<layout>/model` and `dir/<layout>/codec`, as `EngineOptions.model` takes them. Gives both sizes in bytes. */
export function makeCheckpoint(dir: string, layout: Layout): { model: number; codec: number } {
  const folder = checkpointFolder(dir, layout);
  fs.rmSync(folder, { recursive: true, force: true });
  const codec = writeCodec(path.join(folder, 'codec'));
  return { codec, model: writeLanguageModel(path.join(folder, 'model'), layout) };
}

export function checkpointFolder(dir: string, layout: Layout): string {
  return path.join(dir, layout);
}
