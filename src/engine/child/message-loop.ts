/**
 * Opens a call, passes on what it tells, closes it once with `end` or `failed`. How many are open at a time is the parent's
 * business. `abort` is a signal that the work looks at between frames.
 */
import { HiggsError } from '../errors.js';
import { notices } from '../notices.js';
import type { Assignment, CallAnswer, ChildSettings, ToChild, ToParent } from '../protocol.js';
import type { AudioChunk } from '../requests.js';
import type { OnProgress } from '../progress.js';
import { throttled } from './throttle.js';

/** What a call may use while it works. */
export interface CallTools {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  readonly onChunk: (chunk: AudioChunk) => void;
}

export interface LoopParts<Workplace extends WorkplaceState> {
  readonly openWorkplace: (settings: ChildSettings) => Workplace;
  readonly work: (workplace: Workplace, assignment: Assignment, tools: CallTools) => Promise<CallAnswer>;
  readonly post: (message: ToParent) => void;
}

/** What can be told of the workplace; undefined before the model is loaded. */
export interface WorkplaceState {
  readonly loaded:
    | {
        readonly device: string;
        readonly bits: number;
        readonly mostTogether: number;
        readonly warnings: readonly string[];
      }
    | undefined;
}

export class MessageLoop<Workplace extends WorkplaceState> {
  private workplace: Workplace | undefined;
  private readonly open = new Map<number, { readonly abort: AbortController; readonly done: Promise<void> }>();

  constructor(private readonly parts: LoopParts<Workplace>) {}

  take(order: Exclude<ToChild, { kind: 'close' }>): void {
    if (order.kind === 'settings') {
      this.workplace = this.parts.openWorkplace(order.settings);
    } else if (order.kind === 'abort') {
      this.open.get(order.call)?.abort.abort();
    } else {
      const abort = new AbortController();
      const done = this.answer(order.call, order, abort.signal).finally(() => this.open.delete(order.call));
      this.open.set(order.call, { abort, done });
    }
  }

  /** Stops the open calls; settles when they have stopped. */
  async stop(): Promise<void> {
    const calls = [...this.open.values()];
    for (const { abort } of calls) abort.abort();
    await Promise.all(calls.map(({ done }) => done));
  }

  private async answer(call: number, assignment: Assignment, signal: AbortSignal): Promise<void> {
    const { post, work } = this.parts;
    try {
      if (!this.workplace) throw new HiggsError('HIGGS_INTERNAL', 'A call came before the settings.');
      const answer = await work(this.workplace, assignment, {
        signal,
        onProgress: throttled((event) => {
          this.tellState();
          post({ kind: 'progress', call, event });
        }),
        onChunk: (chunk) => post({ kind: 'chunk', call, chunk }),
      });
      this.tellState();
      post({ kind: 'end', call, answer });
    } catch (thrown) {
      this.tellState();
      const stopped = new HiggsError('HIGGS_ABORTED', 'The request was stopped.');
      post({ kind: 'failed', call, error: (signal.aborted ? stopped : HiggsError.from(thrown)).toWire() });
    }
  }

  private tellState(): void {
    const loaded = this.workplace?.loaded;
    if (!loaded) return;
    const warnings = [...loaded.warnings, ...notices()];
    this.parts.post({ kind: 'ready', ...loaded, warnings, residentBytes: process.memoryUsage.rss() });
  }
}
