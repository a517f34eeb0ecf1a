/** One connection of a voice assistant: what it asks, in order, and the sound it gets. */
import {
  HiggsError,
  openSoundEncoder,
  PACKAGE_VERSION,
  SAMPLE_RATE_HZ,
  type AudioChunk,
  type SpeakRequest,
  type SpeechEngine,
  type VoiceInfo,
} from '../../engine/index.js';
import { isObject } from '../../engine/package-api.js';
import { checkLength, LONGEST_NAME } from '../access/text-fields.js';
import { encodeEvent, type WyomingEvent } from './codec.js';
import { SentenceReader } from './sentences.js';

export interface SessionContext {
  readonly engine: () => SpeechEngine;
  readonly owner: string;
  /** BCP 47 tags that every voice is offered for. */
  readonly languages: readonly string[];
  /** Sends bytes to the assistant. */
  readonly send: (bytes: Uint8Array) => void;
  /** Aborted when the assistant is gone. */
  readonly signal: AbortSignal;
}

type VoiceChoice = Pick<SpeakRequest, 'voice' | 'language'>;

const AUDIO_FORMAT = { rate: SAMPLE_RATE_HZ, width: 2, channels: 1 } as const;
const ATTRIBUTION = { name: 'Boson AI', url: 'https://www.boson.ai' } as const;

/** Text that comes in parts, from `synthesize-start` to `synthesize-stop`. */
interface Incoming {
  choice: VoiceChoice;
  readonly reader: SentenceReader;
  /** Something went wrong, which the assistant was told: what still comes of it is passed over. */
  failed: boolean;
}

/** What is told where nothing is to be said: no sound at all would be one that players cannot open. */
const SILENCE_SECONDS = 0.3;

export class Session {
  private incoming: Incoming | undefined;
  /** `audio-start` was told, and no `audio-stop` yet. */
  private sounding = false;

  constructor(private readonly context: SessionContext) {}

  /** Whether the assistant is being spoken to. */
  get isSounding(): boolean {
    return this.sounding;
  }

  /** Answers one event; events are handed in one after the other. Rejects with what the engine threw. */
  async take({ type, data }: WyomingEvent): Promise<void> {
    switch (type) {
      case 'describe':
        this.tell('info', await this.describe());
        break;
      case 'ping':
        this.tell('pong', typeof data.text === 'string' ? { text: data.text } : {});
        break;
      case 'synthesize':
        // Assistants send the whole text once more after its parts, for servers that take no parts.
        if (this.incoming === undefined) await this.speakWhole(data);
        break;
      case 'synthesize-start':
        this.endSound();
        this.incoming = { choice: {}, reader: new SentenceReader(), failed: false };
        this.incoming.choice = choiceOf(data);
        break;
      case 'synthesize-chunk':
        await this.takePart(textOf(data));
        break;
      case 'synthesize-stop':
        await this.endParts();
        break;
      default:
        // Servers pass over what they do not know.
        break;
    }
  }

  /** Tells the assistant what went wrong, and ends what was begun, so that it waits for nothing more. */
  fail(thrown: unknown): void {
    const { code, message, remedy } = HiggsError.from(thrown);
    const inner = ['HIGGS_TEXT_EMPTY', 'HIGGS_TEXT_TOO_LONG', 'HIGGS_VOICE_UNKNOWN', 'HIGGS_OPTION_INVALID'];
    // Other messages may name folders of this machine.
    this.tell('error', { text: inner.includes(code) ? `${message} ${remedy}` : remedy, code });
    this.endSound();
    if (this.incoming === undefined || this.incoming.failed) return;
    this.incoming.failed = true;
    this.tell('synthesize-stopped');
  }

  private async speakWhole(data: WyomingEvent['data']): Promise<void> {
    this.startSound();
    const [text, choice] = [textOf(data), choiceOf(data)];
    if (text.trim() === '') this.tellSilence();
    else await this.speak(text, choice);
    this.endSound();
  }

  private async takePart(part: string): Promise<void> {
    const { incoming } = this;
    if (incoming === undefined || incoming.failed) return;
    for (const sentence of incoming.reader.push(part)) await this.speakNext(sentence, incoming);
  }

  private async endParts(): Promise<void> {
    const { incoming } = this;
    if (incoming === undefined) return;
    if (!incoming.failed) {
      await this.speakNext(incoming.reader.end(), incoming);
      if (!this.sounding) this.tellSilence();
      this.endSound();
      this.tell('synthesize-stopped');
    }
    this.incoming = undefined;
  }

  private async speakNext(text: string, { choice }: Incoming): Promise<void> {
    if (!/[\p{L}\p{N}]/u.test(text)) return;
    this.startSound();
    await this.speak(text, choice);
  }

  private async speak(text: string, choice: VoiceChoice): Promise<void> {
    const { engine, owner, signal } = this.context;
    const encoder = await openSoundEncoder('pcm16', { sampleRateHz: SAMPLE_RATE_HZ, channelCount: 1 });
    const onChunk = ({ samples }: AudioChunk) => this.tell('audio-chunk', AUDIO_FORMAT, encoder.push([samples]));
    await engine().speak({ text, ...choice }, { owner, signal, onChunk });
  }

  private startSound(): void {
    if (!this.sounding) this.tell('audio-start', AUDIO_FORMAT);
    this.sounding = true;
  }

  private endSound(): void {
    if (this.sounding) this.tell('audio-stop');
    this.sounding = false;
  }

  private tellSilence(): void {
    this.startSound();
    this.tell('audio-chunk', AUDIO_FORMAT, new Uint8Array(AUDIO_FORMAT.width * SILENCE_SECONDS * SAMPLE_RATE_HZ));
  }

  private tell(type: string, data: object = {}, payload?: Uint8Array): void {
    this.context.send(encodeEvent(type, data, payload));
  }

  private async describe(): Promise<object> {
    const voices = await this.context.engine().voices();
    const common = { attribution: ATTRIBUTION, installed: true, version: PACKAGE_VERSION };
    const voiceOf = ({ name, description }: VoiceInfo) => ({
      ...common,
      name,
      // What menus show in place of the name.
      description: titleOf(name, description),
      languages: this.context.languages,
    });
    const program = {
      ...common,
      name: 'higgs-tts',
      description: 'Speech from a Higgs Audio v2 model',
      voices: voices.map(voiceOf),
      supports_synthesize_streaming: true,
    };
    return { tts: [program] };
  }
}

/** "Ella: feminine, calm". */
function titleOf(name: string, description: string | undefined): string {
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  return description === undefined ? title : `${title}: ${description}`;
}

function textOf(data: Readonly<Record<string, unknown>>): string {
  return typeof data.text === 'string' ? data.text : '';
}

/** Throws HIGGS_OPTION_INVALID for a name or a language that is longer than any. */
function choiceOf({ voice }: Readonly<Record<string, unknown>>): VoiceChoice {
  if (!isObject(voice)) return {};
  const [name, language] = [nameOf(voice, 'name'), nameOf(voice, 'language')];
  return {
    ...(name === undefined ? {} : { voice: { kind: 'named', name } }),
    ...(language === undefined ? {} : { language }),
  };
}

function nameOf(voice: Readonly<Record<string, unknown>>, field: 'name' | 'language'): string | undefined {
  const value = voice[field];
  if (typeof value !== 'string' || value === '') return undefined;
  return checkLength(`voice.${field}`, value, LONGEST_NAME);
}
