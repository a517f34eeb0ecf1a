/** Folders that tests read, and folders of their own. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

export const ROOT = path.join(__dirname, '..', '..');
/** Random weights: it says nothing, at any length, fast. */
export const SMALL_MODEL = path.join(ROOT, 'test', 'fixtures', 'reference', 'small');
export const EMBEDDED_VOICES = path.join(ROOT, 'models', 'embedded', 'voices');

const folders: string[] = [];
// Registered while the file is imported, so it runs last, and also for folders that a test makes while it runs.
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A folder that is there until the test file ends. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'higgs-test-'));
  folders.push(folder);
  return folder;
}
