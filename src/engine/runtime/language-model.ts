/** Opening the language model: its files, the device that runs it, and how it keeps what it has read. */
import { createHash } from 'node:crypto';
import { HiggsError } from '../errors.js';
import { exportLanguageModel, type LanguageModelFiles } from '../export/language-model.js';
import type { CacheBits, Device, WeightBits } from '../options.js';
import type { OnProgress } from '../progress.js';
import { cacheScales } from './cache-scales.js';
import type { DeviceSettings } from '../device-settings.js';
import { capabilitiesOf, CAPABILITIES, chooseDevice, deviceMemory } from './devices.js';
import type { ChosenDevice, DeviceCapabilities } from './devices.js';
import { EmbeddingTable } from './embedding-table.js';
import { GpuBuffers } from './gpu-buffers.js';
import { gpuOutputs } from './gpu-key-values.js';
import { PrefixStore } from './prefix-store.js';
import { closeSessions, SessionLanguageModel } from './session-language-model.js';
import type { LoadedLanguageModel, ModelSessions } from './session-language-model.js';
import { openSessionOn, weightBytes, type RuntimeSession } from './session.js';

/** A step of a smaller model is done before a second thread has woken up, and the codec has use for that core. */
const LEAST_BYTES_FOR_THREADS = 200e6;

export interface OpenLanguageModelOptions {
  /** Holds config.json and the weights. */
  readonly modelDir: string;
  readonly cacheDir: string;
  readonly device: Device;
  /** How a GPU is used; left out: as `higgs-tts gpu-check` found it best here, else with care. */
  readonly deviceSettings?: DeviceSettings | undefined;
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
  const memory = await deviceMemory(options.cacheDir);
  const chosen = await chooseDevice(device, bytes, memory.auto);
  const deviceSettings = options.deviceSettings ?? memory.settings[chosen.device];
  const threads = options.threads === 0 && bytes < LEAST_BYTES_FOR_THREADS ? 1 : options.threads;
  const opening = { ...options, deviceSettings, files, chosen, threads };
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
  const { files, cacheDir, chosen, deviceSettings } = opening;
  const capabilities = capabilitiesOf(chosen.device, deviceSettings);
  const sessions = await openSessions(opening, capabilities, scales !== undefined);
  try {
    const text = await EmbeddingTable.open(files.textTable);
    const audio = await EmbeddingTable.open(files.audioTable);
    // What int8 stands for decides what a kept prefix means.
    const kept =
      scales === undefined
        ? ({ modelKey: files.key, type: 'float32' } as const)
        : ({ modelKey: `${files.key} ${createHash('sha256').update(scales).digest('hex')}`, type: 'int8' } as const);
    const prefixes = new PrefixStore({ cacheDir, ...kept });
    return new SessionLanguageModel({ files, sessions, capabilities, text, audio, prefixes, scales });
  } catch (error) {
    await closeSessions(sessions);
    throw HiggsError.from(error, 'HIGGS_RUNTIME_FAILED');
  }
}

/** The graph or graphs, and on a GPU whose keys and values stay in place the maker of their buffers. */
async function openSessions(
  { files, chosen, threads }: Opening,
  { keysAndValues, graphs, buffers }: DeviceCapabilities,
  inEightBits: boolean,
): Promise<ModelSessions> {
  if (keysAndValues === 'memory') {
    const session = await openSessionOn(chosen, inEightBits ? files.cache8GraphFile : files.graphFile, threads);
    return { text: session, audio: session };
  }
  // Tensors that outputs are written into are not taken where a session keeps outputs on the GPU by itself.
  const kept = buffers === 'new' ? gpuOutputs(files.config) : undefined;
  const opened: RuntimeSession[] = [];
  try {
    for (const file of graphs === 'one' ? [files.gpuGraphFile] : [files.gpuTextGraphFile, files.gpuAudioGraphFile]) {
      opened.push(await openSessionOn(chosen, file, threads, kept));
    }
    const room = buffers === 'same' ? await GpuBuffers.open(files.config, chosen) : undefined;
    return { text: opened[0]!, audio: opened.at(-1)!, room };
  } catch (error) {
    for (const session of opened) await session.close();
    throw HiggsError.from(error, 'HIGGS_RUNTIME_FAILED');
  }
}
