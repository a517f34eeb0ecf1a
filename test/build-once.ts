import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Builds dist/ before the first test, so that what is tested is what the sources say now. */
export function setup(): void {
  const root = path.join(__dirname, '..');
  execFileSync('npm', ['run', 'build', '--silent'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}
