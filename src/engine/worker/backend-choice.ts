/** Which backend answers a call: this machine's, or the servers' with this machine's in reserve; and whether a cached result does. */
import { HiggsError } from '../errors.js';
import type { CallAnswer, Task, WorkerSettings } from '../protocol.js';
import type { LexiconEntry } from '../lexicon.js';
import { trimClip } from '../voices/index.js';
import type { Backend, BackendState, CallTools } from './backend.js';
import { dialogue } from './dialogue.js';
import { LocalBackend } from './local-backend.js';
import { RemoteBackend } from './remote-backend.js';
import { ResultCache } from './result-cache.js';
import { warmUp } from './script.js';
import { read, speak } from './speak.js';

export class BackendChoice {
  private readonly local: LocalBackend;
  private readonly remote: RemoteBackend | undefined;
  private readonly results: ResultCache;
  /** Done when the last work is that had this machine's model to itself. */
  private aloneIsDone: Promise<unknown> = Promise.resolve();
  /** Speech that goes on here. */
  private readonly speaking = new Set<Promise<unknown>>();
  /** Why this machine speaks in the servers' place. */
  private fallBackReason: string | undefined;

  constructor(private readonly settings: WorkerSettings) {
    this.local = new LocalBackend(settings);
    if (settings.remote !== undefined) this.remote = new RemoteBackend(settings.remote);
    this.results = new ResultCache(settings);
  }

  get loaded(): BackendState | undefined {
    if (this.remote === undefined) return this.local.loaded;
    if (this.fallBackReason === undefined) return this.remote.loaded;
    const warning = `${this.fallBackReason} This machine speaks in their place.`;
    const loaded = this.local.loaded ?? this.remote.loaded;
    return loaded && { ...loaded, warnings: [...loaded.warnings, warning] };
  }

  /** Answers with a cached result, by the servers, or here; here speech goes beside speech, all else alone. */
  async answer(task: Task, tools: CallTools): Promise<CallAnswer> {
    const caching = await this.results.open(task, tools);
    try {
      if (caching.known !== undefined) return caching.known;
      const remote = await this.answerRemotely(task, caching.tools);
      if (remote !== undefined) return caching.keep(remote);
      const done = await this.takeTurn(isSpeech(task) && this.local.loaded !== undefined);
      try {
        return caching.keep(await answerWith(this.local, task, caching.tools, this.settings.lexicon));
      } finally {
        done();
      }
    } finally {
      caching.close();
    }
  }

  /** Done when nothing is written any more. */
  async settled(): Promise<void> {
    await this.results.settled();
  }

  /** Undefined where this machine has to answer. */
  private async answerRemotely(task: Task, tools: CallTools): Promise<CallAnswer | undefined> {
    if (this.remote === undefined) return undefined;
    let isHeard = false;
    const onChunk: CallTools['onChunk'] = (chunk) => {
      isHeard = true;
      tools.onChunk(chunk);
    };
    try {
      const answer = await answerWith(this.remote, task, { ...tools, onChunk }, this.settings.lexicon);
      this.fallBackReason = undefined;
      return answer;
    } catch (thrown) {
      const error = HiggsError.from(thrown);
      const mayFallBack = this.settings.remote?.fallBack === true && !isHeard;
      if (!mayFallBack || error.code !== 'HIGGS_REMOTE_UNREACHABLE') throw error;
      this.fallBackReason = error.message;
      return undefined;
    }
  }

  /**
   * Waits for the work before: speech for what is alone, what is alone (as whatever loads the model) for everything. Gives what
   * ends the turn.
   */
  private async takeTurn(isBeside: boolean): Promise<() => void> {
    const before = isBeside ? [this.aloneIsDone] : [this.aloneIsDone, ...this.speaking];
    let done!: () => void;
    const over = new Promise<void>((resolve) => (done = resolve));
    if (isBeside) this.speaking.add(over);
    else this.aloneIsDone = over;
    await Promise.all(before);
    return () => {
      this.speaking.delete(over);
      done();
    };
  }
}

function isSpeech(task: Task): boolean {
  return task.kind === 'speak' || task.kind === 'dialogue';
}

async function answerWith<Voice, Turn>(
  backend: Backend<Voice, Turn>,
  task: Task,
  tools: CallTools,
  lexicon: readonly LexiconEntry[] | undefined,
): Promise<CallAnswer> {
  switch (task.kind) {
    case 'speak':
      return { to: 'speech', outcome: await speak(backend, task.request, tools, lexicon) };
    case 'dialogue':
      return { to: 'speech', outcome: await dialogue(backend, task.request, tools, lexicon) };
    case 'read':
      return { to: 'read', reading: await read(backend, task.request, tools, lexicon) };
    case 'prepare-voice':
      return prepareVoice(backend, task.clip, task.trim, tools);
    case 'load':
      await backend.open(tools);
      await warmUp(backend, tools);
      return { to: 'load' };
  }
}

async function prepareVoice<Voice, Turn>(
  backend: Backend<Voice, Turn>,
  given: Uint8Array,
  trim: boolean,
  tools: CallTools,
): Promise<CallAnswer> {
  const clip = trim ? trimClip(given) : given;
  const report = await backend.checkClip(clip, tools);
  return { to: 'prepare-voice', report, ...(clip === given ? {} : { trimmed: clip }) };
}
