/** Servers elsewhere: they have the model, this side has the words, the voices and the sound. */
import { FRAMES_PER_SECOND, HOP_SAMPLES } from '../codes.js';
import { segmentSeed } from '../frames/index.js';
import type { RemoteSettings, ResolvedVoice } from '../protocol.js';
import { Servers, type RemoteVoice } from '../remote/index.js';
import type { ClipReport } from '../requests.js';
import { encodeWav } from '../sound/index.js';
import {
  estimateSpeechSeconds,
  limitSpeechSeconds,
  normalizeText,
  readText,
  splitIntoPieces,
  wrapInMusic,
  type ReadingNote,
  type ReadingOptions,
} from '../text/index.js';
import { openReferenceClip, readClip } from '../voices/index.js';
import { segmentsAsAsked } from './script.js';
import {
  withoutClip,
  type Backend,
  type BackendState,
  type CallTools,
  type Segment,
  type SegmentEnd,
  type SegmentGenerator,
  type SpeechStyle,
} from './backend.js';

/** Dialogues this long are spoken in one generation; the model was trained on recordings of about that length. */
const LONGEST_TOGETHER_SECONDS = 30;

export class RemoteBackend implements Backend<RemoteVoice, undefined> {
  private readonly servers: Servers;
  private isOpen = false;

  constructor(private readonly settings: RemoteSettings) {
    this.servers = new Servers(settings);
  }

  get loaded(): BackendState | undefined {
    return this.isOpen ? { device: 'remote', bits: 0, mostTogether: 1, warnings: [] } : undefined;
  }

  /** Looks whether a server answers. Throws HIGGS_REMOTE_UNREACHABLE, HIGGS_ABORTED. */
  async open({ signal }: CallTools): Promise<void> {
    if (!this.isOpen) await this.servers.check(signal);
    this.isOpen = true;
  }

  normalize(text: string, reading: ReadingOptions): Promise<string> {
    return Promise.resolve(readText(text, reading));
  }

  /** What voices elsewhere know is theirs to say. */
  notesOn(): readonly ReadingNote[] {
    return [];
  }

  async openVoice(voice: ResolvedVoice): Promise<RemoteVoice> {
    if (voice.kind !== 'clip') return withoutClip(voice);
    const { samples } = openReferenceClip(await readClip(voice.clip));
    return { kind: 'cloned', transcript: normalizeText(voice.transcript), wav: encodeWav(samples) };
  }

  async checkClip(clip: string | Uint8Array): Promise<ClipReport> {
    return openReferenceClip(await readClip(clip)).report;
  }

  segmentGenerator(style: SpeechStyle, tools: CallTools): RemoteSegmentGenerator {
    return new RemoteSegmentGenerator(this.servers, this.settings, style, tools);
  }
}

/** Segments know nothing of each other: servers are stateless, and a clip or the seed keeps the voice. */
class RemoteSegmentGenerator implements SegmentGenerator<RemoteVoice, undefined> {
  private expected = 1;
  private segmentCount = 0;

  constructor(
    private readonly servers: Servers,
    private readonly settings: RemoteSettings,
    private readonly style: SpeechStyle,
    private readonly tools: CallTools,
  ) {}

  plan(segments: readonly unknown[]): void {
    this.expected = segments.length;
  }

  async speak(
    { text, voices, sampling }: Segment<RemoteVoice, undefined>,
    onSound: (samples: Float32Array) => void,
  ): Promise<SegmentEnd<undefined>> {
    const { seed, withMusic, scene, system, temperature, topK, topP, maxSeconds } = { ...this.style, ...sampling };
    const segment = this.segmentCount++;
    const question = {
      text: withMusic ? wrapInMusic(text) : text,
      voices,
      // With a clip the same seed for all segments would do; without one it is what makes the voice the same.
      seed: voices.some(({ kind }) => kind === 'cloned') ? segmentSeed(seed, segment) : seed,
      maxFrames: Math.max(1, Math.round((maxSeconds ?? limitSpeechSeconds(text)) * FRAMES_PER_SECOND)),
      ...(scene === undefined ? {} : { scene }),
      ...(system === undefined ? {} : { system }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(topK === undefined ? {} : { topK }),
      ...(topP === undefined ? {} : { topP }),
    };
    const begun = performance.now();
    let sampleCount = 0;
    const answer = this.servers.ask(question, this.tools.signal);
    for (;;) {
      const step = await answer.next();
      const frameCount = Math.round(sampleCount / HOP_SAMPLES);
      if (step.done === true) return { stop: step.value, frameCount, turn: undefined };
      sampleCount += step.value.length;
      onSound(step.value);
      this.tools.onProgress({
        phase: 'frames',
        framesDone: Math.round(sampleCount / HOP_SAMPLES),
        framesPerSecond: (1000 * frameCount) / Math.max(1, performance.now() - begun),
        segment,
        segments: this.expected,
      });
    }
  }

  contextOf(): undefined[] {
    return [];
  }

  split(text: string): string[] {
    return segmentsAsAsked(text, this.style) ?? splitIntoPieces(text);
  }

  fitsTogether(text: string): boolean {
    return this.settings.api === 'chat' && estimateSpeechSeconds(text) <= LONGEST_TOGETHER_SECONDS;
  }
}
