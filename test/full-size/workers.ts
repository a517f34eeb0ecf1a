/** Tasks in processes of their own. */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { GIVE_BACK_MEMORY } from '../../src/engine/client/worker-process.js';
import type { Report, Task } from './tasks.js';

export interface Worker {
  readonly child: ChildProcess;
  /** The last report; undefined where the process was killed before. */
  readonly done: Promise<Report | undefined>;
}

export function start(task: Task, onProgress: (share: number) => void = () => undefined): Worker {
  const child = fork(path.join(__dirname, 'child.js'), [JSON.stringify(task)], {
    serialization: 'advanced',
    env: { ...process.env, ...GIVE_BACK_MEMORY },
  });
  const done = new Promise<Report | undefined>((resolve, reject) => {
    let last: Report | undefined;
    child.on('message', (message) => {
      const report = message as Report;
      if (report.kind === 'progress') onProgress(report.bytesDone / report.bytesTotal);
      else last = report;
    });
    child.on('error', reject);
    child.on('exit', (status, signal) => {
      if (last !== undefined || signal === 'SIGKILL') resolve(last);
      else reject(new Error(`The ${task.kind} process ended with status ${String(status ?? signal)}.`));
    });
  });
  return { child, done };
}

type ResultOf<K> = Extract<Report, { readonly kind: K; readonly result: unknown }>['result'];

/** Runs a task to its end and gives what it found. */
export async function run<K extends Task['kind']>(
  task: Task & { readonly kind: K },
  onProgress?: (share: number) => void,
): Promise<ResultOf<K>> {
  const report = await start(task, onProgress).done;
  if (report === undefined || report.kind !== task.kind || !('result' in report)) {
    throw new Error(`The ${task.kind} process gave no report.`);
  }
  return report.result as ResultOf<K>;
}
