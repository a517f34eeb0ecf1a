import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ROOT, SMALL_MODEL, temporaryFolder } from '../engine-kit.js';

/** Speaks from a working folder that was deleted; prints how each request ended. */
const PROGRAM = `
  const fs = require('node:fs');
  const { acquireEngine } = require(process.argv[1] + '/dist/src/engine/index.js');
  const { writeWhole } = require(process.argv[1] + '/dist/src/engine/output-file.js');
  const [, , model, cacheDir, gone] = process.argv;
  process.chdir(gone);
  fs.rmdirSync(gone);
  const told = (name, work) => work().then(() => console.log(name, 'done'), (error) => console.log(name, error.code, error.message));
  (async () => {
    const { engine, release } = acquireEngine({ model, cacheDir, dataDir: cacheDir, threads: 1 });
    const request = { text: 'Hello.', maxSeconds: 0.4, seed: 1 };
    await told('absolute:', () => engine.speak(request));
    await told('clip:', () => engine.speak({ ...request, voice: { kind: 'clip', clip: 'a.wav', transcript: 'So.' } }));
    await told('file:', () => writeWhole('b.wav', Buffer.alloc(1)));
    await told('model:', async () => acquireEngine({ model: 'folder', cacheDir, dataDir: cacheDir }));
    await release();
  })();`;

// Windows lets nobody delete a working folder.
test.runIf(process.platform !== 'win32')(
  'in a working folder that was deleted whole paths work, and relative ones are refused with the reason',
  () => {
    const args = ['-e', PROGRAM, ROOT, SMALL_MODEL, temporaryFolder(), temporaryFolder()];
    const lines = execFileSync(process.execPath, args, { encoding: 'utf8', cwd: ROOT }).trim().split('\n');
    const refused = (name: string, given: string): unknown =>
      expect.stringMatching(`^${name}: HIGGS_OPTION_INVALID .*"${given}".*working folder, which is gone`);
    expect(lines).toEqual([
      'absolute: done',
      refused('clip', 'a.wav'),
      refused('file', 'b.wav'),
      refused('model', 'folder'),
    ]);
  },
);
