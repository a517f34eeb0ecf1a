/** A graph that runs on the CPU in a thread of its own, so that this thread goes on meanwhile. */
import { once } from 'node:events';
import path from 'node:path';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { HiggsError, type WireError } from '../errors.js';
import type { GraphResults, OpenGraph, TensorValue } from './session.js';

/** The compiled thread beside this file's own. */
const ENTRY = path.join(__dirname, 'session-worker.js');

export interface SessionThreadSettings {
  readonly file: string;
  readonly threads: number;
}

export type ToSessionThread = { readonly run: Readonly<Record<string, TensorValue>> } | { readonly close: true };
/** One for each run, in order, after one that says that the graph is open. */
export type FromSessionThread = { readonly results: GraphResults } | { readonly error: WireError };

export class SessionThread implements OpenGraph {
  readonly device = 'cpu';
  readonly warnings: readonly string[] = [];
  private readonly waiting: {
    readonly resolve: (results: GraphResults) => void;
    readonly reject: (error: unknown) => void;
  }[] = [];
  private ended: HiggsError | undefined;

  private constructor(private readonly worker: Worker) {
    worker.on('message', (message: FromSessionThread) => {
      const next = this.waiting.shift();
      if ('error' in message) next?.reject(HiggsError.fromWire(message.error));
      else next?.resolve(message.results);
    });
    worker.on('error', (error) => this.end(HiggsError.from(error, 'HIGGS_RUNTIME_FAILED')));
    worker.on('exit', () => this.end(new HiggsError('HIGGS_CLOSED', 'The thread has ended.')));
  }

  /** Loads a graph's file, its weights beside it. Throws what `openSession` does. */
  static async open(settings: SessionThreadSettings): Promise<SessionThread> {
    // A thread with a copy of the environment could set nothing that a native library reads.
    const worker = new Worker(ENTRY, { workerData: settings, env: SHARE_ENV });
    const thread = new SessionThread(worker);
    try {
      await thread.answer();
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    return thread;
  }

  /** Runs wait for those before them. Throws HIGGS_RUNTIME_FAILED, HIGGS_CLOSED. */
  run(inputs: Readonly<Record<string, TensorValue>>): Promise<GraphResults> {
    const results = this.answer();
    this.tell({ run: inputs });
    return results;
  }

  /** Settles when the runs before are done and the native memory is given back. */
  async close(): Promise<void> {
    if (this.ended) return;
    const gone = once(this.worker, 'exit');
    this.tell({ close: true });
    await gone;
  }

  private tell(message: ToSessionThread): void {
    this.worker.postMessage(message);
  }

  private answer(): Promise<GraphResults> {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  private end(reason: HiggsError): void {
    this.ended ??= reason;
    for (const { reject } of this.waiting.splice(0)) reject(this.ended);
  }
}
