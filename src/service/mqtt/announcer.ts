/** The announcer: what comes from the broker, what becomes of it, and what is told. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import {
  checkChoice,
  checkNumber,
  HiggsError,
  PACKAGE_VERSION,
  settlesWithin,
  type ProgressEvent,
  type SpeakRequest,
  type SpeakResult,
} from '../../engine/index.js';
import type { Announcement, AnnouncementResult, CancelReason } from './announcement.js';
import { parseCommand } from './command.js';
import { Connection, type IncomingMessage } from './connection.js';
import { Cooldown } from './cooldown.js';
import { Desk, facts } from './desk.js';
import { ANY_VOICE, discoveryPayload, discoveryTopic } from './discovery.js';
import { finishSound, type FinishedSound } from './finish.js';
import { MemoryFile, type Memory } from './memory-file.js';
import { ANNOUNCER_FORMATS, type Announcer, type AnnouncerOptions, type AnnouncerState } from './options.js';
import { isQuiet, minuteOfDay, parseQuietHours } from './quiet-hours.js';
import { ANNOUNCER_RULES } from './rules.js';
import { SeenMessages } from './seen-messages.js';
import { changeSetting, type SettingName, type Settings } from './settings.js';
import { checkId, checkTopic, topicsBeneath, type Topics } from './topics.js';
import type { WaitingEntry } from './waiting-list.js';

const DISCOVERY_PREFIX = 'homeassistant';
/** So many results wait for a broker that is away; it comes back to nothing older than that. */
const RESULTS_KEPT = 1000;
/** States change faster than anybody wants to read them. */
const TELL_AFTER_MS = 100;
const CLOSE_LIMIT_MS = 1800;

/** What is not taken, and what its sender is told. */
interface Refusal {
  readonly error: HiggsError;
  readonly result: AnnouncementResult;
}

/** Opens an announcer; it connects by itself, now or later. Rejects with HIGGS_OPTION_INVALID for wrong options. */
export async function openAnnouncer(options: AnnouncerOptions): Promise<Announcer> {
  const checked = check(options);
  const warn = (error: HiggsError) => options.onWarning?.(error);
  const file = new MemoryFile(path.join(options.folder, `announcer-${options.id}.json`));
  return new MqttAnnouncer(options, checked, file, await file.load(warn));
}

function check(options: AnnouncerOptions) {
  const topic =
    options.topic === undefined || options.topic === '' ? `higgs-tts/${checkId(options.id)}` : options.topic;
  checkId(options.id);
  const prefix = options.discoveryPrefix ?? DISCOVERY_PREFIX;
  if (prefix !== '') checkTopic('discoveryPrefix', prefix);
  return {
    topics: topicsBeneath(topic),
    prefix,
    format: checkChoice('format', options.format, ANNOUNCER_FORMATS),
    cooldown: new Cooldown(checkNumber('cooldownSeconds', options.cooldownSeconds, ANNOUNCER_RULES.cooldownSeconds)),
    quietHours: parseQuietHours(options.quietHours ?? ''),
    quietPriority: checkNumber('quietPriority', options.quietPriority, ANNOUNCER_RULES.quietPriority),
    queueLimit: checkNumber('queueLimit', options.queueLimit, ANNOUNCER_RULES.queueLimit),
  };
}

class MqttAnnouncer implements Announcer {
  private readonly topics: Topics;
  private readonly connection: Connection;
  private readonly seen: SeenMessages;
  private readonly desk: Desk;
  private settings: Settings;
  private voices: readonly string[] = [];
  private resultsUnderWay = 0;
  private telling: NodeJS.Timeout | undefined;
  private closed: Promise<void> | undefined;

  constructor(
    private readonly options: AnnouncerOptions,
    private readonly checked: ReturnType<typeof check>,
    private readonly file: MemoryFile,
    memory: Memory,
  ) {
    this.topics = checked.topics;
    this.seen = new SeenMessages(memory.seen);
    this.settings = memory.settings ?? { music: false, volume: ANNOUNCER_RULES.volume.fallback };
    this.connection = new Connection({
      broker: options.broker,
      clientId: `higgs-tts-${options.id}`,
      will: { topic: this.topics.availability, payload: 'offline' },
      subscriptions: this.subscriptions(),
      onSession: (resumed) => {
        if (!resumed) this.seen.sessionLost();
      },
      onConnected: () => void this.tellAll(),
      onDisconnected: () => this.options.onChange?.(this.state),
      onWarning: (error) => this.warn(error),
      onMessage: (message) => this.receive(message),
    });
    this.desk = new Desk(
      {
        engine: options.engine,
        owner: options.owner ?? `announcer-${options.id}`,
        request: (announcement) => this.request(announcement),
        finish: (result, announcement) => this.finish(result, announcement),
        objection: (announcement) => this.quietNow(announcement),
        handOut: (entry, result, sound) => this.handOut(entry, result, sound),
        tell: (announcement, result) => void this.tell(announcement, result),
        progress: (announcement, event) => this.tellProgress(announcement, event),
        changed: () => this.changed(),
      },
      memory.waiting,
    );
    this.desk.begin();
  }

  get state(): AnnouncerState {
    return {
      connected: this.connection.isConnected,
      waiting: this.desk.waitingCount,
      speaking: this.desk.isSpeaking,
    };
  }

  async announce(command: string): Promise<string> {
    const taken = await this.take(Buffer.from(command), undefined);
    if (typeof taken === 'string') return taken;
    throw taken.error;
  }

  stop(): void {
    this.desk.stop();
  }

  clear(): void {
    this.desk.clear();
  }

  acknowledge(id?: string): void {
    this.desk.acknowledge(id);
  }

  close({ forget = false }: { readonly forget?: boolean } = {}): Promise<void> {
    this.closed ??= this.leave(forget);
    return this.closed;
  }

  private async leave(forget: boolean): Promise<void> {
    clearTimeout(this.telling);
    const { availability, voice, music, volume, state, queue } = this.topics;
    const gone = [...(this.checked.prefix === '' ? [] : [discoveryTopic(this.checked.prefix, this.options.id)])];
    if (forget) gone.push(availability, voice, music, volume, state, queue);
    const last = forget ? gone.map((topic) => ({ topic, payload: '' })) : [{ topic: availability, payload: 'offline' }];
    await settlesWithin(CLOSE_LIMIT_MS, Promise.all([this.connection.close(last, forget), this.desk.close()]));
    if (forget) await this.file.remove();
    else await this.save();
  }

  private subscriptions(): string[] {
    const { say, sayTo, control, ack, voiceSet, musicSet, volumeSet } = this.topics;
    const home = this.checked.prefix === '' ? [] : [`${this.checked.prefix}/status`];
    return [say, sayTo, control, ack, voiceSet, musicSet, volumeSet, ...home];
  }

  private async receive(message: IncomingMessage): Promise<void> {
    const { topic, payload, retained } = message;
    if (topic === `${this.checked.prefix}/status`) {
      // Home Assistant has started anew and knows of nothing.
      if (Buffer.from(payload).toString() === 'online') await this.tellAll();
      return;
    }
    // What lay at the broker was meant for another time: nobody wants yesterday's dinner bell at each reconnect.
    if (retained || this.seen.isRedelivery(message)) return;
    const { say, control, ack, voiceSet, musicSet, volumeSet } = this.topics;
    const settings: Readonly<Record<string, SettingName>> = {
      [voiceSet]: 'voice',
      [musicSet]: 'music',
      [volumeSet]: 'volume',
    };
    const setting = settings[topic];
    const text = Buffer.from(payload).toString().trim();
    if (setting !== undefined) await this.change(setting, text);
    else if (topic === control) this.control(text);
    else if (topic === ack) this.acknowledge(text === '' ? undefined : text);
    else if (topic === say) await this.takeMessage(payload, undefined);
    else if (topic.startsWith(`${say}/`)) await this.takeMessage(payload, topic.slice(say.length + 1));
  }

  private async takeMessage(payload: Uint8Array, target: string | undefined): Promise<void> {
    const taken = await this.take(payload, target);
    if (typeof taken !== 'string') void this.publishResult(taken.result);
  }

  /** One command; gives its id. When this is done it is safe, and its sender may be told so. */
  private async take(payload: Uint8Array, target: string | undefined): Promise<string | Refusal> {
    const command = parseCommand(payload, randomUUID, target);
    if (command.kind === 'malformed') {
      const { id, error } = command;
      await this.save();
      return { error, result: { ...(id === undefined ? {} : { id }), state: 'failed', error: facts(error) } };
    }
    const { announcement, named } = command;
    if (named && this.seen.isKnown(announcement.id)) return announcement.id;
    if (this.desk.waitingCount >= this.checked.queueLimit) {
      const full = new HiggsError('HIGGS_QUEUE_FULL', `${this.desk.waitingCount} announcements wait already.`);
      this.seen.forgetId(announcement.id);
      return { error: full, result: resultOf(announcement, { state: 'failed', error: facts(full) }) };
    }
    const reason = this.quietNow(announcement) ?? this.coolingDown(announcement);
    if (reason !== undefined) {
      void this.tell(announcement, { state: 'cancelled', reason });
      await this.save();
      return announcement.id;
    }
    this.desk.add(announcement);
    await this.save();
    void this.tell(announcement, { state: 'queued' });
    this.changed();
    this.desk.makeRoomFor(announcement);
    this.desk.begin();
    return announcement.id;
  }

  private quietNow({ priority }: Announcement): CancelReason | undefined {
    const { quietHours, quietPriority } = this.checked;
    if (quietHours === undefined || priority >= quietPriority) return undefined;
    return isQuiet(quietHours, minuteOfDay(new Date())) ? 'quiet hours' : undefined;
  }

  private coolingDown({ text }: Announcement): CancelReason | undefined {
    return this.checked.cooldown.admits(text, Date.now()) ? undefined : 'cooldown';
  }

  private control(text: string): void {
    if (text === 'stop') this.stop();
    else if (text === 'clear') this.clear();
    else this.refuse('control', new HiggsError('HIGGS_OPTION_INVALID', 'The topic "control" takes "stop" or "clear".'));
  }

  private async change(name: SettingName, text: string): Promise<void> {
    try {
      if (name === 'voice') await this.findVoices();
      this.settings = changeSetting(this.settings, name, text, this.voices);
      await this.save();
    } catch (thrown) {
      this.refuse(`${name}/set`, HiggsError.from(thrown));
    }
    // Also where it was refused, so that a switch that was moved goes back.
    this.tellSettings();
  }

  private refuse(topic: string, error: HiggsError): void {
    void this.publishResult({ state: 'failed', topic, error: facts(error) });
  }

  private request({ text, voice, language, music }: Announcement): SpeakRequest {
    const { speech = {} } = this.options;
    const named = voice ?? this.settings.voice;
    const withMusic = music ?? this.settings.music;
    return {
      ...speech,
      text,
      ...(named === undefined ? {} : { voice: { kind: 'named', name: named } }),
      ...(language === undefined ? {} : { language }),
      music: withMusic ? (speech.music ?? { kind: 'model' }) : { kind: 'none' },
    };
  }

  private finish(result: SpeakResult, announcement: Announcement): Promise<FinishedSound> {
    const volume = announcement.volume ?? this.settings.volume;
    return finishSound(result, announcement, volume, this.options.production ?? {}, this.checked.format);
  }

  private async handOut(entry: WaitingEntry, spoken: SpeakResult, sound: FinishedSound): Promise<boolean> {
    const { soundHost, onSpoken } = this.options;
    const { bytes, mediaType, extension, seconds } = sound;
    const done: AnnouncementResult = {
      state: 'done',
      time: entry.spokenCount + 1,
      seconds: Math.round(seconds * 1000) / 1000,
      voice: spoken.voice,
      mediaType,
      ...(soundHost === undefined ? {} : { url: soundHost.put(bytes, mediaType, extension).url }),
    };
    const { announcement } = entry;
    onSpoken?.({ announcement, result: resultOf(announcement, done), sound: bytes, mediaType });
    const audio = soundHost === undefined && onSpoken === undefined ? Buffer.from(bytes).toString('base64') : undefined;
    const told = this.tell(announcement, { ...done, ...(audio === undefined ? {} : { audio }) });
    return onSpoken !== undefined || (await told);
  }

  private tell(announcement: Announcement, result: AnnouncementResult): Promise<boolean> {
    return this.publishResult(resultOf(announcement, result));
  }

  /** QoS 2: a loudspeaker that plays what it is told must not be told twice. */
  private async publishResult(result: AnnouncementResult): Promise<boolean> {
    this.options.onResult?.(result);
    if (this.resultsUnderWay >= RESULTS_KEPT) return false;
    this.resultsUnderWay += 1;
    const arrived = await this.connection.deliver(this.topics.result, JSON.stringify(result));
    this.resultsUnderWay -= 1;
    return arrived;
  }

  private tellProgress({ id }: Announcement, event: ProgressEvent): void {
    this.connection.publish(this.topics.progress, JSON.stringify({ id, ...event }), { qos: 0 });
  }

  /** What a client that has just come, or this broker, needs to know. */
  private async tellAll(): Promise<void> {
    await this.findVoices();
    if (!this.connection.isConnected) return;
    const { id, name = 'Announcer' } = this.options;
    if (this.checked.prefix !== '') {
      const device = { id, name, version: PACKAGE_VERSION, voices: this.voices };
      this.retain(discoveryTopic(this.checked.prefix, id), JSON.stringify(discoveryPayload(device, this.topics)));
    }
    this.retain(this.topics.availability, 'online');
    this.tellSettings();
    this.tellState();
    this.options.onChange?.(this.state);
  }

  private tellSettings(): void {
    this.retain(this.topics.voice, this.settings.voice ?? ANY_VOICE);
    this.retain(this.topics.music, this.settings.music ? 'ON' : 'OFF');
    this.retain(this.topics.volume, String(this.settings.volume));
  }

  private tellState(): void {
    this.retain(this.topics.state, this.desk.isSpeaking ? 'speaking' : 'idle');
    this.retain(this.topics.queue, String(this.desk.waitingCount));
  }

  private retain(topic: string, payload: string): void {
    this.connection.publish(topic, payload, { qos: 1, retain: true });
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
    void this.save();
    this.options.onChange?.(this.state);
    this.telling ??= setTimeout(() => {
      this.telling = undefined;
      this.tellState();
    }, TELL_AFTER_MS);
  }

  /** Never rejects: what cannot be kept is announced all the same. */
  private async save(): Promise<void> {
    try {
      await this.file.save(() => ({ settings: this.settings, waiting: this.desk.kept, seen: this.seen.state }));
    } catch (thrown) {
      this.warn(HiggsError.from(thrown));
    }
  }

  private warn(error: HiggsError): void {
    this.options.onWarning?.(error);
  }
}

function resultOf({ id, text, target }: Announcement, result: AnnouncementResult): AnnouncementResult {
  return { id, text, ...(target === undefined ? {} : { target }), ...result };
}
