/** Where calls wait, are taken in hand, and end: the queue, the child process, and stops in between. */
import { HiggsError } from '../errors.js';
import { notices } from '../notices.js';
import { CALL_RULES, checkNumber } from '../options.js';
import type { Assignment, ToParent } from '../protocol.js';
import type { EngineInfo, SpeakOptions, StopScope } from '../requests.js';
import { CallQueue } from './call-queue.js';
import { ChildKeeper } from './child-keeper.js';
import { EarlyCalls, follow, type BegunCall, type FromCall } from './early-calls.js';
import { OpenCall, type CallEnd, type CallManner } from './open-call.js';
import type { EngineSettings } from './settings.js';

/** A child that has not answered an abort after this long is killed. */
const ABORT_ANSWER_MS = 4000;

interface CallInHand extends BegunCall {
  /** What was heard before its turn, and is not told yet. */
  untold?: FromCall[];
  abortTimer?: NodeJS.Timeout;
}

type ReadyMessage = Extract<ToParent, { kind: 'ready' }>;

export class CallDesk {
  private readonly queue = new CallQueue<OpenCall>();
  private readonly keeper: ChildKeeper;
  private readonly early: EarlyCalls;
  /** By what the child knows them by. */
  private readonly inHand = new Map<number, CallInHand>();
  private readonly places: number;
  private lastReady: ReadyMessage | undefined;
  private over = false;
  private lastId = 0;

  /** `onChange` is called at each change of `info()`. */
  constructor(
    private readonly settings: EngineSettings,
    private readonly onChange: () => void,
  ) {
    const { remote } = settings.child;
    // A model here does one thing at a time; servers do many.
    this.places = remote === undefined ? 1 : remote.urls.length * remote.requestsAtOnce;
    this.keeper = new ChildKeeper(settings.child, settings.idleSeconds, {
      onMessage: (message) => this.hear(message),
      onDeath: (error) => this.mourn(error),
      onChange,
    });
    this.early = new EarlyCalls(
      () => ++this.lastId,
      (message) => this.keeper.tell(message),
    );
  }

  /** Queues a call and waits for its end. `assignment` is made out at once, so that its errors need not wait. */
  async call(
    assignment: () => Promise<Assignment>,
    options: SpeakOptions,
    manner: CallManner = { isSpeech: false },
  ): Promise<CallEnd> {
    const { signal } = options;
    this.refuseWhenOver();
    if (signal?.aborted) throw abortedBy(signal);
    checkNumber('priority', options.priority, CALL_RULES.priority);
    const { queueLimit } = this.settings;
    if (this.queue.length >= queueLimit) {
      throw new HiggsError('HIGGS_QUEUE_FULL', `${queueLimit} requests are waiting; no more are taken.`);
    }
    const call = new OpenCall(assignment(), options, manner);
    call.assignment.then(
      () => this.interruptFor(call),
      (thrown: unknown) => this.dismiss(call, HiggsError.from(thrown)),
    );
    const onAbort = () => this.stopCall(call, abortedBy(signal!));
    signal?.addEventListener('abort', onAbort, { once: true });
    this.queue.add(call);
    this.serve();
    try {
      return await call.settled;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Throws HIGGS_CLOSED, or why no child is started any more. */
  refuseWhenOver(): void {
    if (this.over) throw closedError();
    if (this.keeper.givenUp) throw this.keeper.givenUp;
  }

  stop(owner: string, which: StopScope = 'all'): number {
    const calls = this.callsOf(which).filter((call) => call.owner === owner);
    return this.stopCalls(calls, `The request was stopped by its owner, "${owner}".`);
  }

  stopAll(): number {
    return this.stopCalls(this.callsOf('all'), 'All requests were stopped.');
  }

  pause(owner: string): void {
    this.queue.pause(owner);
    this.serve();
  }

  resume(owner: string): void {
    this.queue.resume(owner);
    this.serve();
  }

  info(): EngineInfo {
    const { child } = this.settings;
    const state = this.over ? 'closed' : this.keeper.state;
    const ready = this.lastReady;
    return {
      state,
      model: child.model,
      device: ready?.device ?? child.device,
      bits: ready?.bits ?? child.bits ?? 0,
      waiting: this.queue.length,
      running: this.inHand.size > 0,
      queue: this.standings().map(({ call: { owner, priority }, ahead, paused }) => ({
        ...(owner === undefined ? {} : { owner }),
        priority,
        ahead,
        paused,
      })),
      pausedOwners: this.queue.pausedOwners,
      ...(this.keeper.pid === undefined ? {} : { childPid: this.keeper.pid }),
      ...(ready === undefined || state !== 'ready' ? {} : { residentBytes: ready.residentBytes }),
      warnings: [...(ready?.warnings ?? []), ...notices()],
    };
  }

  /** Ends running and waiting calls with HIGGS_CLOSED, then the child. */
  async close(): Promise<void> {
    this.over = true;
    this.failAll(closedError());
    this.onChange();
    await this.keeper.close();
  }

  /** Takes the next calls in hand where there is room, and tells everyone who waits where they stand. */
  private serve(): void {
    while (this.inHand.size < this.places && !this.over) {
      const call = this.queue.take();
      if (call === undefined) break;
      this.takeInHand(call);
    }
    this.settleEarly();
    if (this.inHand.size === 0 && !this.over) this.keeper.rest();
    for (const { call, ahead, paused } of this.standings()) call.tellPlace(ahead, paused);
    this.onChange();
  }

  private takeInHand(call: OpenCall): void {
    const early = this.early.take(call);
    const inHand: CallInHand = early ?? { call, id: ++this.lastId, sent: false };
    this.inHand.set(inHand.id, inHand);
    if (early === undefined) {
      void this.begin(inHand);
      return;
    }
    // Whoever waited for the one before hears of its end first.
    inHand.untold = early.heard;
    setImmediate(() => this.tellUntold(inHand));
  }

  private tellUntold(inHand: CallInHand): void {
    const { untold = [] } = inHand;
    delete inHand.untold;
    for (const message of untold) if (this.isInHand(inHand)) this.hearOf(inHand, message);
  }

  /** Lets the child have waiting calls beside the running one where that is of use; servers elsewhere have theirs already. */
  private settleEarly(): void {
    if (this.settings.child.remote !== undefined) return;
    const [running] = this.inHand.values();
    this.early.settle(running, this.queue.moving(), this.lastReady?.mostTogether ?? 1);
  }

  private standings() {
    return this.queue.places().map(({ call, ahead }) => {
      return { call, ahead: ahead + this.inHand.size, paused: this.queue.isPaused(call) };
    });
  }

  /** Stops the speech in hand for one that waits and may not wait for it. */
  private interruptFor(call: OpenCall): void {
    if (!call.interrupt || !this.queue.has(call) || this.queue.isPaused(call)) return;
    const [running] = [...this.inHand.values()]
      .map((inHand) => inHand.call)
      .filter((other) => other.isSpeech && other.priority <= call.priority)
      .sort((a, b) => a.priority - b.priority);
    if (running === undefined) return;
    this.stopCall(running, new HiggsError('HIGGS_ABORTED', 'The request was interrupted by a more urgent one.'));
  }

  private async begin(inHand: CallInHand): Promise<void> {
    try {
      const assignment = await inHand.call.assignment;
      const known = await inHand.call.recall?.find(assignment);
      if (known !== undefined && this.isInHand(inHand)) {
        this.answerKnown(inHand.call, known);
        return;
      }
      await this.keeper.departed();
      if (!this.isInHand(inHand)) return;
      inHand.sent = true;
      this.keeper.assign({ ...assignment, call: inHand.id });
    } catch (thrown) {
      this.dismiss(inHand.call, HiggsError.from(thrown));
    }
  }

  /** Ends a call without the child, in its turn: what was asked before it comes before it. */
  private answerKnown(call: OpenCall, { answer, chunks }: CallEnd): void {
    for (const chunk of chunks) call.chunk(chunk);
    call.end(answer);
    this.layDown(call);
    this.serve();
  }

  /** Ends a call with an error wherever it stands, and makes its place free. */
  private dismiss(call: OpenCall, error: HiggsError): void {
    call.fail(error);
    this.queue.remove(call);
    this.early.drop(call);
    this.layDown(call);
    this.serve();
  }

  private layDown(call: OpenCall): void {
    const inHand = this.find(call);
    if (inHand === undefined) return;
    clearTimeout(inHand.abortTimer);
    this.inHand.delete(inHand.id);
  }

  private find(call: OpenCall): CallInHand | undefined {
    return [...this.inHand.values()].find((inHand) => inHand.call === call);
  }

  private isInHand({ id }: CallInHand): boolean {
    return this.inHand.has(id);
  }

  private hear(message: ToParent): void {
    if (message.kind === 'ready') {
      this.lastReady = message;
      this.keeper.markReady();
      this.onChange();
      return;
    }
    const inHand = this.inHand.get(message.call);
    if (inHand?.untold) inHand.untold.push(message);
    else if (inHand) this.hearOf(inHand, message);
    else if (this.early.hear(message)) this.settleEarly();
  }

  private hearOf(inHand: CallInHand, message: FromCall): void {
    const { call } = inHand;
    follow(inHand, message);
    switch (message.kind) {
      case 'progress':
        call.progress(message.event);
        this.settleEarly();
        break;
      case 'chunk':
        call.chunk(message.chunk);
        this.settleEarly();
        break;
      case 'end':
        this.keeper.markSuccess();
        call.end(message.answer);
        this.layDown(call);
        this.serve();
        break;
      case 'failed':
        this.dismiss(call, HiggsError.fromWire(message.error));
        break;
    }
  }

  private mourn(error: HiggsError): void {
    this.early.lose();
    for (const { call, sent } of [...this.inHand.values()]) {
      if (!sent) continue;
      call.fail(error);
      this.layDown(call);
    }
    const { givenUp } = this.keeper;
    if (givenUp) this.failAll(givenUp);
    this.serve();
  }

  /** Waiting ones first, so that stopping them all in this order begins none. */
  private callsOf(which: StopScope): OpenCall[] {
    const waiting = which === 'running' ? [] : this.queue.list();
    const running = which === 'waiting' ? [] : [...this.inHand.values()];
    return [...waiting, ...running.map(({ call }) => call)];
  }

  private stopCalls(calls: readonly OpenCall[], reason: string): number {
    for (const call of calls) this.stopCall(call, new HiggsError('HIGGS_ABORTED', reason));
    return calls.length;
  }

  /** Waiting: out at once. Running: the child is asked to stop, and the place stays taken until it has. */
  private stopCall(call: OpenCall, error: HiggsError): void {
    call.stopError ??= error;
    const inHand = this.find(call);
    if (!inHand?.sent) {
      this.dismiss(call, error);
      return;
    }
    this.keeper.tell({ kind: 'abort', call: inHand.id });
    inHand.abortTimer ??= setTimeout(() => void this.killFor(call, error), ABORT_ANSWER_MS);
  }

  /** Ends a child that does not stop; what else it had in hand ends with it. */
  private async killFor(call: OpenCall, error: HiggsError): Promise<void> {
    const lost = [...this.inHand.values()].filter(({ sent }) => sent);
    this.early.lose();
    await this.keeper.kill();
    const ended = new HiggsError('HIGGS_CHILD_ENDED', 'The speech process did not stop a request and was ended.');
    for (const other of lost) this.dismiss(other.call, other.call === call ? error : ended);
  }

  private failAll(error: HiggsError): void {
    for (const call of this.queue.list()) {
      this.queue.remove(call);
      call.fail(error);
    }
    for (const { call } of [...this.inHand.values()]) {
      call.fail(error);
      this.layDown(call);
    }
  }
}

function closedError(): HiggsError {
  return new HiggsError('HIGGS_CLOSED', 'The engine was closed.');
}

function abortedBy(signal: AbortSignal): HiggsError {
  return new HiggsError('HIGGS_ABORTED', 'The request was stopped.', { cause: signal.reason });
}
