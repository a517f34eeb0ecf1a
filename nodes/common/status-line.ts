import type { EngineInfo, HiggsError, ProgressEvent } from '../../src/engine/index.js';
import { sharedText, type Node, type NodeAPI, type NodeStatus } from './node-red.js';

/** What a node's work tells while it goes on: its phase, and how many go before it while it is `queued`. */
export interface StatusEvent {
  readonly phase: string;
  readonly ahead?: number;
}

/** One message on its way through a node. */
export interface OngoingCall<Event extends StatusEvent = ProgressEvent> {
  progress(event: Event): void;
  /** Ends the call with a green dot and what there is to say. */
  done(text: string): void;
  /** Ends the call in red. */
  failed(error: HiggsError): void;
  /** Ends the call in yellow: someone stopped it. */
  cancelled(error: HiggsError): void;
}

/**
 * A node's one status line for all its messages: what the running one does, and how many wait behind it. Grey waits,
 * blue works, green is done, red is an error, yellow was stopped.
 */
export class StatusLine<Event extends StatusEvent = ProgressEvent> {
  /** Calls in order of arrival, each with the last event it told. */
  private readonly calls = new Map<symbol, Event | undefined>();
  private muted = false;
  private paused = false;
  private engineStateShown = false;
  /** How the last call ended; shown again when the engine's state is no news any more. */
  private outcome: NodeStatus = {};

  constructor(
    private readonly red: NodeAPI,
    private readonly node: Node,
    /** A call's progress in a few words. */
    private readonly describe: (red: NodeAPI, event: Event) => string,
  ) {}

  begin(): OngoingCall<Event> {
    const call = Symbol('call');
    this.calls.set(call, undefined);
    const end = (outcome: NodeStatus) => {
      if (!this.calls.delete(call)) return;
      this.outcome = outcome;
      this.showWork();
    };
    return {
      progress: (event) => {
        if (!this.calls.has(call)) return;
        this.calls.set(call, event);
        this.showWork();
      },
      done: (text) => end({ fill: 'green', shape: 'dot', text }),
      failed: ({ code }) => end({ fill: 'red', shape: 'ring', text: this.text(`errors.${code}`) }),
      cancelled: ({ code }) => end({ fill: 'yellow', shape: 'ring', text: this.text(`errors.${code}`) }),
    };
  }

  /** What keeps the node from working, before any message comes. */
  showProblem({ code }: HiggsError): void {
    this.outcome = { fill: 'red', shape: 'ring', text: this.text(`errors.${code}`) };
    this.showWork();
  }

  /** Whether the node holds its messages back; shown as long as it does. */
  setPaused(paused: boolean): void {
    this.paused = paused;
    this.showWork();
  }

  /** What becomes of the engine concerns a node without work too. */
  engineChanged(info: EngineInfo): void {
    if (this.calls.size > 0 || this.paused) return;
    const { state } = info;
    if (state === 'given-up') this.showEngine({ fill: 'red', shape: 'ring', text: this.text('engine.givenUp') });
    else if (state === 'starting') this.showEngine({ fill: 'grey', shape: 'ring', text: this.text('engine.starting') });
    else if (this.engineStateShown) this.show(this.outcome);
  }

  /** A node that closes has no status any more, nor by what still comes in. */
  clear(): void {
    this.show({});
    this.muted = true;
  }

  private showEngine(status: NodeStatus): void {
    this.show(status);
    this.engineStateShown = true;
  }

  private showWork(): void {
    const events = [...this.calls.values()];
    const running = events.find((event) => event !== undefined && event.phase !== 'queued');
    const waiting = events.length - (running === undefined ? 0 : 1);
    const behind = (count: number) => (count < 1 ? '' : ` ${this.text('status.behind', { count })}`);
    if (running !== undefined) {
      this.show({ fill: 'blue', shape: 'dot', text: this.describe(this.red, running) + behind(waiting) });
      return;
    }
    if (this.paused) {
      this.show({ fill: 'yellow', shape: 'dot', text: this.text('status.paused') + behind(waiting) });
      return;
    }
    const queued = events.filter((event) => event?.phase === 'queued');
    const [first] = queued.sort((a, b) => (a?.ahead ?? 0) - (b?.ahead ?? 0));
    if (first !== undefined)
      this.show({ fill: 'grey', shape: 'ring', text: this.describe(this.red, first) + behind(waiting - 1) });
    else if (events.length === 0) this.show(this.outcome);
  }

  private show(status: NodeStatus): void {
    if (this.muted) return;
    this.engineStateShown = false;
    this.node.status(status);
  }

  private text(key: string, values?: Record<string, string | number>): string {
    return sharedText(this.red, key, values);
  }
}
