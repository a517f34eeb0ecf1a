/** Several servers as one: the least busy one that is well is asked, another one where it fails before it was heard. */
import { HiggsError } from '../errors.js';
import { FRAMES_PER_SECOND } from '../codes.js';
import type { RemoteSettings } from '../protocol.js';
import type { StopReason } from '../requests.js';
import { unlessAborted } from './abort.js';
import { CHAT_API } from './chat-api.js';
import { exchange, ServerFailure } from './exchange.js';
import type { ServerKind } from './kinds.js';
import { Server } from './server.js';
import { SPEECH_API } from './speech-api.js';
import { BrokenAnswer, type RemoteApi, type RemoteQuestion } from './types.js';

/** A server that sends all its sound at the end may take so many seconds for each one that the sound can have. */
const SLOWEST_WORK = 4;

export interface AskOptions {
  readonly signal: AbortSignal;
  /** Called as a server is asked, again for each further one. */
  readonly onAsk?: (kind: ServerKind) => void;
}

export class Servers {
  private readonly servers: readonly Server[];
  private readonly api: RemoteApi;
  /** Whoever waits for a server that is not full, in the order of coming. */
  private waiting: (() => void)[] = [];

  constructor(private readonly settings: RemoteSettings) {
    this.servers = settings.urls.map((url) => new Server(new URL(url), settings));
    this.api = settings.api === 'chat' ? CHAT_API : SPEECH_API;
  }

  /** How many requests they answer at the same time, as far as is known. */
  get places(): number {
    return this.servers.reduce((sum, { places }) => sum + places, 0);
  }

  /** Whether a further request would be answered at once, and nobody waits for that. */
  get haveRoom(): boolean {
    return this.waiting.length === 0 && this.servers.some((server) => !server.isResting && !server.isFull);
  }

  /**
   * Speaks; samples are mono 24 kHz. Waits where all that are well have as much as they can do. A request costs nothing but
   * work, so as long as nothing was heard it is made again elsewhere, once to each server. Throws HIGGS_REMOTE_UNREACHABLE
   * where all have failed, HIGGS_REMOTE_FAILED where one fails in mid-speech, HIGGS_REMOTE_REFUSED, HIGGS_OPTION_INVALID,
   * HIGGS_ABORTED.
   */
  async *ask(question: RemoteQuestion, options: AskOptions): AsyncGenerator<Float32Array, StopReason, void> {
    const reasons: string[] = [];
    for (const tried = new Set<Server>(); ;) {
      const server = await this.take(tried, options.signal);
      if (server === undefined) break;
      tried.add(server);
      let isHeard = false;
      try {
        const answer = this.askOne(server, question, options);
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
        this.wake();
      }
    }
    throw new HiggsError('HIGGS_REMOTE_UNREACHABLE', `No server speaks: ${reasons.join('; ')}.`);
  }

  /** Looks how all are; done with the first that is well. Throws HIGGS_REMOTE_UNREACHABLE, HIGGS_ABORTED. */
  async check(signal: AbortSignal): Promise<void> {
    const reasons: string[] = [];
    const looks = this.servers.map(async (server) => {
      try {
        await server.check(signal);
        this.wake();
      } catch (thrown) {
        const failure = asFailure(thrown, server);
        server.didFail(failure.retryAfterSeconds);
        reasons.push(failure.message);
        throw failure;
      }
    });
    try {
      await Promise.any(looks);
    } catch (cause) {
      if (signal.aborted) throw new HiggsError('HIGGS_ABORTED', 'The request was stopped.', { cause: signal.reason });
      throw new HiggsError('HIGGS_REMOTE_UNREACHABLE', `No server answers: ${reasons.join('; ')}.`, { cause });
    }
  }

  private async *askOne(
    server: Server,
    question: RemoteQuestion,
    { signal, onAsk }: AskOptions,
  ): AsyncGenerator<Float32Array, StopReason, void> {
    const target = await server.check(signal);
    this.wake();
    const { kind } = target;
    const body = this.api.bodyOf(question, target);
    const workSeconds = kind.streams ? 0 : (SLOWEST_WORK * question.maxFrames) / FRAMES_PER_SECOND;
    const request = server.request('POST', this.api.path, this.settings.silenceSeconds + workSeconds, signal);
    onAsk?.(kind);
    return yield* exchange({ ...request, body }, (answer) => this.api.samplesOf(answer, question));
  }

  /** A server for one more request, which counts at once; undefined where all were tried. */
  private async take(tried: ReadonlySet<Server>, signal: AbortSignal): Promise<Server | undefined> {
    this.probeRested();
    for (;;) {
      const left = this.servers.filter((server) => !tried.has(server));
      const awake = left.filter(({ isResting }) => !isResting);
      const choice = awake.length > 0 ? awake : left;
      const free = choice.filter(({ isFull }) => !isFull);
      const [best] = free.sort(byFitness);
      if (best !== undefined) best.busy += 1;
      if (best !== undefined || choice.length === 0) return best;
      await unlessAborted(new Promise<void>((go) => this.waiting.push(go)), signal);
    }
  }

  /** All look, the first to come first; who finds no room waits on, behind those that came before. */
  private wake(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  /** One that has failed gets no request while others are well, so that it has to be looked at to be known as well again. */
  private probeRested(): void {
    for (const server of this.servers.filter(({ needsProbe }) => needsProbe)) {
      server.check(new AbortController().signal).then(
        () => this.wake(),
        (thrown: unknown) => {
          if (thrown instanceof ServerFailure || thrown instanceof BrokenAnswer) server.didFail();
        },
      );
    }
  }
}

/** Well ones first, of those the least busy by their places. */
function byFitness(a: Server, b: Server): number {
  return Number(a.isDoubtful) - Number(b.isDoubtful) || a.busy / a.places - b.busy / b.places;
}

/** What is the server's trouble; throws what is not, such as a stop or a request that no server would take. */
function asFailure(thrown: unknown, server: Server): ServerFailure {
  if (thrown instanceof ServerFailure) return thrown;
  if (thrown instanceof BrokenAnswer)
    return new ServerFailure(`${server.base.host} ${thrown.message}`, { cause: thrown });
  throw thrown;
}
