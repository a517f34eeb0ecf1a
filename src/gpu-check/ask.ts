/** Asks a process of its own: what aborts, hangs or leaks there is an answer here. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Line, Task } from './tasks.js';

const ENTRY = path.join(__dirname, 'child.js');
/** A process that a driver holds does not even end when it is killed; nobody waits for it longer. */
const DYING_SECONDS = 3;
/** What is told of a process's last words. */
const LAST_WORDS = 400;

export interface Answer {
  /** All that came, also from a process that died. */
  readonly lines: readonly Line[];
  /** Left out where the task was done. */
  readonly failure?: string;
  /** The time was over: nothing is known of what was not answered. */
  readonly isLate?: true;
}

/** Ends the process after `seconds`. Never rejects. */
export async function ask(task: Task, seconds: number): Promise<Answer> {
  const child = spawn(process.execPath, [ENTRY, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: Line[] = [];
  let words = '';
  let isLate: true | undefined;
  child.stderr.setEncoding('utf8').on('data', (part: string) => (words = (words + part).slice(-LAST_WORDS)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    // Libraries print lines of their own.
    if (line.startsWith('{"')) lines.push(JSON.parse(line) as Line);
  });
  const ended = await new Promise<string>((resolve) => {
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
      setTimeout(() => resolve('it does not end'), 1000 * DYING_SECONDS).unref();
    }, 1000 * seconds);
    const end = (how: string): void => {
      clearTimeout(timer);
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) => end(signal ?? `exit status ${code}`));
  });
  child.unref();
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  const last = lines.at(-1);
  if (last !== undefined && 'done' in last) return { lines };
  if (last !== undefined && 'failed' in last) return { lines, failure: last.failed };
  if (isLate) return { lines, failure: `it was ended after ${Math.round(seconds)} s`, isLate };
  const said = words.trim().split('\n').at(-1) ?? '';
  return { lines, failure: `the process died (${ended})${said === '' ? '' : `: ${said}`}` };
}
