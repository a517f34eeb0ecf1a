/**
 * Which tests need the build. A unit test imports sources alone; it starts no process, browser or broker, and needs no
 * dist/. Every other test runs what ships. The kind follows from what a test imports, itself or by its kits in test/. A sweep that
 * takes longer than all the rest of its folder is called `.long.test.ts`: it runs with the others, not between two edits.
 */
import fs from 'node:fs';
import path from 'node:path';

const TEST = __dirname;
const NEEDS_BUILD = /'node:child_process'|process\.execPath|'@higgs-tts\/node-red\/|'playwright-core'|\bdist[/']/;
const OWN_IMPORT = /from '(\.[^']*)\.js'/g;

const LONG = '.long.test.ts';

function needsBuild(file: string): boolean {
  const source = fs.readFileSync(file, 'utf8');
  if (NEEDS_BUILD.test(source)) return true;
  return [...source.matchAll(OWN_IMPORT)]
    .map(([, imported]) => path.resolve(path.dirname(file), `${imported!}.ts`))
    .some((imported) => imported.startsWith(TEST + path.sep) && needsBuild(imported));
}

/** All test files of one kind, by their paths from the package's root. */
export function testFiles(kind: 'unit' | 'built'): string[] {
  return fs
    .readdirSync(TEST, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .filter((name) => (name.endsWith(LONG) || needsBuild(path.join(TEST, name))) === (kind === 'built'))
    .map((name) => path.posix.join('test', name.replaceAll(path.sep, '/')));
}
