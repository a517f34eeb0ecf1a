/** The speech engine over a worker process of this machine: requests are checked, voices looked up, and calls made of them. */
import { HiggsError } from '../errors.js';
import type { SpeechTask, Task } from '../protocol.js';
import type {
  AudioChunk,
  CallOptions,
  DialogueRequest,
  EngineInfo,
  ImportVoiceOptions,
  RegisterVoiceRequest,
  SpeakOptions,
  SpeakRequest,
  StopScope,
} from '../requests.js';
import type { OwnEngine, Speech, SpeechEngine } from '../speech-engine.js';
import { readVoiceFile, VoiceNames } from '../voices/index.js';
import { safeCall } from './call.js';
import {
  checkCallOptions,
  checkDialogueRequest,
  checkImportOptions,
  checkRegisterRequest,
  checkSpeakOptions,
  checkSpeakRequest,
} from './checks.js';
import { Dispatcher } from './dispatcher.js';
import type { EngineSettings } from './settings.js';
import { chunksOf, speechOf, wrongAnswer } from './speech.js';

/** What all who share an engine have in common: the worker with its queue, the voices, and who listens. */
export class EngineCore {
  readonly dispatcher: Dispatcher;
  readonly names: VoiceNames;
  readonly listeners = new Set<() => void>();
  private speed: number | undefined;
  private closing: Promise<void> | undefined;
  private lastScope = 0;

  constructor(readonly settings: EngineSettings) {
    this.names = new VoiceNames(settings.dataDir);
    this.dispatcher = new Dispatcher(settings, () => {
      for (const listener of [...this.listeners]) listener();
    });
  }

  /** A number of its own for each who shares the engine: owners are told apart by it. */
  newScope(): number {
    return ++this.lastScope;
  }

  info(): EngineInfo {
    return { ...this.dispatcher.info(), ...(this.speed === undefined ? {} : { speed: this.speed }) };
  }

  /** Remembers how fast it was. */
  timed(speech: Speech): Speech {
    if (!speech.cached && speech.workSeconds > 0) this.speed = speech.durationSeconds / speech.workSeconds;
    return speech;
  }

  close(): Promise<void> {
    return (this.closing ??= this.dispatcher.close().then(() => this.listeners.clear()));
  }
}

/** One user's side of an engine: its calls, its owners, its listeners. */
export class Engine implements SpeechEngine {
  private readonly scope: number;

  /** `isReleased` is asked before each call. */
  constructor(
    protected readonly core: EngineCore,
    private readonly isReleased: () => boolean = () => false,
  ) {
    this.scope = core.newScope();
  }

  async speak(request: SpeakRequest, options: SpeakOptions = {}): Promise<Speech> {
    checkSpeakRequest(request, this.core.settings.textLimitCharacters);
    return this.say(options, async (manner) => {
      return { kind: 'speak', request: { ...request, ...manner, voice: await this.core.names.resolve(request.voice) } };
    });
  }

  async dialogue(request: DialogueRequest, options: SpeakOptions = {}): Promise<Speech> {
    checkDialogueRequest(request, this.core.settings.textLimitCharacters);
    return this.say(options, async (manner) => {
      const voices = await this.core.names.resolveAll(request.voices, request.lines);
      return { kind: 'dialogue', request: { ...request, ...manner, voices } };
    });
  }

  stream(
    request: SpeakRequest | DialogueRequest,
    options: Omit<SpeakOptions, 'onChunk'> = {},
  ): AsyncGenerator<AudioChunk, Speech, void> {
    const speak = (all: SpeakOptions) => ('lines' in request ? this.dialogue(request, all) : this.speak(request, all));
    return chunksOf(speak, options);
  }

  async read(request: SpeakRequest, options: CallOptions = {}) {
    checkSpeakRequest(request, this.core.settings.textLimitCharacters);
    const { answer } = await this.ask(async () => {
      const voice = await this.core.names.resolve(request.voice);
      return { kind: 'read', request: { ...request, voice, streams: false, cache: false } };
    }, options);
    if (answer.to !== 'read') throw wrongAnswer(answer.to);
    return answer.reading;
  }

  async registerVoice(request: RegisterVoiceRequest, options: CallOptions = {}) {
    this.refuseWhenOver();
    checkRegisterRequest(request);
    const candidate = await this.core.names.candidate(request);
    if (candidate.clip === undefined) return { voice: await candidate.keep() };
    const { clip } = candidate;
    const task = { kind: 'prepare-voice', clip, trim: request.trim === true } as const;
    const { answer } = await this.ask(() => Promise.resolve(task), options);
    if (answer.to !== 'prepare-voice') throw wrongAnswer(answer.to);
    return { voice: await candidate.keep(answer.report, answer.trimmed), report: answer.report };
  }

  async removeVoice(name: string): Promise<void> {
    await this.core.names.remove(name);
  }

  async renameVoice(name: string, to: string) {
    return this.core.names.rename(name, to);
  }

  async exportVoice(name: string): Promise<Uint8Array> {
    return this.core.names.export(name);
  }

  async importVoice(file: Uint8Array, how: ImportVoiceOptions = {}, options: CallOptions = {}) {
    checkImportOptions(how);
    const { name: own, ...source } = readVoiceFile(file);
    const { name = own, replace } = how;
    return this.registerVoice({ name, source, ...(replace === undefined ? {} : { replace }) }, options);
  }

  async voices() {
    return this.core.names.list();
  }

  async preload(options: CallOptions = {}): Promise<void> {
    await this.ask(() => Promise.resolve({ kind: 'load' }), options);
  }

  stop(owner: string, which?: StopScope): number {
    return this.core.dispatcher.stop({ owner, scope: this.scope }, which);
  }

  stopAll(): number {
    return this.core.dispatcher.stop({ scope: this.scope });
  }

  pause(owner: string): void {
    this.core.dispatcher.pause(owner, this.scope);
  }

  resume(owner: string): void {
    this.core.dispatcher.resume(owner, this.scope);
  }

  info(): EngineInfo {
    return this.core.info();
  }

  onChange(listener: (info: EngineInfo) => void): () => void {
    const told = () => safeCall(listener, this.info());
    this.core.listeners.add(told);
    return () => void this.core.listeners.delete(told);
  }

  private async say(
    options: SpeakOptions,
    makeTask: (manner: { streams: boolean; cache: boolean }) => Promise<SpeechTask>,
  ): Promise<Speech> {
    checkSpeakOptions(options);
    this.refuseWhenOver();
    const manner = { streams: options.onChunk !== undefined, cache: options.cache ?? true };
    const origin = { isSpeech: true, scope: this.scope };
    const submit = () => this.core.dispatcher.submit(() => makeTask(manner), options, origin);
    const end = await submit().catch((thrown: unknown) => {
      // A voice may be removed, or get another clip, while a text waits: its name is looked up once more.
      if (HiggsError.from(thrown).code === 'HIGGS_VOICE_FILE_BROKEN') return submit();
      throw thrown;
    });
    return this.core.timed(speechOf(end));
  }

  /** For what is no speech. */
  private async ask(makeTask: () => Promise<Task>, options: CallOptions) {
    checkCallOptions(options);
    this.refuseWhenOver();
    const origin = { isSpeech: false, scope: this.scope };
    return this.core.dispatcher.submit(makeTask, options, origin);
  }

  private refuseWhenOver(): void {
    if (this.isReleased()) throw new HiggsError('HIGGS_CLOSED', 'The lease on the engine was released.');
    this.core.dispatcher.refuseWhenOver();
  }
}

/** An engine that nobody else has. */
export class PrivateEngine extends Engine implements OwnEngine {
  close(): Promise<void> {
    return this.core.close();
  }
}
