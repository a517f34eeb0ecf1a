/** The codec's two graphs, made from its checkpoint once and kept in the cache. */
import path from 'node:path';
import { readCodecConfig } from '../checkpoint/codec-config.js';
import { openCodecTensors } from '../checkpoint/codec-tensors.js';
import type { CodecConfig, TensorEntry } from '../checkpoint/types.js';
import type { OnProgress } from '../progress.js';
import { cacheEntry } from './cache.js';
import { buildCodecDecoder } from './codec-decoder.js';
import { buildCodecEncoder } from './codec-encoder.js';
import { modelFileName, writeOnnxModel } from './onnx-writer.js';

const ENCODER = 'encoder';
const DECODER = 'decoder';
const FLOAT32_BYTES = 4;

export interface CodecGraphOptions {
  /** Holds the codec's config.json and safetensors. */
  readonly codecDir: string;
  readonly cacheDir: string;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CodecGraphs {
  readonly config: CodecConfig;
  /** `buildCodecEncoder`'s graph. */
  readonly encoderFile: string;
  /** `buildCodecDecoder`'s graph. */
  readonly decoderFile: string;
}

/**
 * The graphs of the codec in `codecDir`, from the cache where they are there already.
 * Throws HIGGS_CHECKPOINT_MISSING, HIGGS_CHECKPOINT_BROKEN, HIGGS_CHECKPOINT_UNSUPPORTED, HIGGS_CACHE_UNWRITABLE,
 * HIGGS_DISK_FULL, HIGGS_ABORTED.
 */
export async function exportCodec(options: CodecGraphOptions): Promise<CodecGraphs> {
  const { codecDir, cacheDir, onProgress, signal } = options;
  const config = await readCodecConfig(codecDir);
  const tensors = await openCodecTensors(codecDir, config);
  try {
    const key = { checkpoint: await tensors.fingerprint(), config: JSON.stringify(config) };
    const entry = await cacheEntry(cacheDir, 'codec', key, async (dir) => {
      const bytesTotal = expectedBytes(tensors.entries.values());
      let bytesDone = 0;
      const onBytes = (byteLength: number): void => {
        bytesDone += byteLength;
        onProgress?.({ phase: 'converting', bytesDone: Math.min(bytesDone, bytesTotal), bytesTotal });
      };
      await writeOnnxModel({ dir, name: DECODER, signal, onBytes }, (graph) =>
        buildCodecDecoder(graph, tensors, config),
      );
      await writeOnnxModel({ dir, name: ENCODER, signal, onBytes }, (graph) =>
        buildCodecEncoder(graph, tensors, config),
      );
    });
    return {
      config,
      encoderFile: path.join(entry, modelFileName(ENCODER)),
      decoderFile: path.join(entry, modelFileName(DECODER)),
    };
  } finally {
    await tensors.close();
  }
}

/** About as many bytes as both graphs will have: nearly all tensors go into one of them, once. */
function expectedBytes(entries: Iterable<TensorEntry>): number {
  let bytes = 0;
  for (const { shape } of entries) bytes += shape.reduce((product, size) => product * size, FLOAT32_BYTES);
  return bytes;
}
