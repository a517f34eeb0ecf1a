/** What nodes, the command line and other programs hold in their hands; `client/` answers it with a child process. */
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
} from './requests.js';

export interface SpeechEngine {
  /**
   * Text to speech. One request at a time is heard and ends; waiting ones go by priority, then by arrival.
   * Rejects with a HiggsError: text, voice, option and clip errors, HIGGS_ABORTED, HIGGS_QUEUE_FULL, HIGGS_CHILD_ENDED, …
   */
  speak(request: SpeakRequest, options?: SpeakOptions): Promise<SpeakResult>;
  /** Several speakers; `marks` tell where each line lies. */
  dialogue(request: DialogueRequest, options?: SpeakOptions): Promise<SpeakResult>;
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
  /** Starts the child and loads the model, so that the first sentence does not wait for it. */
  preload(options?: CallOptions): Promise<void>;
  /** Stops what an owner has waiting, running, or both (the default); gives how many calls that were. They end with HIGGS_ABORTED. */
  stop(owner: string, which?: StopScope): number;
  /** Holds back what an owner has waiting and will ask; what runs is finished. Lasts until `resume`, whatever is asked meanwhile. */
  pause(owner: string): void;
  resume(owner: string): void;
  stopAll(): number;
  info(): EngineInfo;
  /** Called at each change of `info()`; gives a function that takes the listener off. */
  onChange(listener: (info: EngineInfo) => void): () => void;
  /** Ends running and waiting calls with HIGGS_CLOSED, then the child; safe to call twice. */
  close(): Promise<void>;
}

/** A share in an engine: equal options give the same engine, and the last share released closes it. */
export interface EngineLease {
  readonly engine: SpeechEngine;
  /** Done when the engine, if this was its last share, is closed; safe to call twice. */
  readonly release: () => Promise<void>;
}
