/**
 * Waiting calls that the child has begun before their turn, beside the one that runs: the model reads its weights once for
 * all of them. They wait as ever; what the child says of them is kept until their turn comes, and nothing is told before.
 */
import type { ToChild, ToParent } from '../protocol.js';
import { goesBefore } from './call-queue.js';
import type { OpenCall } from './call.js';

/** A call that the child has, or is about to have. */
export interface BegunCall {
  readonly call: OpenCall;
  /** What the child knows it by: another one each time a call is begun. */
  readonly id: number;
  /** The child knows of it. */
  sent: boolean;
  /** Pieces that are not spoken yet, the one in hand among them; undefined before the model speaks. */
  piecesLeft?: number;
}

export interface EarlyCall extends BegunCall {
  /** What the child has said about it, in order. */
  readonly heard: FromCall[];
}

/** What a child says about one call. */
export type FromCall = Exclude<ToParent, { kind: 'ready' }>;

/** Each one has its result ready when its turn comes; more of them would only let the running one wait for the processor. */
const MOST_EARLY = 3;

/** Keeps account of how far a call has come. */
export function follow(begun: BegunCall, message: FromCall): void {
  if (message.kind === 'progress' && message.event.phase === 'frames') {
    begun.piecesLeft = message.event.pieces - message.event.piece;
  }
}

export class EarlyCalls {
  private readonly begun = new Map<OpenCall, EarlyCall>();
  /** Begun early at most once: one that was taken back, or whose child died, has all to itself when its turn comes. */
  private readonly considered = new WeakSet<OpenCall>();

  constructor(
    private readonly nextId: () => number,
    private readonly tell: (message: ToChild) => void,
  ) {}

  /**
   * Takes back what may not go on beside `running`, and begins what may. `waiting` is in the order of its turns, without what
   * is held back. Nothing is done beside a call that is more urgent, nor beside what is not speech.
   */
  settle(running: BegunCall | undefined, waiting: readonly OpenCall[], mostTogether: number): void {
    const firsts = [...(running ? [running.call] : []), ...waiting.slice(0, 1)];
    const mayBeBeside = (call: OpenCall) => firsts.every((first) => first.isSpeech && !goesBefore(first, call));
    for (const early of this.begun.values()) {
      const mayGoOn = running && waiting.includes(early.call) && mayBeBeside(early.call);
      if (!mayGoOn && !isOver(early)) this.drop(early.call);
    }
    // First sound is waited for by itself; one that is being stopped makes room for the next one at once.
    if (running?.piecesLeft === undefined || running.call.isWaitedFor || running.call.stopError) return;
    for (const call of waiting.slice(0, MOST_EARLY)) {
      if (!call.isSpeech || !mayBeBeside(call)) return;
      if (this.considered.has(call)) continue;
      if (this.sequences(running) >= mostTogether) return;
      this.considered.add(call);
      const early: EarlyCall = { call, id: this.nextId(), sent: false, heard: [] };
      this.begun.set(call, early);
      void this.begin(early, running);
    }
  }

  /** Keeps what the child says about an early call; true where it is over. What fails is tried again in its turn, alone. */
  hear(message: FromCall): boolean {
    const early = [...this.begun.values()].find(({ id }) => id === message.call);
    if (early === undefined) return false;
    if (message.kind === 'failed') return this.begun.delete(early.call);
    follow(early, message);
    // Of how far it has come only the latest counts.
    if (early.heard.at(-1)?.kind === 'progress') early.heard.pop();
    early.heard.push(message);
    return isOver(early);
  }

  /** `call`'s turn has come: what there is of it; undefined where the child has not been told of it. */
  take(call: OpenCall): EarlyCall | undefined {
    const early = this.begun.get(call);
    this.begun.delete(call);
    return early?.sent === true ? early : undefined;
  }

  /** Stops it, and forgets what was heard. */
  drop(call: OpenCall): void {
    const early = this.begun.get(call);
    if (early === undefined) return;
    this.begun.delete(call);
    if (early.sent && !isOver(early)) this.tell({ kind: 'abort', call: early.id });
  }

  /** The child is gone, and with it all that has not ended. */
  lose(): void {
    for (const early of [...this.begun.values()]) if (!isOver(early)) this.begun.delete(early.call);
  }

  /** What has an earlier take, or is the same as something that is being made, will be answered in its turn. */
  private async begin(early: EarlyCall, running: BegunCall): Promise<void> {
    const { call } = early;
    const isWanted = () => this.begun.get(call) === early;
    try {
      const assignment = await call.assignment;
      const known = await call.recall?.find(assignment);
      if (!isWanted()) return;
      if (known !== undefined || this.isBeingMade(call, running)) {
        this.begun.delete(call);
        return;
      }
      early.sent = true;
      this.tell({ ...assignment, call: early.id });
    } catch {
      // Whoever waits for the assignment tells why.
      if (isWanted()) this.begun.delete(call);
    }
  }

  private isBeingMade(call: OpenCall, running: BegunCall): boolean {
    const key = call.recall?.key;
    if (key === undefined) return false;
    return [running, ...this.begun.values()].some((other) => other.sent && other.call.recall?.key === key);
  }

  private sequences(running: BegunCall): number {
    const going = [...this.begun.values()].filter((early) => !isOver(early));
    return [running, ...going].reduce((sum, { piecesLeft = 1 }) => sum + piecesLeft, 0);
  }
}

function isOver({ heard }: EarlyCall): boolean {
  return heard.at(-1)?.kind === 'end';
}
