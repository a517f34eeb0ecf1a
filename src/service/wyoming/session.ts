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
import { encodeEvent, type WyomingEvent } from './codec.js';
import { takeSentences } from './sentences.js';

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

export class Session {
  /** Text that comes in parts, and how it is to be spoken. */
  private incoming: { readonly choice: VoiceChoice; rest: string; begun: boolean } | undefined;

  constructor(private readonly context: SessionContext) {}

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
        if (this.incoming === undefined) await this.speakWhole(textOf(data), choiceOf(data));
        break;
      case 'synthesize-start':
        this.incoming = { choice: choiceOf(data), rest: '', begun: false };
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

  /** Tells the assistant what went wrong; it waits for no more sound after that. */
  fail(thrown: unknown): void {
    this.incoming = undefined;
    const { code, message, remedy } = HiggsError.from(thrown);
    const inner = ['HIGGS_TEXT_EMPTY', 'HIGGS_TEXT_TOO_LONG', 'HIGGS_VOICE_UNKNOWN', 'HIGGS_OPTION_INVALID'];
    // Other messages may name folders of this machine.
    this.tell('error', { text: inner.includes(code) ? `${message} ${remedy}` : remedy, code });
  }

  private async speakWhole(text: string, choice: VoiceChoice): Promise<void> {
    this.tell('audio-start', AUDIO_FORMAT);
    await this.speak(text, choice);
    this.tell('audio-stop');
  }

  private async takePart(part: string): Promise<void> {
    if (this.incoming === undefined) return;
    const { sentences, rest } = takeSentences(this.incoming.rest + part);
    this.incoming.rest = rest;
    for (const sentence of sentences) await this.speakNext(sentence);
  }

  private async endParts(): Promise<void> {
    const { incoming } = this;
    if (incoming === undefined) return;
    await this.speakNext(incoming.rest);
    if (incoming.begun) this.tell('audio-stop');
    this.tell('synthesize-stopped');
    this.incoming = undefined;
  }

  private async speakNext(text: string): Promise<void> {
    const { incoming } = this;
    if (incoming === undefined || !/[\p{L}\p{N}]/u.test(text)) return;
    if (!incoming.begun) this.tell('audio-start', AUDIO_FORMAT);
    incoming.begun = true;
    await this.speak(text, incoming.choice);
  }

  private async speak(text: string, choice: VoiceChoice): Promise<void> {
    const { engine, owner, signal } = this.context;
    const encoder = await openSoundEncoder('pcm16', { sampleRateHz: SAMPLE_RATE_HZ, channelCount: 1 });
    const onChunk = ({ samples }: AudioChunk) => this.tell('audio-chunk', AUDIO_FORMAT, encoder.push([samples]));
    await engine().speak({ text, ...choice }, { owner, signal, onChunk });
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
      description: description ?? name,
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

function textOf(data: Readonly<Record<string, unknown>>): string {
  return typeof data.text === 'string' ? data.text : '';
}

function choiceOf({ voice }: Readonly<Record<string, unknown>>): VoiceChoice {
  if (typeof voice !== 'object' || voice === null) return {};
  const { name, language } = voice as Readonly<Record<string, unknown>>;
  return {
    ...(typeof name === 'string' && name !== '' ? { voice: { kind: 'named', name } } : {}),
    ...(typeof language === 'string' && language !== '' ? { language } : {}),
  };
}
