import { execFileSync } from 'node:child_process';
import path from 'node:path';

/**
 * Builds dist/ before the first test, so that what is tested is what the sources say now.
 * HIGGS_SKIP_BUILD=1 takes dist/ as it is, for short rounds on one room.
 */
export function setup(): void {
  if (process.env.HIGGS_SKIP_BUILD === '1') return;
  const root = path.join(__dirname, '..');
  execFileSync('npm', ['run', 'build', '--silent'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}
