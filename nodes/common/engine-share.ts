import {
  acquireEngine,
  HiggsError,
  type EngineInfo,
  type EngineLease,
  type EngineOptions,
  type SpeechEngine,
  type StopScope,
} from '../../src/engine/index.js';
import { CLOSE_LIMIT_MS, withinMs } from './end-once.js';

/** A node that speaks through an engine. */
export interface EngineUser {
  /** The owner of its calls. */
  readonly id: string;
  /** Called at each change of the engine's state. */
  engineChanged(info: EngineInfo): void;
}

/** What a user holds: its way to the engine, and the way out. */
export interface EngineLink {
  /** The engine, taken at the first call; throws HIGGS_CLOSED after `leave`, HIGGS_OPTION_INVALID for wrong settings. */
  engine(): SpeechEngine;
  /** Stops what this user has waiting, running, or both; nothing where no engine was needed yet. */
  stop(which: StopScope): void;
  /** Holds back what this user asks, also of an engine that is not taken yet. */
  pause(): void;
  resume(): void;
  /** Stops what this user has waiting and running; the last one to leave releases the engine. Done within 2 s. */
  leave(): Promise<void>;
}

/** What was told in this process; engines of one cache folder have the same to say. */
const warned = new Set<string>();

/** One configuration's engine, counted by its users: nothing runs before the first asks for it or after the last left. */
export class EngineShare {
  private readonly users = new Set<EngineUser>();
  private readonly paused = new Set<EngineUser>();
  private held: { readonly lease: EngineLease; readonly stopListening: () => void } | undefined;

  /**
   * `options` is asked when the engine is taken; what it throws fails the message that needed the engine. `warn` gets each
   * warning of an engine once, whatever nodes use it.
   */
  constructor(
    readonly options: () => EngineOptions,
    private readonly warn: (text: string) => void = () => undefined,
  ) {}

  join(user: EngineUser): EngineLink {
    this.users.add(user);
    return {
      engine: () => {
        if (!this.users.has(user))
          throw new HiggsError('HIGGS_CLOSED', 'The node was closed before its message was spoken.');
        return this.engine();
      },
      stop: (which) => void this.held?.lease.engine.stop(user.id, which),
      pause: () => {
        this.paused.add(user);
        this.held?.lease.engine.pause(user.id);
      },
      resume: () => this.resume(user),
      leave: async () => {
        if (!this.users.delete(user)) return;
        this.held?.lease.engine.stop(user.id);
        this.resume(user);
        if (this.users.size === 0) await withinMs(CLOSE_LIMIT_MS, this.release());
      },
    };
  }

  /** Asks the engine something on behalf of the editor, whether or not a node uses it. */
  async ask<T>(question: (engine: SpeechEngine) => Promise<T>): Promise<T> {
    if (this.held !== undefined) return question(this.held.lease.engine);
    const lease = acquireEngine(this.options());
    try {
      return await question(lease.engine);
    } finally {
      await lease.release();
    }
  }

  /** Ends the share for all: calls in hand end with HIGGS_CLOSED. Done within 2 s. */
  async close(): Promise<void> {
    this.users.clear();
    await withinMs(CLOSE_LIMIT_MS, this.release());
  }

  private resume(user: EngineUser): void {
    this.paused.delete(user);
    this.held?.lease.engine.resume(user.id);
  }

  private engine(): SpeechEngine {
    if (this.held === undefined) {
      const lease = acquireEngine(this.options());
      const stopListening = lease.engine.onChange((info) => {
        for (const user of this.users) user.engineChanged(info);
        for (const warning of info.warnings) this.warnOnce(warning);
      });
      for (const user of this.paused) lease.engine.pause(user.id);
      this.held = { lease, stopListening };
    }
    return this.held.lease.engine;
  }

  private warnOnce(warning: string): void {
    if (warned.has(warning)) return;
    warned.add(warning);
    this.warn(warning);
  }

  private async release(): Promise<void> {
    const { held } = this;
    this.held = undefined;
    held?.stopListening();
    await held?.lease.release();
  }
}
