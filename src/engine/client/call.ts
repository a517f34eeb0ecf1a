/** One call from the moment it is made until its promise settles, once. */
import { HiggsError } from '../errors.js';
import type { ProgressEvent } from '../progress.js';
import type { Assignment, CallAnswer } from '../protocol.js';
import type { AudioChunk, SpeakOptions } from '../requests.js';
import type { Recall } from '../worker/result-cache.js';
import { safeCall } from './safe-call.js';

export interface CallEnd {
  readonly answer: CallAnswer;
  readonly chunks: readonly AudioChunk[];
}

export interface CallManner {
  /** Speech may be interrupted; other work is not heard and goes on. */
  readonly isSpeech: boolean;
  /** Where an earlier take may answer. */
  readonly recall?: Pick<Recall, 'find' | 'key'>;
}

export class OpenCall {
  readonly priority: number;
  readonly owner: string | undefined;
  readonly interrupt: boolean;
  readonly isSpeech: boolean;
  readonly recall: CallManner['recall'];
  /** Settles when the call is over, whatever way. */
  readonly settled: Promise<CallEnd>;
  /** Set when someone asked for a stop; however the child then answers, the call ends with this error. */
  stopError: HiggsError | undefined;

  private readonly chunks: AudioChunk[] = [];
  private resolve!: (end: CallEnd) => void;
  private reject!: (error: HiggsError) => void;
  private open = true;
  private placeTold: string | undefined;

  /** `assignment` may need files to be read first; that starts when the call arrives, and the queue waits for it. */
  constructor(
    readonly assignment: Promise<Assignment>,
    private readonly options: SpeakOptions,
    { isSpeech, recall }: CallManner,
  ) {
    this.isSpeech = isSpeech;
    this.recall = recall;
    this.priority = options.priority ?? 0;
    this.owner = options.owner;
    this.interrupt = options.interrupt ?? false;
    this.settled = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Rejections reach the caller through `settled`; these two promises may have no other reader.
    this.settled.catch(() => undefined);
    assignment.catch(() => undefined);
  }

  get isOpen(): boolean {
    return this.open;
  }

  /** Someone listens while it is made, and has heard nothing yet. */
  get isWaitedFor(): boolean {
    return this.options.onChunk !== undefined && this.chunks.length === 0;
  }

  progress(event: ProgressEvent): void {
    if (this.open && this.options.onProgress) safeCall(this.options.onProgress, event);
  }

  /** Tells the caller where it stands, where that has changed. */
  tellPlace(ahead: number, paused: boolean): void {
    const place = `${ahead} ${String(paused)}`;
    if (this.placeTold === place) return;
    this.placeTold = place;
    this.progress({ phase: 'queued', ahead, paused });
  }

  chunk(chunk: AudioChunk): void {
    if (!this.open) return;
    this.chunks.push(chunk);
    if (this.stopError === undefined && this.options.onChunk) safeCall(this.options.onChunk, chunk);
  }

  end(answer: CallAnswer): void {
    if (this.stopError) {
      this.fail(this.stopError);
      return;
    }
    this.open = false;
    this.resolve({ answer, chunks: this.chunks });
  }

  fail(error: HiggsError): void {
    this.open = false;
    this.reject(this.stopError ?? error);
  }
}
