/** The sounds that wait for one player, and the one that it plays: one after the other, whoever sends them. */
import { HiggsError, type StopScope } from '../engine/index.js';
import { goesBefore } from '../engine/package-api.js';
import { PLAYER_RULES } from './options.js';

/** A sound's place in the queue. */
export interface Turn {
  /** Whose it is; commands touch what is one's own. */
  readonly owner: string;
  /** Higher goes first. */
  readonly priority: number;
  /** Goes before others of its priority, and stops what plays at the same one or a lower one. */
  readonly interrupt: boolean;
  readonly signal: AbortSignal;
  /** Told at each change: so many are played before it. */
  readonly onPlace?: (ahead: number) => void;
}

interface Waiting extends Turn {
  begin(abort: AbortController): void;
  fail(error: HiggsError): void;
}

interface Playing extends Turn {
  readonly abort: AbortController;
}

export class PlayQueue {
  private waiting: Waiting[] = [];
  private playing: Playing | undefined;
  private readonly paused = new Set<string>();
  /** What was changed at the player is being put back; the next sound waits for that. */
  private resting: Promise<void> = Promise.resolve();
  private hasPlayed = false;

  /** `rest` is called when a sound has ended and no other one follows. */
  constructor(private readonly rest: () => Promise<void>) {}

  /** How many play or wait. */
  get size(): number {
    return this.waiting.length + (this.playing === undefined ? 0 : 1);
  }

  /** Does `work` when its turn has come, with a signal that ends it. Rejects with HIGGS_ABORTED, HIGGS_QUEUE_FULL, or as `work` does. */
  async add(turn: Turn, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { fallback: limit } = PLAYER_RULES.queueLimit;
    if (this.waiting.length >= limit) {
      throw new HiggsError('HIGGS_QUEUE_FULL', `There are ${limit} sounds waiting for the player already.`);
    }
    const abort = await this.placeFor(turn);
    this.hasPlayed = true;
    try {
      await this.resting;
      const signal = AbortSignal.any([turn.signal, abort.signal]);
      if (signal.aborted) throw stopped();
      await work(signal);
    } finally {
      this.playing = undefined;
      this.goOn();
    }
  }

  /** Stops what the owner has waiting, playing, or both. */
  stop(owner: string, scope: StopScope): void {
    if (scope !== 'running') {
      const own = this.waiting.filter((turn) => turn.owner === owner);
      this.waiting = this.waiting.filter((turn) => !own.includes(turn));
      for (const turn of own) turn.fail(stopped());
    }
    if (scope !== 'waiting' && this.playing?.owner === owner) this.playing.abort.abort();
    this.goOn();
  }

  /** What the owner has waiting keeps its place until `resume`, what comes later waits too. */
  pause(owner: string): void {
    this.paused.add(owner);
    this.goOn();
  }

  resume(owner: string): void {
    this.paused.delete(owner);
    this.goOn();
  }

  /** Settles when its turn has come, with what ends it. */
  private placeFor(turn: Turn): Promise<AbortController> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { ...turn, begin: resolve, fail: reject };
      const behind = this.waiting.findIndex((other) => goesBefore(turn, other));
      this.waiting.splice(behind < 0 ? this.waiting.length : behind, 0, waiting);
      const leave = () => {
        if (!this.waiting.includes(waiting)) return;
        this.waiting = this.waiting.filter((other) => other !== waiting);
        reject(stopped());
        this.goOn();
      };
      if (turn.signal.aborted) leave();
      else turn.signal.addEventListener('abort', leave, { once: true });
      const { playing } = this;
      const isPaused = this.paused.has(turn.owner);
      if (turn.interrupt && !isPaused && playing !== undefined && playing.priority <= turn.priority) {
        playing.abort.abort();
      }
      this.goOn();
    });
  }

  private goOn(): void {
    if (this.playing !== undefined) {
      this.tellPlaces(1);
      return;
    }
    const next = this.waiting.find(({ owner }) => !this.paused.has(owner));
    if (next !== undefined) {
      this.waiting = this.waiting.filter((other) => other !== next);
      const abort = new AbortController();
      this.playing = { ...next, abort };
      next.begin(abort);
      this.tellPlaces(1);
      return;
    }
    this.tellPlaces(0);
    if (!this.hasPlayed) return;
    this.hasPlayed = false;
    this.resting = this.rest();
  }

  private tellPlaces(before: number): void {
    this.waiting.forEach(({ onPlace }, index) => onPlace?.(before + index));
  }
}

function stopped(): HiggsError {
  return new HiggsError('HIGGS_ABORTED', 'The sound was stopped.');
}
