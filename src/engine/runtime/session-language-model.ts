/** The language model on onnxruntime: runs of a prompt in, the audio head's scores out. */
import type { CodeFrames, FrameShape } from '../codes.js';
import type { LanguageModelConfig } from '../checkpoint/types.js';
import { HiggsError } from '../errors.js';
import type { LanguageModelFiles } from '../export/language-model.js';
import type { LanguageModel, LanguageModelContext, LookScores } from '../frames/types.js';
import type { Device, WeightBits } from '../options.js';
import type { PromptRun } from '../prompt/types.js';
import { Aligner, type Positions } from './aligner.js';
import { Batch, type Step } from './batch.js';
import type { DeviceCapabilities } from './devices.js';
import { embedRun, lengthOf } from './embed-run.js';
import type { EmbeddingTable } from './embedding-table.js';
import type { GpuBuffers } from './gpu-buffers.js';
import { GpuKeyValues, SameGpuKeyValues } from './gpu-key-values.js';
import { CACHE_BYTES, KeyValueArrays, MemoryKeyValues, rowValues } from './key-values.js';
import type { CacheType, CacheValues, KeyValues } from './key-values.js';
import type { PrefixStore } from './prefix-store.js';
import { boolTensor, float32Tensor, int32Tensor, int64Tensor } from './session.js';
import type { RuntimeSession, TensorValue } from './session.js';
import { joinFloats } from '../values.js';

/**
 * Positions a run of the graph takes at most; a longer prompt goes in parts. At full size 512 would be no quicker by more
 * than a tenth and take 0.5 GB more, for attention and for the new rows of the cache; the runtime keeps what the longest
 * run took, so wide models get shorter ones.
 */
const LONGEST_RUN = 128;
const LONGEST_WIDE_RUN = 64;
const WIDE_HIDDEN_SIZE = 2048;

/** Sequences that go on together: more at once gain little. */
const MOST_TOGETHER = 8;
/** What the keys and values of so many, this long, may take beside each other: two sequences at full size. */
const TOGETHER_BYTES = 500e6;
const TOGETHER_POSITIONS = 1024;

/** Room for keys and values that is kept from one request to the next: eight sequences of a small model. */
const KEPT_BYTES = 64e6;

/** A context that can show more than its last position's scores. */
export interface ScoredContext extends LanguageModelContext {
  /**
   * As in {@link LanguageModelContext}; with `lastPositions` (1 up to the run's length) the scores of that many last
   * positions, in order: [lastPositions, numCodebooks * codebookSize].
   */
  feed(run: PromptRun, lastPositions?: number): Promise<Float32Array>;
  /**
   * A copy of the keys and values of all positions so far, as they are kept: [2 * layers, heads, positions, head size].
   * Throws HIGGS_INTERNAL where they are on a GPU.
   */
  keysAndValues(): CacheValues;
}

/** A model that holds native memory until it is closed. */
export interface LoadedLanguageModel extends LanguageModel {
  readonly config: LanguageModelConfig;
  /** What it runs on; never `auto`. */
  readonly device: Exclude<Device, 'auto'>;
  readonly bits: WeightBits;
  /** What a user should know, such as that a slower runtime had to be taken. */
  readonly warnings: readonly string[];
  /**
   * So many sequences gain by going on together, and stay what each is alone; 1: none do. With 4 bits onnxruntime computes a
   * single row in another order than several, and the rounding of activations to 8 bits makes that a difference that can be
   * heard. A GPU's keys and values are never in one tensor.
   */
  readonly mostTogether: number;
  open(expectedPositions: number): ScoredContext;
  /**
   * How much the alignment heads look, as each of `frameCount` frames behind the prompt is about to sound, at the tokens at
   * `tokens`: what was spoken is read once more. Undefined where the checkpoint has no such heads. Throws HIGGS_RUNTIME_FAILED.
   */
  lookAt(runs: readonly PromptRun[], spoken: CodeFrames, tokens: Positions): Promise<LookScores | undefined>;
  /** The same model for up to `sequences` at the same time; one more than these is computed alone. */
  together(sequences: number): LanguageModel;
  /** Closes contexts too; safe to call twice. */
  close(): Promise<void>;
}

/** The sessions of a model's graphs: one for both kinds of runs, or one for each. */
export interface ModelSessions {
  readonly text: RuntimeSession;
  readonly audio: RuntimeSession;
  /** Where keys and values stay in the same buffers of a GPU. */
  readonly room?: GpuBuffers | undefined;
}

export async function closeSessions({ text, audio, room }: ModelSessions): Promise<void> {
  await room?.close();
  await text.close();
  if (audio !== text) await audio.close();
}

/** What a {@link SessionLanguageModel} holds; closed with it. */
export interface ModelParts {
  readonly files: LanguageModelFiles;
  readonly sessions: ModelSessions;
  readonly capabilities: DeviceCapabilities;
  readonly text: EmbeddingTable;
  readonly audio: EmbeddingTable;
  readonly prefixes: PrefixStore;
  /** The graph's `cache_scales`, where keys and values are kept in 8 bits. */
  readonly scales?: Float32Array | undefined;
}

export class SessionLanguageModel implements LoadedLanguageModel {
  readonly config: LanguageModelConfig;
  readonly shape: FrameShape;
  readonly maxPositions: number;
  readonly bits: WeightBits;
  readonly device: Exclude<Device, 'auto'>;
  readonly warnings: readonly string[];
  readonly mostTogether: number;
  readonly textTable: EmbeddingTable;
  readonly audioTable: EmbeddingTable;
  readonly prefixes: PrefixStore;
  /** Inputs that are the same for each run. */
  readonly fixedInputs: Readonly<Record<string, TensorValue>>;
  /** Positions that a run of the graph takes at most. */
  readonly longestRun: number;
  private readonly cacheType: CacheType;
  private readonly sessions: ModelSessions;
  private readonly capabilities: DeviceCapabilities;
  private readonly contexts = new Set<SessionContext>();
  private readonly aligner: Aligner | undefined;
  private closed = false;
  /** Done when the session is free. */
  private sessionIsFree: Promise<unknown> = Promise.resolve();

  constructor({ files, sessions, capabilities, text, audio, prefixes, scales }: ModelParts) {
    const { numCodebooks, codebookSize, bosCode, eosCode } = files.config;
    this.sessions = sessions;
    this.capabilities = capabilities;
    this.textTable = text;
    this.audioTable = audio;
    this.prefixes = prefixes;
    this.config = files.config;
    this.shape = { numCodebooks, codebookSize, bosCode, eosCode };
    this.maxPositions = files.maxPositions;
    this.bits = files.bits;
    this.device = sessions.audio.device;
    this.warnings = sessions.audio.warnings;
    const longest = this.config.hiddenSize >= WIDE_HIDDEN_SIZE ? LONGEST_WIDE_RUN : LONGEST_RUN;
    this.longestRun = Math.min(longest, capabilities.longestRunPositions);
    this.cacheType = scales === undefined ? 'float32' : 'int8';
    this.fixedInputs = scales === undefined ? {} : { cache_scales: float32Tensor(scales, [scales.length]) };
    const mayMeet = this.bits !== 4 && capabilities.joinsSequences;
    const bytes = CACHE_BYTES[this.cacheType] * rowValues(this.config, TOGETHER_POSITIONS);
    if (files.alignmentGraphFile !== undefined) this.aligner = new Aligner(files.alignmentGraphFile, this);
    this.mostTogether = mayMeet ? Math.max(1, Math.min(MOST_TOGETHER, Math.floor(TOGETHER_BYTES / bytes))) : 1;
  }

  open(expectedPositions: number): ScoredContext {
    if (this.closed) throw new HiggsError('HIGGS_CLOSED', 'The language model is closed.');
    const expected = Math.min(expectedPositions, this.maxPositions);
    const { room } = this.sessions;
    if (room !== undefined) return this.openOn(new SameGpuKeyValues(this.config, expected, room));
    if (this.capabilities.keysAndValues === 'device') return this.openOn(new GpuKeyValues(this.config, expected));
    const arrays = new KeyValueArrays(this.config, this.cacheType, expected);
    return this.openOn(new MemoryKeyValues(arrays, 0, () => arrays.close()));
  }

  async lookAt(runs: readonly PromptRun[], spoken: CodeFrames, tokens: Positions): Promise<LookScores | undefined> {
    return this.aligner?.lookAt(runs, spoken, tokens);
  }

  together(sequences: number): LanguageModel {
    if (Math.min(sequences, this.mostTogether) < 2) return this;
    const { shape, maxPositions } = this;
    let batch: Batch | undefined;
    const open = (expectedPositions: number): LanguageModelContext => {
      const expected = Math.min(expectedPositions, maxPositions);
      // Its room grows and never shrinks: whoever is alone again begins with as little as they need.
      if (batch?.size === 0 && batch.byteLength <= KEPT_BYTES) batch.restart(expected);
      else if (batch === undefined || batch.size === 0) {
        batch = new Batch(this.config, this.cacheType, sequences, expected, (...run) => this.runBatch(...run));
      }
      const keyValues = batch.open();
      return keyValues === undefined ? this.open(expectedPositions) : this.openOn(keyValues, batch);
    };
    return { shape, maxPositions, open, isFull: () => batch?.size === sequences };
  }

  /**
   * Uses the session for runs of a kind alone: a run begins a turn of the event loop after it was asked for, and until then
   * nobody may move the keys and values that it was given.
   */
  alone<T>(isAudio: boolean, use: (session: RuntimeSession) => Promise<T>): Promise<T> {
    const { audio, text } = this.sessions;
    const result = this.sessionIsFree.then(() => use(isAudio ? audio : text));
    this.sessionIsFree = result.catch(() => undefined);
    return result;
  }

  private openOn(keyValues: KeyValues, batch?: Batch): SessionContext {
    if (this.closed) throw new HiggsError('HIGGS_CLOSED', 'The language model is closed.');
    const context = new SessionContext(this, keyValues, () => this.contexts.delete(context), batch);
    this.contexts.add(context);
    return context;
  }

  /** One position of several sequences; slots that are not among `steps` are computed too, and nothing is kept of them. */
  private runBatch(arrays: KeyValueArrays, steps: readonly Step[], from: number, to: number): Promise<Float32Array> {
    const { hiddenSize } = this.config;
    const batch = to - from;
    const embeds = new Float32Array(batch * hiddenSize);
    const before = new Int32Array(batch);
    for (const step of steps) {
      embeds.set(step.embeds, (step.slot - from) * hiddenSize);
      before[step.slot - from] = step.before;
    }
    const longest = 1 + Math.max(...before);
    return this.alone(true, async (session) => {
      const results = await session.run(
        {
          embeds: float32Tensor(embeds, [batch, 1, hiddenSize]),
          is_audio: boolTensor(true),
          seqlens_k: int32Tensor(before, [batch]),
          total_sequence_length: int32Tensor(Int32Array.of(longest), [1]),
          new_positions: int64Tensor(BigInt64Array.from(before, BigInt), [batch, 1]),
          logits_from: int64Tensor(BigInt64Array.of(0n), [1]),
          ...this.fixedInputs,
          ...arrays.inputs(from, to, longest),
        },
        ['logits', 'new_rows'],
      );
      const rows = results['new_rows']!.data as CacheValues;
      for (const { slot, before } of steps) arrays.store(slot, rows, before, before + 1, slot - from, batch);
      return results['logits']!.data as Float32Array;
    });
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    for (const context of this.contexts) context.close();
    await closeSessions(this.sessions);
    await this.aligner?.close();
    this.textTable.close();
    this.audioTable.close();
    await this.prefixes.close();
  }
}

class SessionContext implements ScoredContext {
  private fed = 0;
  private closed = false;

  constructor(
    private readonly model: SessionLanguageModel,
    private readonly keyValues: KeyValues,
    private readonly onClose: () => void,
    private readonly batch?: Batch,
  ) {}

  get positionCount(): number {
    return this.fed;
  }

  async feed(run: PromptRun, lastPositions = 1): Promise<Float32Array> {
    if (this.closed) throw new HiggsError('HIGGS_CLOSED', 'The context is closed.');
    const length = lengthOf(run);
    if (lastPositions < 1 || lastPositions > length) {
      throw new HiggsError('HIGGS_INTERNAL', `Scores of ${lastPositions} positions were asked for, of ${length} fed.`);
    }
    this.checkRoom(length);
    const embeds = embedRun(run, this.model);
    if (this.batch && this.keyValues instanceof MemoryKeyValues && run.kind === 'audio' && length === 1) {
      return this.step(this.batch, this.keyValues.slot, embeds);
    }
    const step = this.model.longestRun;
    const firstWanted = length - lastPositions;
    const scores: Float32Array[] = [];
    for (let from = 0; from < length; from += step) {
      const to = Math.min(from + step, length);
      const wanted = Math.min(Math.max(firstWanted, from), to - 1);
      const found = await this.forward(embeds, run.kind === 'audio', from, to, wanted);
      if (to > firstWanted) scores.push(found);
    }
    return scores.length === 1 ? scores[0]! : joinFloats(scores);
  }

  async feedPrefix(runs: readonly PromptRun[], beforeRun: () => void): Promise<void> {
    const feedAll = async (): Promise<void> => {
      for (const run of runs) {
        beforeRun();
        await this.feed(run);
      }
    };
    const { keyValues } = this;
    if (this.fed > 0 || !(keyValues instanceof MemoryKeyValues)) return feedAll();
    const positions = runs.reduce((sum, run) => sum + lengthOf(run), 0);
    this.checkRoom(positions);
    const length = rowValues(this.model.config, positions);
    const rows = await this.model.prefixes.rowsOf(runs, length, async () => {
      await feedAll();
      return keyValues.rows(positions);
    });
    if (this.closed) throw new HiggsError('HIGGS_CLOSED', 'The context is closed.');
    if (this.fed > 0) return;
    keyValues.load(rows, positions);
    this.fed = positions;
  }

  keysAndValues(): CacheValues {
    if (this.keyValues instanceof MemoryKeyValues) return this.keyValues.rows(this.fed);
    throw new HiggsError('HIGGS_INTERNAL', 'Keys and values on a GPU cannot be read.');
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.keyValues.close();
    this.onClose();
  }

  private async step(batch: Batch, slot: number, embeds: Float32Array): Promise<Float32Array> {
    const scores = await batch.step({ slot, before: this.fed, embeds });
    this.fed++;
    return scores;
  }

  private checkRoom(length: number): void {
    const { maxPositions } = this.model;
    if (this.fed + length <= maxPositions) return;
    const what = `The text and the reference take ${this.fed + length} positions; the model has ${maxPositions}.`;
    throw new HiggsError('HIGGS_CONTEXT_FULL', what);
  }

  /** Positions [from, to) of a run's embeds; gives the scores of those from `wanted` on. */
  private forward(
    embeds: Float32Array,
    isAudio: boolean,
    from: number,
    to: number,
    wanted: number,
  ): Promise<Float32Array> {
    const { hiddenSize } = this.model.config;
    const before = this.fed;
    const total = before + to - from;
    return this.model.alone(isAudio, async (session) => {
      const pasts = await this.keyValues.inputs(total);
      const results = await session.run(
        {
          embeds: float32Tensor(embeds.subarray(from * hiddenSize, to * hiddenSize), [1, to - from, hiddenSize]),
          is_audio: boolTensor(isAudio),
          seqlens_k: int32Tensor(Int32Array.of(total - 1), [1]),
          total_sequence_length: int32Tensor(Int32Array.of(total), [1]),
          new_positions: int64Tensor(
            BigInt64Array.from({ length: to - from }, (_, i) => BigInt(before + i)),
            [1, to - from],
          ),
          logits_from: int64Tensor(BigInt64Array.of(BigInt(wanted - from)), [1]),
          ...this.model.fixedInputs,
          ...pasts,
        },
        ['logits', ...this.keyValues.outputs],
        this.keyValues.targets,
      );
      this.keyValues.store(results, before, total);
      this.fed = total;
      return results['logits']!.data as Float32Array;
    });
  }
}
