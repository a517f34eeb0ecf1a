/**
 * Which call runs, which is prefetched beside it, and for which the worker is killed: decided from the calls' states and the
 * time alone. Nothing is done here; the dispatcher carries the decisions out, one by one.
 */
import { goesBefore } from '../values.js';
import type { CallState } from './call.js';

/** What counts of a call for its place. */
export interface Schedulable {
  readonly state: CallState;
  /** Higher goes first. */
  readonly priority: number;
  /** Whose it is: the calls that an owner has within a scope can be held back together. */
  readonly owner?: string | undefined;
  readonly scope?: number;
  /** Goes before others of its priority. */
  readonly interrupt?: boolean | undefined;
  readonly isSpeech?: boolean;
  /** What is asked is known: it can be sent. */
  readonly isReady?: boolean;
  /** Its first sound is waited for. */
  readonly isWaitedFor?: boolean;
  /** It was made before its turn. */
  readonly isPrefetched?: boolean;
  readonly segmentsLeft?: number | undefined;
  /** What the worker knows it by; undefined while it knows nothing of it. */
  readonly workerId?: number | undefined;
  readonly stoppedAtMs?: number;
  was?(state: CallState): boolean;
}

export type Decision<C> =
  /** Its turn has come. */
  | { readonly kind: 'start'; readonly call: C }
  /** The worker can have it now. */
  | { readonly kind: 'send'; readonly call: C }
  | { readonly kind: 'prefetch'; readonly call: C }
  /** What was prefetched of it is in the way of others. */
  | { readonly kind: 'withdraw'; readonly call: C }
  /** It does not stop: the worker has to be ended. */
  | { readonly kind: 'kill'; readonly call: C };

/** The worker, as far as decisions depend on it. */
export interface WorkerView {
  /** No former worker is on its way out: two at once would need the memory of two models. */
  readonly isFree: boolean;
  /** So many generations gain by going on together. */
  readonly mostTogether: number;
}

/** A worker that has not answered an abort after this long is killed. */
export const ABORT_ANSWER_MS = 4000;
/** Each one has its result ready when its turn comes; more of them would only let the running one wait for the processor. */
const MOST_PREFETCHED = 3;

/** Higher priority first, then those that interrupt, then arrival. Calls of paused owners keep their place and wait. */
export class Scheduler<C extends Schedulable> {
  /** In order; calls that settled are left out when they are found. */
  private calls: C[] = [];
  private readonly paused = new Map<string, string>();

  /** So many calls run at the same time. */
  constructor(public places: number) {}

  add(call: C): void {
    const behind = this.calls.findIndex((other) => isInLine(other) && goesBefore(call, other));
    this.calls.splice(behind < 0 ? this.calls.length : behind, 0, call);
  }

  /** The next thing to do; once it is done, and the call's state says so, the one after it. */
  next(nowMs: number, worker: WorkerView): Decision<C> | undefined {
    const inHand = this.running();
    const [first] = this.moving();
    if (first !== undefined && inHand.length < this.places) return { kind: 'start', call: first };
    const unsent = inHand.find(({ isReady, workerId }) => worker.isFree && isReady === true && workerId === undefined);
    if (unsent !== undefined) return { kind: 'send', call: unsent };
    const stuck = inHand.find((call) => worker.isFree && nowMs >= killAtMs(call));
    if (stuck !== undefined) return { kind: 'kill', call: stuck };
    const [running] = inHand;
    const paused = this.waiting().filter((call) => this.isPaused(call));
    return decidePrefetch({ running, waiting: this.moving(), paused, mostTogether: worker.mostTogether });
  }

  /** When {@link next} may decide otherwise though nothing happens; Infinity: never. */
  wakeAtMs(): number {
    return Math.min(...this.running().map(killAtMs));
  }

  /** Running speech that has to stop for `call`, which waits and may not wait for it. */
  interruptedBy(call: C): C | undefined {
    if (call.interrupt !== true || !this.moving().includes(call)) return undefined;
    const [lowest] = this.running()
      .filter((other) => other.isSpeech === true && other.priority <= call.priority)
      .sort((a, b) => a.priority - b.priority);
    return lowest;
  }

  /** Calls whose turn has come. */
  running(): C[] {
    return this.open().filter((call) => !isInLine(call));
  }

  /** Calls whose turn has not come, first to be served first, those of paused owners too. */
  waiting(): C[] {
    return this.open().filter(isInLine);
  }

  /**
   * Everyone who waits with the number of those who go before, as things stand: nobody waits for a call that is held back,
   * and one that is held back goes behind all that stand before it.
   */
  standings(): { readonly call: C; readonly ahead: number; readonly paused: boolean }[] {
    const before = this.running().length;
    let moving = before;
    return this.waiting().map((call, index) => {
      const paused = this.isPaused(call);
      return { call, ahead: paused ? before + index : moving++, paused };
    });
  }

  /** Holds the owner's calls back, those that come later too. */
  pause(owner: string, scope = 0): void {
    this.paused.set(ownerKey(owner, scope), owner);
  }

  /** Lets the owner's calls go on from the places they have. */
  resume(owner: string, scope = 0): void {
    this.paused.delete(ownerKey(owner, scope));
  }

  /** Owners whose calls are held back, whether or not they have any. */
  get pausedOwners(): string[] {
    return [...new Set(this.paused.values())];
  }

  private isPaused({ owner, scope = 0 }: C): boolean {
    return owner !== undefined && this.paused.has(ownerKey(owner, scope));
  }

  /** Those that wait and are not held back. */
  private moving(): C[] {
    return this.waiting().filter((call) => !this.isPaused(call));
  }

  private open(): C[] {
    return (this.calls = this.calls.filter(({ state }) => state !== 'settled'));
  }
}

/** What surrounds a call that may be prefetched. */
interface Surroundings<C> {
  readonly running: C | undefined;
  /** In the order of their turns, without those whose owner is paused. */
  readonly waiting: readonly C[];
  readonly paused: readonly C[];
  readonly mostTogether: number;
}

/**
 * What is to be prefetched beside `running`, or withdrawn.
 * Nothing is made beside a call that is more urgent, nor beside what is not speech. A call is prefetched once at most: one that
 * was withdrawn, or failed, or whose worker died, has all to itself when its turn comes.
 */
export function decidePrefetch<C extends Schedulable>({
  running,
  waiting,
  paused,
  mostTogether,
}: Surroundings<C>): Decision<C> | undefined {
  const firsts = [...(running ? [running] : []), ...waiting.slice(0, 1)];
  const mayBeBeside = (call: C) => firsts.every((first) => first.isSpeech === true && !goesBefore(first, call));
  const isGoing = (call: C) => call.state === 'prefetching' && call.isPrefetched !== true;
  const going = waiting.filter(isGoing);
  const inTheWay = paused.find(isGoing) ?? going.find((call) => running === undefined || !mayBeBeside(call));
  if (inTheWay !== undefined) return { kind: 'withdraw', call: inTheWay };
  // First sound is waited for by itself; one that is being stopped makes room for the next one at once.
  if (running?.segmentsLeft === undefined || running.isWaitedFor === true || running.state === 'stopping')
    return undefined;
  for (const call of waiting.slice(0, MOST_PREFETCHED)) {
    if (call.isSpeech !== true || !mayBeBeside(call)) return undefined;
    if (call.state === 'prefetching' || call.was?.('prefetching') === true) continue;
    const sequences = [running, ...going].reduce((sum, { segmentsLeft = 1 }) => sum + segmentsLeft, 0);
    if (sequences >= mostTogether || call.isReady !== true) return undefined;
    return { kind: 'prefetch', call };
  }
  return undefined;
}

function isInLine({ state }: Schedulable): boolean {
  return state === 'queued' || state === 'prefetching';
}

function killAtMs({ state, stoppedAtMs = Infinity }: Schedulable): number {
  return state === 'stopping' ? stoppedAtMs + ABORT_ANSWER_MS : Infinity;
}

function ownerKey(owner: string, scope: number): string {
  return `${scope} ${owner}`;
}
