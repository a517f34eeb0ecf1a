import type { Production, SpeakRequest, SpeechEngine, HiggsError } from '../../engine/index.js';
import type { SoundHost } from '../sound-host/index.js';
import type { Announcement, AnnouncementResult } from './announcement.js';

/** How the broker is reached. What else the client of package `mqtt` knows (keepalive, proxies) has its own defaults. */
export interface BrokerOptions {
  /** `mqtt://host:1883`, `mqtts://host:8883`, `ws://…` or `wss://…`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** 4 is MQTT 3.1.1 (left out), 5 is MQTT 5. */
  readonly protocolVersion?: 4 | 5;
  /** PEM, for brokers whose certificate no public authority signed. */
  readonly ca?: string | Buffer;
  /** PEM: what this client shows. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly passphrase?: string;
  readonly servername?: string;
  /** false: any certificate will do, for a broker at home that signed its own. */
  readonly rejectUnauthorized?: boolean;
}

/** MP3 with 44.1 kHz is what every loudspeaker plays. */
export const ANNOUNCER_FORMATS = ['wav16', 'mp3'] as const;
export type AnnouncerFormat = (typeof ANNOUNCER_FORMATS)[number];

/** An announcement that was spoken, for whoever plays it in this process. */
export interface SpokenAnnouncement {
  readonly announcement: Announcement;
  readonly result: AnnouncementResult;
  /** A file's bytes. */
  readonly sound: Uint8Array;
  readonly mediaType: string;
}

export interface AnnouncerOptions {
  /** Asked for each announcement, so that nothing runs before the first. */
  readonly engine: () => SpeechEngine;
  readonly broker: BrokerOptions;
  /** 1 to 64 letters, digits, "-", "_": the device's id at Home Assistant and the broker's name for this client. Unique. */
  readonly id: string;
  /** Shown by Home Assistant; left out: Announcer and the id. */
  readonly name?: string;
  /** All topics lie beneath it; left out: `higgs-tts/<id>`. */
  readonly topic?: string;
  /** Home Assistant's prefix for discovery; left out: `homeassistant`; empty: not told to anybody. */
  readonly discoveryPrefix?: string;
  /** Where the file with what must last over restarts lies. */
  readonly folder: string;
  /** Where loudspeakers fetch the sound; left out: it lies in the result. */
  readonly soundHost?: SoundHost;
  readonly format?: AnnouncerFormat;
  /** What holds where neither a command nor a setting says otherwise: voice, language, music, sampling. */
  readonly speech?: Omit<SpeakRequest, 'text'>;
  /** Loudness, and the chime where a command does not choose one. */
  readonly production?: Production;
  readonly cooldownSeconds?: number;
  /** "22:00-07:00", local time. */
  readonly quietHours?: string;
  readonly quietPriority?: number;
  /** So many wait at most; what comes beyond fails with HIGGS_QUEUE_FULL. */
  readonly queueLimit?: number;
  /** Who asks the engine. */
  readonly owner?: string;
  /**
   * Takes each sound in this process; then an announcement is finished when this was called. Without it, it is finished
   * when the broker has confirmed its result.
   */
  readonly onSpoken?: (spoken: SpokenAnnouncement) => void;
  /** Everything that is told on the result topic, but for the sound itself. */
  readonly onResult?: (result: AnnouncementResult) => void;
  readonly onChange?: (state: AnnouncerState) => void;
  /** What went wrong without ending an announcement: the broker is away, the file cannot be written. */
  readonly onWarning?: (error: HiggsError) => void;
}

export interface AnnouncerState {
  readonly connected: boolean;
  readonly waiting: number;
  readonly speaking: boolean;
  /** Another announcer has the same id; each takes the connection from the other. */
  readonly idInUse: boolean;
}

export interface Announcer {
  readonly state: AnnouncerState;
  /**
   * As if it came on the command topic: a text, or JSON. Gives the announcement's id once it is safe, or once the disk
   * could not take it: then it is announced all the same, and `onWarning` was told. Rejects with
   * HIGGS_OPTION_INVALID, HIGGS_TEXT_EMPTY, HIGGS_TEXT_TOO_LONG or HIGGS_QUEUE_FULL for what is not taken.
   */
  announce(command: string): Promise<string>;
  /** Ends what is spoken. */
  stop(): void;
  /** Drops what waits. */
  clear(): void;
  /** Ends the repetitions of one announcement, or of all. */
  acknowledge(id?: string): void;
  /**
   * Tells that it is offline and leaves, within 2 s. What waits is kept for the next time. `forget`: the device is gone
   * for good, and Home Assistant is told to forget it.
   */
  close(options?: { readonly forget?: boolean }): Promise<void>;
}
