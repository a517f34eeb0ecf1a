/** One child process: starting it, speaking with it, and knowing for certain when it is gone. */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { ChildSettings, ToChild, ToParent } from '../protocol.js';
import { NO_TELEMETRY } from '../telemetry.js';
import { fromWire, type OnWire } from '../wire.js';

/** The compiled child beside the compiled client. */
const ENTRY = path.join(__dirname, '..', 'child', 'main.js');
/** How much of the child's last words is kept, in characters. */
const TAIL_CHARACTERS = 4000;
/**
 * glibc gives blocks from this many bytes on back to the system when they are freed; left alone it learns to keep them
 * for later, which at full size is 0.5 GB after the first clip. Other systems' libraries do not read it.
 */
export const GIVE_BACK_MEMORY = { MALLOC_MMAP_THRESHOLD_: String(2 ** 20) };

export interface ChildEnd {
  /** "was killed by SIGKILL", "ended with exit code 7" or "could not be started: …". */
  readonly how: string;
  /** The end of what it wrote to its standard error; empty where it said nothing. */
  readonly lastWords: string;
}

export class ChildLink {
  /** Settles when the process is gone and everything it said has been heard; never rejects. */
  readonly ended: Promise<ChildEnd>;
  private readonly child: ChildProcess;
  private lastWords = '';

  constructor(settings: ChildSettings, onMessage: (message: ToParent) => void) {
    this.child = fork(ENTRY, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // The parent's own flags (a debugger's port, a test runner's loader) are not the child's.
      execArgv: [],
      // The parent's working folder may be deleted; all paths are whole ones.
      cwd: path.parse(ENTRY).root,
      env: { ...GIVE_BACK_MEMORY, ...NO_TELEMETRY, ...process.env },
    });
    this.child.on('message', (message) => onMessage(fromWire(message as OnWire)));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-TAIL_CHARACTERS);
    });
    this.ended = new Promise((resolve) => {
      const end = (how: string) => resolve({ how, lastWords: this.lastWords.trim() });
      this.child.once('close', (status, signal) =>
        end(signal === null ? `ended with exit code ${String(status)}` : `was killed by ${signal}`),
      );
      this.child.on('error', (error) => {
        // Without a process id it never ran, and nothing else will be heard of it.
        if (this.child.pid === undefined) end(`could not be started: ${error.message}`);
      });
    });
    this.send({ kind: 'settings', settings });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** A message that cannot be sent needs no answer: the child is gone, and `ended` tells. */
  send(message: ToChild): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  /** Whether the child keeps the parent's event loop alive: only while something is asked of it. */
  hold(alive: boolean): void {
    const change = alive ? 'ref' : 'unref';
    this.child[change]();
    this.child.channel?.[change]();
    const stderr = this.child.stderr as unknown as { ref?(): void; unref?(): void } | null;
    stderr?.[change]?.();
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Asks it to end, makes it end after `graceMs`, and settles when it is gone. */
  async close(graceMs: number): Promise<ChildEnd> {
    this.hold(true);
    this.send({ kind: 'close' });
    const force = setTimeout(() => this.kill(), graceMs);
    try {
      return await this.ended;
    } finally {
      clearTimeout(force);
    }
  }
}
