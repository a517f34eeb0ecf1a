/** Child processes of the demo: each one is ended when the demo ends, however it ends. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

const running = new Set<ChildProcess>();

export function start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Runs `command` to its end and gives what it printed; throws with the end of it where the exit status is not 0. */
export async function run(command: string, args: readonly string[], options: SpawnOptions): Promise<string> {
  const child = start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Buffer) => {
      printed += bytes.toString();
    });
  }
  const [status] = (await once(child, 'close')) as [number | null];
  if (status === 0) return printed;
  throw new Error(`${[command, ...args].join(' ')} failed (${String(status)}):\n${printed.slice(-2000)}`);
}

/** Asks all to end, and makes those end that have not done so in 5 s. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map(end));
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(force);
}
