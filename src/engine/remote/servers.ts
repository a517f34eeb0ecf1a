/** Several servers as one: the least busy one that is well is asked, another one where it fails before it was heard. */
import { HiggsError } from '../errors.js';
import type { StopReason } from '../requests.js';
import { CHAT_API } from './chat-api.js';
import { exchange, ServerFailure } from './exchange.js';
import { Server } from './server.js';
import type { RemoteSettings } from '../protocol.js';
import { SPEECH_API } from './speech-api.js';
import { BrokenAnswer, type RemoteApi, type RemoteQuestion } from './types.js';

export class Servers {
  private readonly servers: readonly Server[];
  private readonly api: RemoteApi;

  constructor(private readonly settings: RemoteSettings) {
    this.servers = settings.urls.map((url) => new Server(new URL(url), settings.key));
    this.api = settings.api === 'chat' ? CHAT_API : SPEECH_API;
  }

  /**
   * Speaks; samples are mono 24 kHz. A request costs nothing but work, so as long as nothing was heard it is made again
   * elsewhere, once to each server. Throws HIGGS_REMOTE_UNREACHABLE where all have failed, HIGGS_REMOTE_FAILED where one
   * fails in mid-speech, HIGGS_REMOTE_REFUSED, HIGGS_OPTION_INVALID, HIGGS_ABORTED.
   */
  async *ask(question: RemoteQuestion, signal: AbortSignal): AsyncGenerator<Float32Array, StopReason, void> {
    const reasons: string[] = [];
    for (const tried = new Set<Server>(); ;) {
      const server = this.best(tried);
      if (server === undefined) break;
      tried.add(server);
      let isHeard = false;
      server.busy += 1;
      try {
        const answer = this.askOne(server, question, signal);
        for (;;) {
          const step = await answer.next();
          if (step.done === true) {
            if (!isHeard) throw new BrokenAnswer('answered without sound');
            server.didWell();
            return step.value;
          }
          isHeard = true;
          yield step.value;
        }
      } catch (thrown) {
        const failure = asFailure(thrown, server);
        server.didFail(failure.retryAfterSeconds);
        if (isHeard)
          throw new HiggsError('HIGGS_REMOTE_FAILED', `${failure.message}, in mid-speech.`, { cause: thrown });
        reasons.push(failure.message);
      } finally {
        server.busy -= 1;
      }
    }
    throw new HiggsError('HIGGS_REMOTE_UNREACHABLE', `No server speaks: ${reasons.join('; ')}.`);
  }

  /** Whether any server is well. Throws HIGGS_REMOTE_UNREACHABLE, HIGGS_ABORTED. */
  async check(signal: AbortSignal): Promise<void> {
    const reasons: string[] = [];
    for (const server of this.servers) {
      try {
        await server.check(this.settings.model, signal);
        return;
      } catch (thrown) {
        const failure = asFailure(thrown, server);
        server.didFail(failure.retryAfterSeconds);
        reasons.push(failure.message);
      }
    }
    throw new HiggsError('HIGGS_REMOTE_UNREACHABLE', `No server answers: ${reasons.join('; ')}.`);
  }

  private async *askOne(
    server: Server,
    question: RemoteQuestion,
    signal: AbortSignal,
  ): AsyncGenerator<Float32Array, StopReason, void> {
    const { model, silenceSeconds } = this.settings;
    const body = this.api.bodyOf(question, await server.check(model, signal));
    const request = server.request('POST', this.api.path, silenceSeconds, signal);
    return yield* exchange({ ...request, body }, (answer) => this.api.samplesOf(answer));
  }

  /** Well ones first, the least busy of them; resting ones only where there is nobody else, the longest rested first. */
  private best(tried: ReadonlySet<Server>): Server | undefined {
    const left = this.servers.filter((server) => !tried.has(server));
    const awake = left.filter((server) => !server.isResting);
    const choice = awake.length > 0 ? awake : left;
    return choice.reduce<Server | undefined>((best, server) => {
      if (best === undefined) return server;
      if (best.isDoubtful !== server.isDoubtful) return best.isDoubtful ? server : best;
      return server.busy < best.busy ? server : best;
    }, undefined);
  }
}

/** What is the server's trouble; throws what is not, such as a stop or a request that no server would take. */
function asFailure(thrown: unknown, server: Server): ServerFailure {
  if (thrown instanceof ServerFailure) return thrown;
  if (thrown instanceof BrokenAnswer)
    return new ServerFailure(`${server.base.host} ${thrown.message}`, { cause: thrown });
  throw thrown;
}
