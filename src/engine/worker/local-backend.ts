/** The model on this machine: folders, tokenizer, language model, codec; opened at first use and kept. */
import { openTensors, resolveModelFolders, traitsOf, type ModelFolders } from '../checkpoint/index.js';
import type { CodeFrames } from '../codes.js';
import { HiggsError } from '../errors.js';
import { samplingRule } from '../frames/index.js';
import { resolveHubNames } from '../hub/index.js';
import { EMBEDDED_DIR } from '../package-files.js';
import { openTokenizer, type PromptVoice, type SpokenTurn } from '../prompt/index.js';
import { openPronunciation } from '../pronunciation/index.js';
import type { WorkerSettings, ResolvedVoice } from '../protocol.js';
import type { ClipReport } from '../requests.js';
import { openCodec, openLanguageModel, type LoadedCodec } from '../runtime/index.js';
import {
  notesOn,
  readText,
  spellCapitals,
  toPlainEnglish,
  type ReadingNote,
  type ReadingOptions,
} from '../text/index.js';
import { ClipCodes, openReferenceClip, readClip, type ReferenceClip } from '../voices/index.js';
import { withoutClip, type Backend, type BackendState, type CallTools, type SpeechStyle } from './backend.js';
import { LocalSegmentGenerator } from './segment-generator.js';
import type { LocalModel } from './segment.js';

/** The codec with the codes that it has given so far. */
interface CodecWithCodes {
  readonly codec: LoadedCodec;
  readonly codes: ClipCodes;
}

export class LocalBackend implements Backend<PromptVoice, SpokenTurn> {
  private local: LocalModel | undefined;
  private openedCodec: CodecWithCodes | undefined;
  private folders: ModelFolders | undefined;

  constructor(private readonly settings: WorkerSettings) {}

  get loaded(): BackendState | undefined {
    if (!this.local) return undefined;
    const { model, codec } = this.local;
    const { device, bits, mostTogether } = model;
    const sampling = samplingRule({}, model.config.generation, false);
    return { device, bits, mostTogether, sampling, warnings: [...new Set([...model.warnings, ...codec.warnings])] };
  }

  /**
   * Loads what is not loaded yet; what fails is tried again at the next call. Clips of `voices` are encoded first: at full
   * size the encoder takes 1.2 GB for that time, which the language model's weights can have afterwards.
   */
  async open(tools: CallTools, voices: readonly ResolvedVoice[] = []): Promise<LocalModel> {
    if (this.local) return this.local;
    for (const voice of voices) if (voice.kind === 'clip') await this.encode(await readClip(voice.clip), tools);
    this.local = await this.load(tools);
    tools.onStep?.();
    return this.local;
  }

  /** A caller's words as the model should read them. */
  async normalize(text: string, reading: ReadingOptions, tools: CallTools): Promise<string> {
    const { traits, pronunciation } = await this.open(tools);
    const words = readText(text, { ...reading, knowsPhones: pronunciation !== undefined });
    if (pronunciation) return pronunciation.canRead(words) ? words : '';
    if (!traits.plainEnglish) return words;
    // Case tells where a text is cut; it goes when a segment is made.
    return toPlainEnglish(words) === '' ? '' : spellCapitals(words);
  }

  notesOn(text: string): readonly ReadingNote[] {
    const knowsEnglishAlone = this.local?.traits.plainEnglish === true || this.local?.pronunciation !== undefined;
    return knowsEnglishAlone ? notesOn(text, ['en']) : [];
  }

  /** A voice as it stands in a prompt; a clip is read, checked and encoded, or its codes are taken from the cache. */
  async openVoice(voice: ResolvedVoice, tools: CallTools): Promise<PromptVoice> {
    if (voice.kind !== 'clip') return withoutClip(voice);
    const frames = await this.encode(await readClip(voice.clip), tools);
    const { traits } = await this.open(tools);
    const words = await this.normalize(voice.transcript, {}, tools);
    const transcript = traits.plainEnglish ? toPlainEnglish(words) : words;
    return { kind: 'cloned', transcript, frames, accent: voice.accent };
  }

  /** Checks and encodes a clip; needs the codec alone. */
  async checkClip(clip: string | Uint8Array, tools: CallTools): Promise<ClipReport> {
    const bytes = await readClip(clip);
    const opened = openReferenceClip(bytes);
    await this.encode(bytes, tools, opened);
    return opened.report;
  }

  segmentGenerator(style: SpeechStyle, tools: CallTools): LocalSegmentGenerator {
    if (!this.local) throw new HiggsError('HIGGS_INTERNAL', 'A text came before the model was loaded.');
    return new LocalSegmentGenerator(this.local, style, tools);
  }

  private async load(tools: CallTools): Promise<LocalModel> {
    const { device, bits, cacheBits, contextPositions, threads, cacheDir } = this.settings;
    const { modelDir } = await this.findFolders();
    const pronunciation = await openPronunciation(modelDir);
    const tokenizer = await openTokenizer(modelDir, { asItIs: pronunciation !== undefined });
    const { onProgress, signal } = tools;
    const kept = { bits, cacheBits, contextPositions };
    const model = await openLanguageModel({ modelDir, cacheDir, device, ...kept, threads, onProgress, signal });
    const { codec } = await this.openCodec(tools);
    const shared = model.together(model.mostTogether);
    return { model, shared, codec, tokenizer, pronunciation, traits: traitsOf(modelDir, model.maxPositions) };
  }

  /** A clip's codes; it is decoded and checked where nobody has them yet, for only what passed has codes. */
  private async encode(clip: Uint8Array, tools: CallTools, opened?: ReferenceClip): Promise<CodeFrames> {
    const { codec, codes } = await this.openCodec(tools);
    return codes.codesOf(clip, () => {
      const { samples, report } = opened ?? openReferenceClip(clip);
      tools.onProgress({ phase: 'encoding', durationSeconds: report.durationSeconds });
      return codec.encode(samples);
    });
  }

  private async openCodec(tools: CallTools): Promise<CodecWithCodes> {
    if (this.openedCodec) return this.openedCodec;
    const { device, threads, cacheDir } = this.settings;
    const { codecDir } = await this.findFolders();
    const { onProgress, signal } = tools;
    const codec = await openCodec({ codecDir, cacheDir, device, threads, inBackground: true, onProgress, signal });
    // Another device rounds otherwise, and may so give other codes.
    const codecKey = `${await fingerprintOf(codecDir)} ${codec.device}`;
    return (this.openedCodec = { codec, codes: new ClipCodes({ cacheDir, codecKey }) });
  }

  private async findFolders(): Promise<ModelFolders> {
    if (this.folders) return this.folders;
    const { model, codec } = this.settings;
    const named = await resolveHubNames(model === 'embedded' ? EMBEDDED_DIR : model, codec);
    return (this.folders = await resolveModelFolders(named.model, named.codec));
  }
}

async function fingerprintOf(dir: string): Promise<string> {
  const tensors = await openTensors(dir);
  try {
    return await tensors.fingerprint();
  } finally {
    await tensors.close();
  }
}
