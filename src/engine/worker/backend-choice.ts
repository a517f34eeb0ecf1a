/** Which stage a call goes to: this machine's, or the servers' with this machine's as the understudy. */
import { HiggsError } from '../errors.js';
import type { Assignment, CallAnswer, ChildSettings } from '../protocol.js';
import type { CallTools, WorkplaceState } from './message-loop.js';
import { RemoteStage } from './remote-backend.js';
import { Studio } from './local-backend.js';
import { work } from './work.js';

export class Workplace implements WorkplaceState {
  private readonly studio: Studio;
  private readonly remote: RemoteStage | undefined;
  /** Done when the last work is that was the studio's only one. */
  private aloneIsDone: Promise<unknown> = Promise.resolve();
  /** Speech that goes on in the studio. */
  private readonly speaking = new Set<Promise<unknown>>();
  /** Why this machine speaks in the servers' place. */
  private fallBackReason: string | undefined;

  constructor(private readonly settings: ChildSettings) {
    this.studio = new Studio(settings);
    if (settings.remote !== undefined) this.remote = new RemoteStage(settings.remote);
  }

  get loaded(): WorkplaceState['loaded'] {
    if (this.remote === undefined) return this.studio.loaded;
    if (this.fallBackReason === undefined) return this.remote.loaded;
    const warning = `${this.fallBackReason} This machine speaks in their place.`;
    const loaded = this.studio.loaded ?? this.remote.loaded;
    return loaded && { ...loaded, warnings: [...loaded.warnings, warning] };
  }

  async perform(assignment: Assignment, tools: CallTools): Promise<CallAnswer> {
    if (this.remote === undefined) {
      const isSpeech = assignment.kind === 'speak' || assignment.kind === 'dialogue';
      // What loads the model is alone.
      return isSpeech && this.studio.loaded ? this.beside(assignment, tools) : this.alone(assignment, tools);
    }
    let isHeard = false;
    const onChunk: CallTools['onChunk'] = (chunk) => {
      isHeard = true;
      tools.onChunk(chunk);
    };
    try {
      const answer = await work(this.remote, assignment, { ...tools, onChunk });
      this.fallBackReason = undefined;
      return answer;
    } catch (thrown) {
      const error = HiggsError.from(thrown);
      const mayFallBack = this.settings.remote?.fallBack === true && !isHeard;
      if (!mayFallBack || error.code !== 'HIGGS_REMOTE_UNREACHABLE') throw error;
      this.fallBackReason = error.message;
      return this.alone(assignment, tools);
    }
  }

  /** In the studio, when all before it is done; all after it waits. */
  private alone(assignment: Assignment, tools: CallTools): Promise<CallAnswer> {
    const answer = Promise.all([this.aloneIsDone, ...this.speaking]).then(() => work(this.studio, assignment, tools));
    this.aloneIsDone = answer.catch(() => undefined);
    return answer;
  }

  /** In the studio, beside other speech. */
  private beside(assignment: Assignment, tools: CallTools): Promise<CallAnswer> {
    const answer = this.aloneIsDone.then(() => work(this.studio, assignment, tools));
    const over = answer.then(
      () => void this.speaking.delete(over),
      () => void this.speaking.delete(over),
    );
    this.speaking.add(over);
    return answer;
  }
}
