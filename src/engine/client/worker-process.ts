/**
 * Keeps a worker process ready for the calls: starts one when there is work, tells when one died, gives up after repeated
 * deaths, and ends one that has had nothing to do.
 */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { HiggsError } from '../errors.js';
import type { ToParent, ToWorker, WorkerSettings } from '../protocol.js';
import { NO_TELEMETRY } from '../telemetry.js';
import { fromWire, type OnWire } from '../wire.js';

/** The compiled worker beside the compiled client. */
const ENTRY = path.join(__dirname, '..', 'worker', 'main.js');
/** Deaths without an answered call between them, after which no new worker is started. */
const DEATHS_TO_GIVE_UP = 3;
/** A worker that was asked to end and has not after this long is killed. */
const CLOSE_GRACE_MS = 1500;
const LAST_LINE_CHARACTERS = 300;
/** How much of the worker's last words is kept, in characters. */
const TAIL_CHARACTERS = 4000;
/**
 * glibc gives blocks from this many bytes on back to the system when they are freed; left alone it learns to keep them
 * for later, which at full size is 0.5 GB after the first clip. Other systems' libraries do not read it.
 */
export const GIVE_BACK_MEMORY = { MALLOC_MMAP_THRESHOLD_: String(2 ** 20) };

export interface WorkerEvents {
  onMessage(message: ToParent): void;
  /** The worker ended though nobody had asked it to. */
  onWorkerExit(error: HiggsError): void;
  /** A worker that was asked to end is gone; another one may start. */
  onFree(): void;
  onChange(): void;
}

export class WorkerProcess {
  /** Why no worker is started any more. */
  givenUp: HiggsError | undefined;
  private process: RunningProcess | undefined;
  private ready = false;
  /** Something is asked of the worker, as far as is known. */
  private isAsked = false;
  private deaths = 0;
  private leaving: Promise<unknown> | undefined;
  private restTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: WorkerSettings,
    private readonly idleSeconds: number,
    private readonly events: WorkerEvents,
  ) {}

  get state(): 'idle' | 'starting' | 'ready' | 'given-up' {
    if (this.givenUp) return 'given-up';
    if (this.process === undefined) return 'idle';
    if (this.ready) return 'ready';
    return this.isAsked ? 'starting' : 'idle';
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** No former worker is on its way out. */
  get isFree(): boolean {
    return this.leaving === undefined;
  }

  /** Gives the worker something to do; it is started where there is none. */
  assign(message: ToWorker): void {
    clearTimeout(this.restTimer);
    this.isAsked = true;
    this.process ??= this.start();
    this.process.hold(true);
    this.process.send(message);
  }

  /** Tells the worker something, if there is one. */
  tell(message: ToWorker): void {
    this.process?.send(message);
  }

  /** The model is loaded. */
  markReady(): void {
    this.ready = true;
  }

  /** A call was answered as it should be: earlier deaths no longer count. */
  markSuccess(): void {
    this.deaths = 0;
  }

  /** Nothing is asked of the worker now: it may no longer keep this process alive, and ends after the idle time. */
  rest(): void {
    this.isAsked = false;
    this.process?.hold(false);
    clearTimeout(this.restTimer);
    if (this.process === undefined || this.idleSeconds === 0) return;
    this.restTimer = setTimeout(() => void this.close(), this.idleSeconds * 1000).unref();
  }

  /** Ends the worker by force; it counts as no death. Settles when it is gone. */
  async kill(): Promise<void> {
    const process = this.letGo();
    if (process === undefined) return;
    process.kill();
    await this.leave(process.ended);
  }

  /** Asks the worker to end, makes it end within two seconds; settles when it is gone. */
  async close(): Promise<void> {
    clearTimeout(this.restTimer);
    const process = this.letGo();
    await (process ? this.leave(process.close(CLOSE_GRACE_MS)) : this.leaving);
  }

  private start(): RunningProcess {
    // What a worker says after it was let go is about calls that are over.
    const process: RunningProcess = new RunningProcess(this.settings, (message) => {
      if (this.process === process) this.events.onMessage(message);
    });
    void process.ended.then((end) => {
      if (this.process === process) this.countDeath(end);
    });
    this.process = process;
    this.events.onChange();
    return process;
  }

  /** From here on the worker's end is expected. */
  private letGo(): RunningProcess | undefined {
    const { process } = this;
    this.process = undefined;
    this.ready = false;
    if (process) this.events.onChange();
    return process;
  }

  private async leave(gone: Promise<unknown>): Promise<void> {
    this.leaving = gone;
    await gone;
    if (this.leaving !== gone) return;
    this.leaving = undefined;
    this.events.onFree();
  }

  private countDeath({ how, lastWords }: ProcessEnd): void {
    clearTimeout(this.restTimer);
    this.process = undefined;
    this.ready = false;
    this.deaths += 1;
    const cause = lastWords === '' ? {} : { cause: lastWords };
    const lastLine = lastWords.split('\n').at(-1);
    const why = lastLine ? `${how} (${lastLine.slice(0, LAST_LINE_CHARACTERS)})` : how;
    if (this.deaths >= DEATHS_TO_GIVE_UP) {
      this.givenUp = new HiggsError(
        'HIGGS_WORKER_GIVEN_UP',
        `The speech process ended ${this.deaths} times in a row without an answer, so it is not started again; the last time it ${why}.`,
        cause,
      );
    }
    this.events.onWorkerExit(new HiggsError('HIGGS_WORKER_ENDED', `The speech process ${why}.`, cause));
    this.events.onChange();
  }
}

interface ProcessEnd {
  /** "was killed by SIGKILL", "ended with exit code 7" or "could not be started: …". */
  readonly how: string;
  /** The end of what it wrote to its standard error; empty where it said nothing. */
  readonly lastWords: string;
}

/** One process: starting it, speaking with it, and knowing for certain when it is gone. */
class RunningProcess {
  /** Settles when the process is gone and everything it said has been heard; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  private readonly child: ChildProcess;
  private lastWords = '';

  constructor(settings: WorkerSettings, onMessage: (message: ToParent) => void) {
    this.child = fork(ENTRY, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // The parent's own flags (a debugger's port, a test runner's loader) are not the worker's.
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

  /** A message that cannot be sent needs no answer: the process is gone, and `ended` tells. */
  send(message: ToWorker): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  /** Whether the process keeps the parent's event loop alive: only while something is asked of it. */
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
  async close(graceMs: number): Promise<ProcessEnd> {
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
