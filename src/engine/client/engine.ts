/** The speech engine over a child process of this machine: requests are checked, voices looked up, and calls made of them. */
import type { Assignment } from '../protocol.js';
import type {
  CallOptions,
  DialogueRequest,
  EngineInfo,
  ImportVoiceOptions,
  RegisteredVoice,
  RegisterVoiceRequest,
  SpeakOptions,
  SpeakRequest,
  SpeakResult,
  StopScope,
  VoiceInfo,
} from '../requests.js';
import type { SpeechEngine } from '../speech-engine.js';
import { readVoiceFile } from '../voices/index.js';
import { CallDesk } from './dispatcher.js';
import { checkDialogueRequest, checkSpeakRequest, checkVoice } from './checks.js';
import { safeCall } from './safe-call.js';
import type { EngineSettings } from './settings.js';
import { speechOf, wrongAnswer } from './speech.js';
import { Takes } from '../worker/result-cache.js';
import { VoiceNames } from '../voices/voice-names.js';

export class LocalEngine implements SpeechEngine {
  private readonly desk: CallDesk;
  private readonly names: VoiceNames;
  private readonly takes: Takes;
  private readonly listeners = new Set<(info: EngineInfo) => void>();
  private closing: Promise<void> | undefined;
  private speed: number | undefined;

  constructor(private readonly settings: EngineSettings) {
    this.names = new VoiceNames(settings.dataDir);
    this.takes = new Takes(settings);
    this.desk = new CallDesk(settings, () => this.changed());
  }

  async speak(request: SpeakRequest, options: SpeakOptions = {}): Promise<SpeakResult> {
    checkSpeakRequest(request, this.settings.textLimitCharacters);
    const assignment = async (): Promise<Assignment> => ({
      kind: 'speak',
      request: { ...request, voice: await this.names.resolve(request.voice), streams: options.onChunk !== undefined },
    });
    return this.perform(assignment, options);
  }

  async dialogue(request: DialogueRequest, options: SpeakOptions = {}): Promise<SpeakResult> {
    checkDialogueRequest(request, this.settings.textLimitCharacters);
    const assignment = async (): Promise<Assignment> => ({
      kind: 'dialogue',
      request: {
        ...request,
        voices: await this.names.resolveAll(request.voices, request.lines),
        streams: options.onChunk !== undefined,
      },
    });
    return this.perform(assignment, options);
  }

  async registerVoice(request: RegisterVoiceRequest, options: CallOptions = {}): Promise<RegisteredVoice> {
    this.desk.refuseWhenOver();
    checkVoice(request.source);
    const candidate = await this.names.candidate(request);
    if (candidate.clip === undefined) return { voice: await candidate.keep() };
    const { clip } = candidate;
    const { answer } = await this.desk.call(() => Promise.resolve({ kind: 'prepare-voice', clip }), options);
    if (answer.to !== 'prepare-voice') throw wrongAnswer(answer.to);
    return { voice: await candidate.keep(answer.report), report: answer.report };
  }

  async removeVoice(name: string): Promise<void> {
    await this.names.remove(name);
  }

  async renameVoice(name: string, to: string): Promise<VoiceInfo> {
    return this.names.rename(name, to);
  }

  async exportVoice(name: string): Promise<Uint8Array> {
    return this.names.export(name);
  }

  async importVoice(
    file: Uint8Array,
    { name, replace }: ImportVoiceOptions = {},
    options: CallOptions = {},
  ): Promise<RegisteredVoice> {
    const { name: own, ...source } = readVoiceFile(file);
    return this.registerVoice({ name: name ?? own, source, ...(replace === undefined ? {} : { replace }) }, options);
  }

  async voices(): Promise<readonly VoiceInfo[]> {
    return this.names.list();
  }

  async preload(options: CallOptions = {}): Promise<void> {
    await this.desk.call(() => Promise.resolve({ kind: 'load' }), options);
  }

  stop(owner: string, which?: StopScope): number {
    return this.desk.stop(owner, which);
  }

  stopAll(): number {
    return this.desk.stopAll();
  }

  pause(owner: string): void {
    this.desk.pause(owner);
  }

  resume(owner: string): void {
    this.desk.resume(owner);
  }

  info(): EngineInfo {
    return { ...this.desk.info(), ...(this.speed === undefined ? {} : { speed: this.speed }) };
  }

  onChange(listener: (info: EngineInfo) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  close(): Promise<void> {
    return (this.closing ??= this.shutDown());
  }

  /** An earlier take of the same, or a new one. */
  private async perform(assignment: () => Promise<Assignment>, options: SpeakOptions): Promise<SpeakResult> {
    const recall = this.takes.recall(options.cache);
    const end = await this.desk.call(assignment, options, { isSpeech: true, ...(recall ? { recall } : {}) });
    const result = { ...speechOf(end), cached: recall?.isFound ?? false };
    recall?.keep(result);
    return this.timed(result);
  }

  /** Remembers how fast it was. */
  private timed(result: SpeakResult): SpeakResult {
    if (!result.cached && result.workSeconds > 0) this.speed = result.durationSeconds / result.workSeconds;
    return result;
  }

  private async shutDown(): Promise<void> {
    await this.desk.close();
    await this.takes.settled();
    this.listeners.clear();
  }

  private changed(): void {
    if (this.listeners.size === 0) return;
    const info = this.info();
    for (const listener of [...this.listeners]) safeCall(listener, info);
  }
}
