/** One call, from the moment it is made until its promise settles: one state, and a table of the ways between them. */
import { HiggsError } from '../errors.js';
import type { ProgressEvent } from '../progress.js';
import type { CallAnswer, CallMessage, Task } from '../protocol.js';
import type { AudioChunk, SpeakOptions } from '../requests.js';

/**
 * - `queued`: it waits, and the worker knows nothing of it;
 * - `prefetching`: it waits, and the worker makes it beside the running one; nothing of that is told yet;
 * - `running`: its turn has come; the worker has it as soon as it can;
 * - `stopping`: the worker was asked to stop it; its place stays taken until it has;
 * - `settled`: its promise is.
 */
export type CallState = 'queued' | 'prefetching' | 'running' | 'stopping' | 'settled';

const NEXT_STATES: Readonly<Record<CallState, readonly CallState[]>> = {
  queued: ['prefetching', 'running', 'settled'],
  prefetching: ['queued', 'running', 'settled'],
  running: ['stopping', 'settled'],
  stopping: ['settled'],
  settled: [],
};

export interface CallEnd {
  readonly answer: CallAnswer;
  readonly chunks: readonly AudioChunk[];
}

/** Who made the call, beside what the options say. */
export interface CallOrigin {
  /** Speech may be interrupted; other work is not heard and goes on. */
  readonly isSpeech: boolean;
  /** Owners are told apart within one engine or lease only. */
  readonly scope?: number;
}

export class Call {
  readonly priority: number;
  readonly owner: string | undefined;
  readonly scope: number;
  readonly interrupt: boolean;
  readonly isSpeech: boolean;
  /** Settles when the call does, whatever way. */
  readonly result: Promise<CallEnd>;
  /** What is asked of the worker; undefined while files are still read for it. */
  task: Task | undefined;
  /** What the worker knows it by, another number each time it is sent; undefined while it knows nothing of it. */
  workerId: number | undefined;
  /** When it was asked to stop, on the dispatcher's clock. */
  stoppedAtMs = Infinity;
  /** Segments that are not spoken yet, the one in hand among them; undefined before the model speaks. */
  segmentsLeft: number | undefined;

  private current: CallState = 'queued';
  private readonly past = new Set<CallState>();
  /** What the worker says before it may be told. */
  private held: CallMessage[] | undefined;
  /** Something that the worker said was told. */
  private isTold = false;
  private isSentAgain = false;
  private readonly chunks: AudioChunk[] = [];
  private stopReason: HiggsError | undefined;
  private placeTold: string | undefined;
  private resolve!: (end: CallEnd) => void;
  private reject!: (error: HiggsError) => void;

  constructor(
    private readonly options: SpeakOptions,
    { isSpeech, scope = 0 }: CallOrigin,
  ) {
    this.isSpeech = isSpeech;
    this.scope = scope;
    this.priority = options.priority ?? 0;
    this.owner = options.owner;
    this.interrupt = options.interrupt ?? false;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Whoever made the call reads it, at once or later.
    this.result.catch(() => undefined);
  }

  get state(): CallState {
    return this.current;
  }

  /** Whether it was in this state before. */
  was(state: CallState): boolean {
    return this.past.has(state);
  }

  get isReady(): boolean {
    return this.task !== undefined;
  }

  /** Someone listens while it is made, and has heard nothing yet. */
  get isWaitedFor(): boolean {
    return this.options.onChunk !== undefined && this.chunks.length === 0;
  }

  /** It was made before its turn, and its result is yet to be told. */
  get isPrefetched(): boolean {
    return this.held?.at(-1)?.kind === 'end';
  }

  /** Nothing was told of it, and its worker is gone: it goes to the next one as if it had never been sent. False the second time. */
  sendAgain(): boolean {
    if (this.current !== 'running' || this.isTold || this.isSentAgain) return false;
    this.isSentAgain = true;
    this.workerId = undefined;
    this.held = undefined;
    this.segmentsLeft = undefined;
    return true;
  }

  prefetch(): void {
    this.change('prefetching');
    this.held = [];
  }

  /** Back to waiting; what was made is thrown away. */
  withdraw(): void {
    this.change('queued');
    this.workerId = undefined;
    this.held = undefined;
    this.segmentsLeft = undefined;
  }

  start(): void {
    this.change('running');
  }

  stop(reason: HiggsError, nowMs: number): void {
    this.change('stopping');
    this.stopReason = reason;
    this.stoppedAtMs = nowMs;
  }

  /** Takes in what the worker says; kept while the call is held. */
  receive(message: CallMessage): void {
    if (message.kind === 'progress' && message.event.phase === 'frames') {
      this.segmentsLeft = message.event.segments - message.event.segment;
    }
    if (this.held === undefined) this.tell(message);
    else this.hold(message);
  }

  /** Tells what was held: the call's turn has come. */
  tellHeld(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const message of held) this.tell(message);
  }

  /** Tells the caller where it stands, where that has changed. */
  tellPlace(ahead: number, paused: boolean): void {
    const place = `${ahead} ${String(paused)}`;
    if (this.placeTold === place) return;
    this.placeTold = place;
    this.tellProgress({ phase: 'queued', ahead, paused });
  }

  /** Ends it with an error; where someone asked for a stop, with that. */
  fail(error: HiggsError): void {
    if (this.current === 'settled') return;
    this.change('settled');
    this.reject(this.stopReason ?? error);
  }

  private tell(message: CallMessage): void {
    this.isTold = true;
    switch (message.kind) {
      case 'progress':
        this.tellProgress(message.event);
        break;
      case 'chunk':
        this.chunks.push(message.chunk);
        if (this.current === 'running' && this.options.onChunk) safeCall(this.options.onChunk, message.chunk);
        break;
      case 'end':
        this.end(message.answer);
        break;
      case 'failed':
        this.fail(HiggsError.fromWire(message.error));
        break;
    }
  }

  private hold(message: CallMessage): void {
    const held = this.held!;
    // Of how far it has come only the latest counts.
    if (held.at(-1)?.kind === 'progress') held.pop();
    held.push(message);
  }

  private tellProgress(event: ProgressEvent): void {
    if (this.current !== 'settled' && this.options.onProgress) safeCall(this.options.onProgress, event);
  }

  private end(answer: CallAnswer): void {
    if (this.stopReason !== undefined) {
      this.fail(this.stopReason);
    } else if (this.current !== 'settled') {
      this.change('settled');
      this.resolve({ answer, chunks: this.chunks });
    }
  }

  private change(next: CallState): void {
    if (!NEXT_STATES[this.current].includes(next)) {
      throw new HiggsError('HIGGS_INTERNAL', `A call that is ${this.current} cannot become ${next}.`);
    }
    this.past.add(this.current);
    this.current = next;
  }
}

/**
 * Calls a caller's function so that nothing it does can break the engine: what it throws, or rejects with, becomes a
 * process warning.
 */
export function safeCall<Args extends readonly unknown[]>(callback: (...args: Args) => unknown, ...args: Args): void {
  try {
    const returned = callback(...args);
    if (returned instanceof Promise) returned.catch(warn);
  } catch (thrown) {
    warn(thrown);
  }
}

function warn(thrown: unknown): void {
  process.emitWarning(thrown instanceof Error ? thrown : new Error(String(thrown)));
}
