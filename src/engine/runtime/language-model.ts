/** Opening the language model: its files, the device that runs it, and how it keeps what it has read. */
import { createHash } from 'node:crypto';
import { HiggsError } from '../errors.js';
import { exportLanguageModel, type LanguageModelFiles } from '../export/language-model.js';
import type { CacheBits, Device, WeightBits } from '../options.js';
import type { OnProgress } from '../progress.js';
import { cacheScales } from './cache-scales.js';
import { CAPABILITIES, chooseDevice, type ChosenDevice } from './devices.js';
import { EmbeddingTable } from './embedding-table.js';
import { gpuOutputs } from './key-values.js';
import { PrefixStore } from './prefix-store.js';
import { SessionLanguageModel, type LoadedLanguageModel } from './session-language-model.js';
import { openSessionOn, weightBytes, type RuntimeSession } from './session.js';

/** A step of a smaller model is done before a second thread has woken up, and the codec has use for that core. */
const LEAST_BYTES_FOR_THREADS = 200e6;

export interface OpenLanguageModelOptions {
  /** Holds config.json and the weights. */
  readonly modelDir: string;
  readonly cacheDir: string;
  readonly device: Device;
  /** Left out: 8 for small models, 4 for large ones. */
  readonly bits?: WeightBits | undefined;
  /** 32 keeps keys and values whole. Left out, or 8: in 8 bits where weights are rounded too and the device can. */
  readonly cacheBits?: CacheBits | undefined;
  /** Positions of a context, at most; left out: 8192. */
  readonly contextPositions?: number | undefined;
  /** 0: as many as there are physical cores. */
  readonly threads: number;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the model in `modelDir`; its graph is made first where the cache lacks it.
 * Throws what `exportLanguageModel` does, HIGGS_DEVICE_UNAVAILABLE, HIGGS_RUNTIME_FAILED.
 */
export async function openLanguageModel(options: OpenLanguageModelOptions): Promise<LoadedLanguageModel> {
  const { device, onProgress } = options;
  const files = await exportLanguageModel(options);
  onProgress?.({ phase: 'loading', part: 'language model' });
  const bytes = await weightBytes(files.graphFile);
  const chosen = await chooseDevice(device, bytes);
  const threads = options.threads === 0 && bytes < LEAST_BYTES_FOR_THREADS ? 1 : options.threads;
  const opening = { ...options, files, chosen, threads };
  if (options.cacheBits === 32 || !keepsEightBits(files, chosen)) return openWith(opening);
  const scales = await cacheScales({
    cacheDir: options.cacheDir,
    modelKey: files.key,
    openWhole: () => openWith(opening),
  });
  return openWith(opening, scales);
}

/** Whoever rounds weights may round keys and values too; float32 stays as it is, and so does what other devices keep. */
function keepsEightBits({ bits }: LanguageModelFiles, { backend, device }: ChosenDevice): boolean {
  return bits !== 32 && CAPABILITIES[device].eightBitKeysAndValues && backend.kind === 'native';
}

interface Opening extends OpenLanguageModelOptions {
  readonly files: LanguageModelFiles;
  readonly chosen: ChosenDevice;
}

async function openWith(opening: Opening, scales?: Float32Array): Promise<LoadedLanguageModel> {
  const { files, cacheDir } = opening;
  const session = await openGraph(opening, scales !== undefined);
  try {
    const text = await EmbeddingTable.open(files.textTable);
    const audio = await EmbeddingTable.open(files.audioTable);
    // What int8 stands for decides what a kept prefix means.
    const kept =
      scales === undefined
        ? ({ modelKey: files.key, type: 'float32' } as const)
        : ({ modelKey: `${files.key} ${createHash('sha256').update(scales).digest('hex')}`, type: 'int8' } as const);
    const prefixes = new PrefixStore({ cacheDir, ...kept });
    return new SessionLanguageModel({ files, session, text, audio, prefixes, scales });
  } catch (error) {
    await session.close();
    throw HiggsError.from(error, 'HIGGS_RUNTIME_FAILED');
  }
}

function openGraph({ files, chosen, threads }: Opening, inEightBits: boolean): Promise<RuntimeSession> {
  if (CAPABILITIES[chosen.device].keysAndValues === 'device')
    return openSessionOn(chosen, files.gpuGraphFile, threads, gpuOutputs(files.config));
  return openSessionOn(chosen, inEightBits ? files.cache8GraphFile : files.graphFile, threads);
}
