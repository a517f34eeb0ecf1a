/** Takes calls in, carries the scheduler's decisions to the worker, and the worker's messages back to the calls. */
import { HiggsError } from '../errors.js';
import { notices } from '../notices.js';
import type { CallMessage, ReadyMessage, RemoteSettings, Task, ToParent } from '../protocol.js';
import type { EngineInfo, SpeakOptions, StopScope } from '../requests.js';
import { Call, type CallEnd, type CallOrigin } from './call.js';
import { Scheduler, type Decision } from './scheduler.js';
import type { EngineSettings } from './settings.js';
import { WorkerProcess } from './worker-process.js';

/** Whose calls are meant: an owner's within a scope, or all of a scope. */
interface Whose {
  readonly scope: number;
  readonly owner?: string;
}

export class Dispatcher {
  private readonly scheduler: Scheduler<Call>;
  private readonly worker: WorkerProcess;
  /** What the worker has in hand, by what it knows them by. */
  private readonly sent = new Map<number, Call>();
  private lastId = 0;
  private lastReady: ReadyMessage | undefined;
  private wakeTimer: NodeJS.Timeout | undefined;
  private over = false;

  /** `onChange` is called at each change of `info()`. */
  constructor(
    private readonly settings: EngineSettings,
    private readonly onChange: () => void,
  ) {
    // A model here does one thing at a time; servers do many, and the worker tells how many as soon as it knows.
    this.scheduler = new Scheduler(placesAtFirst(settings.worker.remote));
    this.worker = new WorkerProcess(settings.worker, settings, {
      onMessage: (message) => this.receive(message),
      onWorkerExit: (error, mayTryAgain) => this.onWorkerExit(error, mayTryAgain),
      onFree: () => this.onFree(),
      onChange,
    });
  }

  /** Queues a call and waits for its end. `makeTask` is called at once, so that its errors need not wait. */
  async submit(makeTask: () => Promise<Task>, options: SpeakOptions, origin: CallOrigin): Promise<CallEnd> {
    const { signal } = options;
    this.refuseWhenOver();
    if (signal?.aborted) throw abortedBy(signal);
    const { queueLimit } = this.settings;
    if (this.scheduler.waiting().length >= queueLimit) {
      throw new HiggsError('HIGGS_QUEUE_FULL', `${queueLimit} requests are waiting; no more are taken.`);
    }
    const call = new Call(options, origin);
    this.scheduler.add(call);
    const onAbort = () => this.stopCalls([call], abortedBy(signal!));
    signal?.addEventListener('abort', onAbort, { once: true });
    this.update();
    try {
      // Whoever is stopped meanwhile does not wait for files.
      call.task = (await Promise.race([makeTask(), call.result])) as Task;
      const interrupted = this.scheduler.interruptedBy(call);
      if (interrupted !== undefined) this.stopCalls([interrupted], interruptedError());
      this.dispatch();
    } catch (thrown) {
      this.fail(call, HiggsError.from(thrown));
    }
    this.update();
    return await call.result.finally(() => signal?.removeEventListener('abort', onAbort));
  }

  /** Throws HIGGS_CLOSED, or why no worker is started any more. */
  refuseWhenOver(): void {
    if (this.over) throw closedError();
    if (this.worker.givenUp) throw this.worker.givenUp;
  }

  /** Gives how many calls that were. */
  stop(whose: Whose, which: StopScope = 'all'): number {
    const { owner, scope } = whose;
    const waiting = which === 'running' ? [] : this.scheduler.waiting();
    const running = which === 'waiting' ? [] : this.scheduler.running();
    const calls = [...waiting, ...running].filter(
      (call) => call.scope === scope && (owner === undefined || call.owner === owner),
    );
    const what =
      owner === undefined ? 'All requests were stopped.' : `The request was stopped by its owner, "${owner}".`;
    this.stopCalls(calls, new HiggsError('HIGGS_ABORTED', what));
    return calls.length;
  }

  pause(owner: string, scope: number): void {
    this.scheduler.pause(owner, scope);
    this.update();
  }

  resume(owner: string, scope: number): void {
    this.scheduler.resume(owner, scope);
    this.update();
  }

  info(): EngineInfo {
    const { worker } = this.settings;
    const state = this.over ? 'closed' : this.worker.state;
    const ready = this.lastReady;
    const standings = this.scheduler.standings();
    return {
      state,
      model: worker.model,
      device: ready?.device ?? worker.device,
      bits: ready?.bits ?? worker.bits ?? 0,
      waiting: standings.length,
      running: this.scheduler.running().length > 0,
      queue: standings.map(({ call: { owner, priority }, ahead, paused }) => ({
        ...(owner === undefined ? {} : { owner }),
        priority,
        ahead,
        paused,
      })),
      pausedOwners: this.scheduler.pausedOwners,
      ...(this.worker.pid === undefined ? {} : { workerPid: this.worker.pid }),
      ...(ready === undefined || state !== 'ready' ? {} : { residentBytes: ready.residentBytes }),
      ...(ready?.sampling === undefined ? {} : { sampling: ready.sampling }),
      warnings: [...(ready?.warnings ?? []), ...notices()],
    };
  }

  /** Ends running and waiting calls with HIGGS_CLOSED, then the worker. */
  async close(): Promise<void> {
    this.over = true;
    this.failAll(closedError());
    this.update();
    await this.worker.close();
  }

  /** Does what is to be done now, and tells everyone who waits where they stand. */
  private update(): void {
    this.dispatch();
    if (this.scheduler.running().length === 0) this.worker.rest();
    for (const { call, ahead, paused } of this.scheduler.standings()) call.tellPlace(ahead, paused);
    this.onChange();
  }

  /** Carries the scheduler's decisions out, one by one, until there is nothing to do. */
  private dispatch(): void {
    for (let decision = this.decide(); decision !== undefined; decision = this.decide()) {
      const { kind, call } = decision;
      if (kind === 'start') {
        this.start(call);
      } else if (kind === 'withdraw') {
        this.forget(call);
        call.withdraw();
      } else if (kind === 'kill') {
        this.withdrawAll();
        void this.worker.kill();
      } else {
        if (kind === 'prefetch') call.prefetch();
        call.workerId = ++this.lastId;
        this.sent.set(call.workerId, call);
        this.worker.assign({ ...call.task!, call: call.workerId });
      }
    }
    clearTimeout(this.wakeTimer);
    const wakeAtMs = this.scheduler.wakeAtMs();
    const waitMs = Math.max(0, wakeAtMs - performance.now());
    if (wakeAtMs < Infinity) this.wakeTimer = setTimeout(() => this.dispatch(), waitMs);
  }

  private decide(): Decision<Call> | undefined {
    // Servers elsewhere have their calls already.
    const mostTogether = this.settings.worker.remote === undefined ? (this.lastReady?.mostTogether ?? 1) : 1;
    return this.scheduler.next(performance.now(), { isFree: this.worker.isFree, mostTogether });
  }

  /** What was prefetched of it is told now; whoever waited for the call before hears of that one's end first. */
  private start(call: Call): void {
    const isPrefetching = call.state === 'prefetching';
    call.start();
    if (!isPrefetching) return;
    setImmediate(() => {
      call.tellHeld();
      this.update();
    });
  }

  private receive(message: ToParent): void {
    if (message.kind === 'ready') {
      this.lastReady = message;
      this.worker.markReady();
      this.onChange();
      if (message.callsAtOnce !== undefined && message.callsAtOnce !== this.scheduler.places) {
        this.scheduler.places = message.callsAtOnce;
        this.update();
      }
      return;
    }
    const call = this.sent.get(message.call);
    if (call !== undefined) this.receiveFor(call, message);
  }

  private receiveFor(call: Call, message: CallMessage): void {
    const isOver = message.kind === 'end' || message.kind === 'failed';
    if (isOver) this.sent.delete(message.call);
    if (message.kind === 'end') this.worker.markSuccess();
    // What fails before its turn is tried again in its turn, alone.
    if (message.kind === 'failed' && call.state === 'prefetching') call.withdraw();
    else call.receive(message);
    if (isOver) this.update();
    else this.dispatch();
  }

  /** The worker died: the calls that it told of end with it, those that it had prefetched wait on. */
  private onWorkerExit(error: HiggsError, mayTryAgain: boolean): void {
    this.withdrawAll();
    this.failInHand(error, mayTryAgain);
    if (this.worker.givenUp) this.failAll(this.worker.givenUp);
    this.update();
  }

  /** A worker is gone that had to go: one that did not stop a call had others in hand as well. */
  private onFree(): void {
    this.failInHand(new HiggsError('HIGGS_WORKER_ENDED', 'The speech process did not stop a request and was ended.'));
    this.update();
  }

  /** What was prefetched has its result though the worker is gone; what nobody has heard of is tried once more. */
  private failInHand(error: HiggsError, mayTryAgain = true): void {
    for (const call of this.scheduler.running()) {
      if (call.workerId === undefined || call.isPrefetched) continue;
      if (mayTryAgain && call.sendAgain()) continue;
      this.fail(call, error);
    }
  }

  /** The worker is gone, and with it all that it has not finished. */
  private withdrawAll(): void {
    this.sent.clear();
    for (const call of this.scheduler.waiting()) {
      if (call.state === 'prefetching' && !call.isPrefetched) call.withdraw();
    }
  }

  /** What the worker has is asked to stop, and its place stays taken until it has. All others are out at once. */
  private stopCalls(calls: readonly Call[], reason: HiggsError): void {
    for (const call of calls) {
      if (call.state === 'running' && call.workerId !== undefined) {
        call.stop(reason, performance.now());
        this.tellAbort(call);
      } else if (call.state !== 'stopping') {
        this.fail(call, reason);
      }
    }
    this.update();
  }

  private failAll(error: HiggsError): void {
    for (const call of [...this.scheduler.waiting(), ...this.scheduler.running()]) this.fail(call, error);
  }

  private fail(call: Call, error: HiggsError): void {
    this.forget(call);
    call.fail(error);
  }

  /** Whatever the worker says of the call is no news any more. */
  private forget(call: Call): void {
    if (call.state === 'prefetching') this.tellAbort(call);
    if (call.workerId !== undefined) this.sent.delete(call.workerId);
  }

  private tellAbort({ workerId }: Call): void {
    if (workerId !== undefined) this.worker.tell({ kind: 'abort', call: workerId });
  }
}

/** Calls at a time before the servers' kinds are known. */
function placesAtFirst(remote: RemoteSettings | undefined): number {
  return remote === undefined ? 1 : remote.urls.length * (remote.requestsAtOnce ?? 1);
}

function closedError(): HiggsError {
  return new HiggsError('HIGGS_CLOSED', 'The engine was closed.');
}

function interruptedError(): HiggsError {
  return new HiggsError('HIGGS_ABORTED', 'The request was interrupted by a more urgent one.');
}

function abortedBy(signal: AbortSignal): HiggsError {
  return new HiggsError('HIGGS_ABORTED', 'The request was stopped.', { cause: signal.reason });
}
