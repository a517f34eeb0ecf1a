/** The README's sample is compiled and run as it stands, by someone who has installed the package. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readWav } from '../../src/engine/sound/index.js';
import { ROOT, temporaryFolder } from '../engine-kit.js';

const TYPESCRIPT = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

test('the README’s sample compiles, runs, and leaves a file that can be played', () => {
  const [sample] = /(?<=```ts\n)[^]*?(?=```)/.exec(fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8'))!;
  const folder = temporaryFolder();
  fs.mkdirSync(path.join(folder, 'node_modules', '@higgs-tts'), { recursive: true });
  fs.symlinkSync(ROOT, path.join(folder, 'node_modules', '@higgs-tts', 'node-red'), 'junction');
  fs.symlinkSync(path.join(ROOT, 'node_modules', '@types'), path.join(folder, 'node_modules', '@types'), 'junction');
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  fs.writeFileSync(path.join(folder, 'sample.ts'), sample);
  const run = (program: string, args: readonly string[]) =>
    execFileSync(process.execPath, [program, ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, HIGGS_CACHE_DIR: path.join(folder, 'cache'), HIGGS_DATA_DIR: path.join(folder, 'data') },
    });
  run(TYPESCRIPT, [
    '--strict',
    '--skipLibCheck',
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--types',
    'node',
    'sample.ts',
  ]);
  const output = run('sample.js', []);
  expect(output).toMatch(/^\d+ samples from 0\.00 s on\n/);
  expect(readWav(fs.readFileSync(path.join(folder, 'dinner.wav'))).samples.length).toBeGreaterThan(10_000);
});
