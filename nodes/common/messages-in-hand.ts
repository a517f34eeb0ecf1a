/** What a node has in hand, and the commands that stop it. */
import { HiggsError, type StopScope } from '../../src/engine/index.js';

/** Where a message stands: the engine itself knows of those that were asked whether they wait or run. */
type Stage = 'before' | 'asked' | 'after';

export interface MessageInHand {
  /** For the engine, and for what takes long before and after it. */
  readonly signal: AbortSignal;
  /** From here on the engine answers for the message. */
  ask(): void;
  /** The engine has answered; the sound is worked on and handed out. */
  answered(): void;
  /** Throws HIGGS_ABORTED where the message was stopped. */
  checkGoesOn(): void;
  end(): void;
}

export class MessagesInHand {
  private readonly messages = new Map<AbortController, Stage>();

  /** `link` stops what was asked and is not answered yet. */
  constructor(private readonly link: { stop(which: StopScope): void }) {}

  /** How many wait or are worked on. */
  get count(): number {
    return this.messages.size;
  }

  begin(): MessageInHand {
    const abort = new AbortController();
    this.messages.set(abort, 'before');
    const { signal } = abort;
    return {
      signal,
      ask: () => void this.messages.set(abort, 'asked'),
      answered: () => void this.messages.set(abort, 'after'),
      checkGoesOn: () => {
        if (signal.aborted) throw new HiggsError('HIGGS_ABORTED', 'The message was stopped.');
      },
      end: () => void this.messages.delete(abort),
    };
  }

  /** Stops what waits, what is worked on, or both; each message ends on its own way. */
  stop(which: StopScope): void {
    const stages: Record<StopScope, readonly Stage[]> = {
      all: ['before', 'asked', 'after'],
      waiting: ['before'],
      running: ['after'],
    };
    for (const [abort, stage] of [...this.messages]) if (stages[which].includes(stage)) abort.abort();
    this.link.stop(which);
  }
}
