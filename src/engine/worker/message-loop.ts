/**
 * Opens a call, passes on what it tells, closes it once with `end` or `failed`. How many are open at a time is the parent's
 * business. `abort` is a signal that the work looks at between frames.
 */
import { HiggsError } from '../errors.js';
import { notices } from '../notices.js';
import type { ProgressEvent } from '../progress.js';
import type { CallAnswer, Task, ToParent, ToWorker, WorkerSettings } from '../protocol.js';
import { throttled } from '../throttle.js';
import type { BackendState, CallTools } from './backend.js';
import type { Pulse } from './pulse.js';

/** Whoever answers calls; made out of the settings, which come first. */
export interface Answering {
  /** Undefined before the model is loaded. */
  readonly loaded: BackendState | undefined;
  answer(task: Task, tools: CallTools): Promise<CallAnswer>;
  settled(): Promise<void>;
}

export class MessageLoop {
  private answering: Answering | undefined;
  private toldCallsAtOnce: number | undefined;
  private readonly open = new Map<number, { readonly abort: AbortController; readonly done: Promise<void> }>();

  constructor(
    private readonly openBackend: (settings: WorkerSettings) => Answering,
    private readonly post: (message: ToParent) => void,
    private readonly pulse?: Pulse,
  ) {}

  receive(message: Exclude<ToWorker, { kind: 'close' }>): void {
    this.step();
    if (message.kind === 'settings') {
      this.answering = this.openBackend(message.settings);
    } else if (message.kind === 'abort') {
      this.open.get(message.call)?.abort.abort();
    } else {
      const abort = new AbortController();
      const done = this.answer(message.call, message, abort.signal).finally(() => this.open.delete(message.call));
      this.open.set(message.call, { abort, done });
    }
  }

  /** Stops the open calls; settles when they have stopped and nothing is written any more. */
  async stop(): Promise<void> {
    const calls = [...this.open.values()];
    for (const { abort } of calls) abort.abort();
    await Promise.all(calls.map(({ done }) => done));
    await this.answering?.settled();
  }

  private async answer(call: number, task: Task, signal: AbortSignal): Promise<void> {
    const { post } = this;
    try {
      if (!this.answering) throw new HiggsError('HIGGS_INTERNAL', 'A call came before the settings.');
      const onProgress = throttled((event) => {
        this.tellState();
        post({ kind: 'progress', call, event });
      });
      const answer = await this.answering.answer(task, {
        signal,
        onProgress: (event) => {
          this.step(event);
          onProgress(event);
        },
        onChunk: (chunk) => {
          this.step();
          post({ kind: 'chunk', call, chunk });
        },
        onStep: () => {
          this.step();
          // Calls that wait in the parent may go on.
          if (this.answering?.loaded?.callsAtOnce !== this.toldCallsAtOnce) this.tellState();
        },
      });
      this.tellState();
      post({ kind: 'end', call, answer });
    } catch (thrown) {
      this.tellState();
      const stopped = new HiggsError('HIGGS_ABORTED', 'The request was stopped.');
      post({ kind: 'failed', call, error: (signal.aborted ? stopped : HiggsError.from(thrown)).toWire() });
    }
  }

  /** Something was done; what comes after `event` may be native work that tells of nothing. */
  private step(event?: ProgressEvent): void {
    this.pulse?.step(event?.phase === 'loading' || event?.phase === 'converting');
  }

  private tellState(): void {
    const loaded = this.answering?.loaded;
    if (!loaded) return;
    this.toldCallsAtOnce = loaded.callsAtOnce;
    const warnings = [...loaded.warnings, ...notices()];
    this.post({ kind: 'ready', ...loaded, warnings, residentBytes: process.memoryUsage.rss() });
  }
}
