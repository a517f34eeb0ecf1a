/** Unit tests start no process: one that tries to fails here, and belongs to the tests that run the build (kinds.ts). */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

for (const name of ['spawn', 'spawnSync', 'fork', 'exec', 'execSync', 'execFile', 'execFileSync']) {
  const refuse = (): never => {
    throw new Error(`A unit test starts a process (${name}). test/kinds.ts says what makes it a test of the build.`);
  };
  Object.assign(childProcess, { [name]: refuse });
}
syncBuiltinESMExports();
