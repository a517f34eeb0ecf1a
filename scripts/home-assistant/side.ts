/** One of the programs that meet: it can be ended, killed and started again. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { start } from '../demo/processes.js';
import { until } from './waiting.js';

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** All that it prints, of one start behind the other. */
  readonly logFile: string;
  /** True once it answers. */
  readonly answers: () => Promise<boolean>;
}

export class Side {
  private child: ChildProcess | undefined;

  constructor(private readonly program: Program) {
    fs.writeFileSync(program.logFile, '');
  }

  get name(): string {
    return this.program.name;
  }

  async up(): Promise<void> {
    const { name, command, args, logFile, answers } = this.program;
    const log = fs.openSync(logFile, 'a');
    const child = start(command, args, { stdio: ['ignore', log, log] });
    fs.closeSync(log);
    this.child = child;
    let failure = '';
    child.once('error', (error) => (failure = error.message));
    const ended = () => failure !== '' || child.exitCode !== null || child.signalCode !== null;
    await until(`${name} answers`, async () => ended() || (await answers()));
    if (ended()) throw new Error(`${name} ended: ${failure} ${this.log().slice(-1000)}`);
  }

  /** Ends when it is gone. */
  async down(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  log(): string {
    return fs.readFileSync(this.program.logFile, 'utf8');
  }
}
