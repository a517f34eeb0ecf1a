/** What nodes, the command line and other programs hold in their hands; `client/` answers it with a worker process. */
import type { SoundFormat } from './options.js';
import type {
  AudioChunk,
  CallOptions,
  DialogueRequest,
  EngineInfo,
  ImportVoiceOptions,
  RegisteredVoice,
  RegisterVoiceRequest,
  Reading,
  SpeakOptions,
  SpeakRequest,
  SpeakResult,
  StopScope,
  VoiceInfo,
} from './requests.js';

/** Speech that is whole: its samples and what is known of them; `encodeSound`, `produce` and `mixMusic` take it as it is. */
export interface Speech extends SpeakResult {
  /** The bytes of a whole file. Throws HIGGS_OPTION_INVALID, HIGGS_FORMAT_UNAVAILABLE. */
  encode(format?: SoundFormat): Promise<Uint8Array>;
  /**
   * Writes a file in the format of its name's ending (`.wav`, `.mp3`, `.flac`, `.pcm`), WAV where it has none. It is there when it
   * is whole, or not at all. Throws HIGGS_OUTPUT_UNWRITABLE, HIGGS_DISK_FULL and what {@link encode} does.
   */
  save(file: string): Promise<void>;
}

export interface SpeechEngine {
  /**
   * Text to speech. One request at a time is heard and ends; waiting ones go by priority, then by arrival.
   * Rejects with a HiggsError: text, voice, option and clip errors, HIGGS_ABORTED, HIGGS_QUEUE_FULL, HIGGS_WORKER_ENDED, …
   */
  speak(request: SpeakRequest, options?: SpeakOptions): Promise<Speech>;
  /** Several speakers; `marks` tell where each line lies. */
  dialogue(request: DialogueRequest, options?: SpeakOptions): Promise<Speech>;
  /**
   * The sound of a text or a dialogue while it is made. The call is made when the loop begins; leaving the loop stops it. What
   * `speak` rejects with is thrown in the loop.
   */
  stream(
    request: SpeakRequest | DialogueRequest,
    options?: Omit<SpeakOptions, 'onChunk'>,
  ): AsyncGenerator<AudioChunk, Speech, void>;
  /** What a text becomes before it is spoken, segment by segment; loads the model, for segments are cut to fit it. */
  read(request: SpeakRequest, options?: CallOptions): Promise<Reading>;
  /** Checks a clip or a description and keeps it under a name, over restarts. */
  registerVoice(request: RegisterVoiceRequest, options?: CallOptions): Promise<RegisteredVoice>;
  removeVoice(name: string): Promise<void>;
  /** A registered voice under another name. Throws HIGGS_VOICE_UNKNOWN, HIGGS_VOICE_EXISTS, HIGGS_VOICE_NAME_INVALID. */
  renameVoice(name: string, to: string): Promise<VoiceInfo>;
  /** A voice as one file (`VOICE_FILE_EXTENSION`), for another machine. Throws HIGGS_VOICE_UNKNOWN, HIGGS_CLIP_UNREADABLE. */
  exportVoice(name: string): Promise<Uint8Array>;
  /** Checks and keeps a voice from such a file, as `registerVoice` does. Throws HIGGS_VOICE_FILE_BROKEN as well. */
  importVoice(file: Uint8Array, how?: ImportVoiceOptions, options?: CallOptions): Promise<RegisteredVoice>;
  voices(): Promise<readonly VoiceInfo[]>;
  /** Starts the worker and loads the model, so that the first sentence does not wait for it. */
  preload(options?: CallOptions): Promise<void>;
  /**
   * Stops what an owner has waiting, running, or both (the default); gives how many calls that were. They end with
   * HIGGS_ABORTED. As all of these, it is about the calls made here: other leases on a shared engine have owners of their own.
   */
  stop(owner: string, which?: StopScope): number;
  /** Holds back what an owner has waiting and will ask; what runs is finished. Lasts until `resume`, whatever is asked meanwhile. */
  pause(owner: string): void;
  resume(owner: string): void;
  /** Stops every call made here. */
  stopAll(): number;
  info(): EngineInfo;
  /** Called at each change of `info()`; gives a function that takes the listener off. */
  onChange(listener: (info: EngineInfo) => void): () => void;
}

/** An engine of one's own. */
export interface OwnEngine extends SpeechEngine {
  /** Ends running and waiting calls with HIGGS_CLOSED, then the worker; safe to call twice. */
  close(): Promise<void>;
}

/** A share in an engine: equal options give the same worker and queue, and the last share released closes it. */
export interface EngineLease {
  readonly engine: SpeechEngine;
  /** No call can be made here any more. Done when the engine, if this was its last share, is closed; safe to call twice. */
  readonly release: () => Promise<void>;
}
