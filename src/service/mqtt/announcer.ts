/** The announcer: what comes from the broker, what becomes of it, and what is told. */
import path from 'node:path';
import { HiggsError, type SpeakResult } from '../../engine/index.js';
import { settlesWithin } from '../../engine/package-api.js';
import { resultOf, type Announcement, type AnnouncementResult } from './announcement.js';
import { AnnouncementQueue, facts } from './announcement-queue.js';
import { COMMAND_LIMIT_BYTES } from './command.js';
import { Connection, type IncomingMessage } from './connection.js';
import { checkAnnouncerOptions, type CheckedOptions } from './check-options.js';
import { SETTING_TOPICS, type AnnouncerFacts } from './entities.js';
import { finishSound, type FinishedSound } from './finish.js';
import { handOut } from './hand-out.js';
import { claimFile, idInUse, Instance } from './instance.js';
import { Intake } from './intake.js';
import { MemoryFile, type Memory } from './memory-file.js';
import type { Announcer, AnnouncerOptions, AnnouncerState } from './options.js';
import { Reports } from './reports.js';
import { ANNOUNCER_RULES } from './rules.js';
import { requestFor } from './request.js';
import { SeenMessages } from './seen-messages.js';
import { changeSetting, type SettingName, type Settings } from './settings.js';
import { StateKeeper } from './state-keeper.js';
import type { TopicName, Topics } from './topics.js';
import type { WaitingEntry } from './waiting-list.js';

/** States change faster than anybody wants to read them. */
const TELL_AFTER_MS = 100;
const CLOSE_LIMIT_MS = 1800;

/** Opens an announcer; it connects by itself, now or later. Rejects with HIGGS_OPTION_INVALID or HIGGS_ID_IN_USE. */
export async function openAnnouncer(options: AnnouncerOptions): Promise<Announcer> {
  const checked = checkAnnouncerOptions(options);
  const file = path.resolve(options.folder, `announcer-${options.id}.json`);
  const release = claimFile(file, options.id);
  try {
    const memoryFile = new MemoryFile(file);
    const memory = await memoryFile.load((error) => options.onWarning?.(error));
    return new MqttAnnouncer(options, checked, memoryFile, memory, release);
  } catch (thrown) {
    release();
    throw thrown;
  }
}

class MqttAnnouncer implements Announcer {
  private readonly topics: Topics;
  private readonly connection: Connection;
  private readonly reports: Reports;
  private readonly seen: SeenMessages;
  private readonly queue: AnnouncementQueue;
  private readonly keeper: StateKeeper;
  private readonly intake: Intake;
  private readonly instance: Instance;
  private settings: Settings;
  private voices: readonly string[] = [];
  private isIdInUse = false;
  private telling: NodeJS.Timeout | undefined;
  private closed: Promise<void> | undefined;

  constructor(
    private readonly options: AnnouncerOptions,
    private readonly checked: CheckedOptions,
    file: MemoryFile,
    memory: Memory,
    private readonly release: () => void,
  ) {
    const { id, name = `Announcer ${options.id}` } = options;
    this.topics = checked.topics;
    this.seen = new SeenMessages(memory.seen);
    this.settings = memory.settings ?? { music: false, volume: ANNOUNCER_RULES.volume.fallback };
    this.instance = new Instance(id);
    this.connection = this.connect();
    this.reports = new Reports(this.connection, this.topics, { id, name, prefix: checked.prefix });
    this.queue = this.openQueue(memory.waiting);
    this.keeper = new StateKeeper(
      file,
      () => ({ settings: this.settings, waiting: this.queue.kept, seen: this.seen.state }),
      (error) => this.warn(error),
      () => this.connection.askAgain(),
    );
    this.intake = new Intake(checked.rules, this.seen, this.queue, this.keeper, (announcement, result) => {
      void this.tell(announcement, result);
    });
    this.queue.begin();
  }

  get state(): AnnouncerState {
    return {
      connected: this.connection.isConnected,
      waiting: this.queue.waitingCount,
      speaking: this.queue.isSpeaking,
      idInUse: this.isIdInUse,
    };
  }

  async announce(command: string): Promise<string> {
    const taken = await this.intake.take(Buffer.from(command), undefined);
    if (taken.kind === 'taken') return taken.id;
    throw taken.error;
  }

  stop(): void {
    this.queue.stop();
  }

  clear(): void {
    this.queue.clear();
  }

  acknowledge(id?: string): void {
    this.queue.acknowledge(id);
  }

  close({ forget = false }: { readonly forget?: boolean } = {}): Promise<void> {
    this.closed ??= this.leave(forget).finally(this.release);
    return this.closed;
  }

  private async leave(forget: boolean): Promise<void> {
    clearTimeout(this.telling);
    const gone = this.connection.close(this.reports.lastWords(forget), forget);
    await settlesWithin(CLOSE_LIMIT_MS, Promise.all([gone, this.queue.close()]));
    if (forget) await this.keeper.remove();
    else await this.keeper.keep();
    this.keeper.close();
  }

  private connect(): Connection {
    const { say, sayTo, control, ack, availability, instance } = this.topics;
    const settings = [...SETTING_TOPICS.keys()].map((name) => this.topics[name]);
    const home = this.checked.prefix === '' ? [] : [`${this.checked.prefix}/status`];
    return new Connection({
      broker: this.options.broker,
      clientId: `higgs-tts-${this.options.id}`,
      will: { topic: availability, payload: 'offline' },
      subscriptions: [say, sayTo, control, ack, ...settings, ...home],
      retainedSubscription: instance,
      onSession: (resumed) => {
        if (!resumed) this.seen.sessionLost();
      },
      onConnected: () => void this.connected(),
      onDisconnected: () => this.options.onChange?.(this.state),
      onWarning: (error) => this.warn(error),
      onMessage: (message) => this.receive(message),
      onTakenOver: () => this.setIdInUse(true),
    });
  }

  private openQueue(waiting: readonly WaitingEntry[]): AnnouncementQueue {
    const { engine, owner = `announcer-${this.options.id}` } = this.options;
    return new AnnouncementQueue(
      {
        engine,
        owner,
        request: (announcement) => requestFor(announcement, this.settings, this.options.speech),
        finish: (result, announcement) => this.finish(result, announcement),
        objection: (announcement) => this.intake.objection(announcement),
        handOut: (entry, result, sound) =>
          handOut(entry, result, sound, this.options, (done) => this.tell(entry.announcement, done)),
        tell: (announcement, result) => void this.tell(announcement, result),
        progress: (announcement, event) => this.reports.progress(announcement, event),
        changed: () => this.changed(),
      },
      waiting,
    );
  }

  /** Takes one message; gives whether the broker may forget it. */
  private async receive(message: IncomingMessage): Promise<boolean> {
    const { topic, payload, retained } = message;
    if (topic === this.topics.instance) {
      if (retained) this.setIdInUse(this.instance.isAnother(textOf(payload)));
      return true;
    }
    if (topic === `${this.checked.prefix}/status`) {
      // Home Assistant has started anew and knows of nothing.
      if (textOf(payload) === 'online') await this.tellAll();
      return true;
    }
    // What lay at the broker was meant for another time: nobody wants yesterday's dinner bell at each reconnect.
    if (retained) return true;
    // What takes time comes first: a message that counts as seen must be in the settings or the queue at the next save.
    if (topic === this.topics.voiceSet) await this.findVoices();
    if (this.seen.isRedelivery(message)) return this.keeper.keep();
    const { say } = this.topics;
    if (topic === say) return this.takeAnnouncement(payload, undefined);
    if (topic.startsWith(`${say}/`)) return this.takeAnnouncement(payload, topic.slice(say.length + 1));
    return this.takeOrder(topic, payload);
  }

  private async takeAnnouncement(payload: Uint8Array, target: string | undefined): Promise<boolean> {
    const taken = await this.intake.take(payload, target);
    if (taken.kind === 'taken') return taken.isKept;
    void this.publishResult(taken.result);
    return true;
  }

  /** What is no announcement: a setting, `control`, `ack`. */
  private async takeOrder(topic: string, payload: Uint8Array): Promise<boolean> {
    const [name] = (Object.entries(this.topics) as [TopicName, string][]).find(([, its]) => its === topic) ?? [];
    const setting = name === undefined ? undefined : SETTING_TOPICS.get(name);
    const place = topic.slice(this.topics.say.length - 'say'.length);
    if (payload.byteLength > COMMAND_LIMIT_BYTES) {
      this.refuse(place, new HiggsError('HIGGS_TEXT_TOO_LONG', `The topic "${place}" takes no more than a few words.`));
    } else if (setting !== undefined) {
      return this.change(setting, place, textOf(payload));
    } else if (name === 'control') {
      this.control(textOf(payload));
    } else if (name === 'ack') {
      this.acknowledge(textOf(payload) === '' ? undefined : textOf(payload));
    }
    return true;
  }

  private control(text: string): void {
    if (text === 'stop') this.stop();
    else if (text === 'clear') this.clear();
    else this.refuse('control', new HiggsError('HIGGS_OPTION_INVALID', 'The topic "control" takes "stop" or "clear".'));
  }

  private async change(name: SettingName, place: string, text: string): Promise<boolean> {
    let isKept = true;
    try {
      this.settings = changeSetting(this.settings, name, text, this.voices);
      isKept = await this.keeper.keep();
    } catch (thrown) {
      this.refuse(place, HiggsError.from(thrown));
    }
    // Also where it was refused, so that a switch that was moved goes back.
    this.reports.settings(this.facts);
    return isKept;
  }

  private refuse(topic: string, error: HiggsError): void {
    void this.publishResult({ state: 'failed', topic, error: facts(error) });
  }

  private finish(result: SpeakResult, announcement: Announcement): Promise<FinishedSound> {
    const volume = announcement.volume ?? this.settings.volume;
    return finishSound(result, announcement, volume, this.options.production ?? {}, this.checked.format);
  }

  private tell(announcement: Announcement, result: AnnouncementResult): Promise<boolean> {
    return this.publishResult(resultOf(announcement, result));
  }

  private publishResult(result: AnnouncementResult): Promise<boolean> {
    this.options.onResult?.(result);
    return this.reports.result(result);
  }

  private async connected(): Promise<void> {
    await this.tellAll();
    if (await this.reports.instance(this.instance.mark)) this.instance.left();
  }

  private async tellAll(): Promise<void> {
    await this.findVoices();
    if (!this.connection.isConnected) return;
    this.reports.all(this.facts);
    this.options.onChange?.(this.state);
  }

  private get facts(): AnnouncerFacts {
    const { settings, voices, queue } = this;
    return { settings, voices, waiting: queue.waitingCount, isSpeaking: queue.isSpeaking };
  }

  private async findVoices(): Promise<void> {
    try {
      this.voices = (await this.options.engine().voices()).map(({ name }) => name);
    } catch (thrown) {
      this.warn(HiggsError.from(thrown));
    }
  }

  private changed(): void {
    if (this.closed !== undefined) return;
    void this.keeper.keep();
    this.options.onChange?.(this.state);
    this.telling ??= setTimeout(() => {
      this.telling = undefined;
      this.reports.sensors(this.facts);
    }, TELL_AFTER_MS);
  }

  /** Told once while it lasts. */
  private setIdInUse(isInUse: boolean): void {
    if (isInUse === this.isIdInUse || this.closed !== undefined) return;
    this.isIdInUse = isInUse;
    this.connection.setReconnect(isInUse);
    if (isInUse) this.warn(idInUse(this.options.id));
    this.options.onChange?.(this.state);
  }

  private warn(error: HiggsError): void {
    this.options.onWarning?.(error);
  }
}

function textOf(payload: Uint8Array): string {
  return Buffer.from(payload).toString().trim();
}
