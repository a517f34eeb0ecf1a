/** Programs that some tests need and npm does not install. */
import fs from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'vitest';

/** Where a program may lie although the PATH does not name it. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];
const ENDINGS = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];

/** The first of `names` that this machine has. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...MORE_FOLDERS];
  const files = names.flatMap((name) =>
    folders.flatMap((folder) => ENDINGS.map((end) => path.join(folder, name + end))),
  );
  return files.find((file) => fs.existsSync(file));
}

/** .ci/run sets it: a test that cannot run fails there. */
export const SKIPS_ALLOWED = process.env.HIGGS_NO_SKIPS !== '1';

/** Says that `what` is not tested here and why; throws where nothing may be skipped. */
export function tellSkipped(what: string, reason: string): void {
  if (!SKIPS_ALLOWED) throw new Error(`HIGGS_NO_SKIPS=1, but "${what}" cannot run: ${reason}.`);
  process.stderr.write(`\nSKIPPED: "${what}": ${reason}.\n`);
}

/** Ends the test, or with a beforeEach each one, as skipped, and says why; it fails where nothing may be skipped. */
export function skipBecause({ skip, task }: TestContext, reason: string): never {
  tellSkipped(task.name, reason);
  return skip(reason);
}

/** Skips the test where this machine lacks one of `programs`: at the beginning of a test, or in a beforeEach. */
export function skipWithout(context: TestContext, ...programs: readonly string[]): void {
  const missing = programs.filter((program) => findProgram(program) === undefined);
  if (missing.length > 0) skipBecause(context, `not installed here: ${missing.join(', ')}`);
}
