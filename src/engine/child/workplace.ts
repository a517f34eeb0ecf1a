/** Which stage a call goes to: this machine's, or the servers' with this machine's as the understudy. */
import { HiggsError } from '../errors.js';
import type { Assignment, CallAnswer, ChildSettings } from '../protocol.js';
import type { CallTools, WorkplaceState } from './message-loop.js';
import { RemoteStage } from './remote-stage.js';
import { Studio } from './studio.js';
import { work } from './work.js';

export class Workplace implements WorkplaceState {
  private readonly studio: Studio;
  private readonly remote: RemoteStage | undefined;
  /** The studio has one model and does one thing at a time. */
  private studioIsFree: Promise<unknown> = Promise.resolve();
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
    if (this.remote === undefined) return this.inStudio(assignment, tools);
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
      return this.inStudio(assignment, tools);
    }
  }

  private inStudio(assignment: Assignment, tools: CallTools): Promise<CallAnswer> {
    const answer = this.studioIsFree.then(() => work(this.studio, assignment, tools));
    this.studioIsFree = answer.catch(() => undefined);
    return answer;
  }
}
