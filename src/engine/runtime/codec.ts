/**
 * The codec on onnxruntime: clips to codes, codes to sound.
 *
 * It runs on the CPU, whatever the language model runs on: there a window of frames is what it is in the whole, codes
 * are the reference's, and a second of sound takes 0.02 s with the embedded voice, 0.1 s at full size (two cores). GPUs
 * compute with TF32, inexact sines of large numbers, and kernels made anew for each length.
 */
import { codeFrames, type CodeFrames } from '../codes.js';
import type { CodecConfig } from '../checkpoint/types.js';
import { HiggsError } from '../errors.js';
import { exportCodec } from '../export/codec.js';
import { DECODER_CODES, DECODER_KEEP_FROM, DECODER_KEEP_TO, DECODER_SAMPLES } from '../export/codec-decoder.js';
import { ENCODER_CODES, ENCODER_SEMANTIC_WAVE, ENCODER_WAVE } from '../export/codec-encoder.js';
import { acousticPadding, decoderReachFrames, SEMANTIC_PADDING_SAMPLES } from '../export/codec-lengths.js';
import type { Device } from '../options.js';
import type { OnProgress } from '../progress.js';
import { resample } from '../resample.js';
import type { Codec } from '../sound/types.js';
import { chooseDevice } from './devices.js';
import {
  float32Tensor,
  int64Tensor,
  openSession,
  type OpenGraph,
  type RuntimeSession,
  type TensorValue,
} from './session.js';
import { SessionThread } from './session-thread.js';

export interface OpenCodecOptions {
  /** Holds the codec's config.json and safetensors. */
  readonly codecDir: string;
  readonly cacheDir: string;
  /** `wasm` is followed; any other means the CPU. */
  readonly device: Device;
  /** 0: as many as there are physical cores. */
  readonly threads: number;
  /** On the CPU sound is made in a thread of its own, while this one goes on. Left out: in this one. */
  readonly inBackground?: boolean;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A codec that holds native memory until it is closed; every call after that throws HIGGS_CLOSED. */
export interface LoadedCodec extends Codec {
  readonly device: Exclude<Device, 'auto'>;
  /** What a user should know, such as that WASM had to be taken. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens the codec in `codecDir`; its graphs are made first where the cache lacks them. The encoder is loaded for each
 * clip and given back behind it: codes are kept, so clips are rare, and at full size it takes 1.2 GB.
 * Throws what `exportCodec` does, and HIGGS_RUNTIME_FAILED.
 */
export async function openCodec(options: OpenCodecOptions): Promise<LoadedCodec> {
  const { threads, onProgress } = options;
  const device = options.device === 'wasm' ? 'wasm' : 'cpu';
  const graphs = await exportCodec(options);
  onProgress?.({ phase: 'loading', part: 'codec' });
  const decoder = await openDecoder(graphs.decoderFile, device, options);
  return new SessionCodec(graphs.config, decoder, () => openSession(graphs.encoderFile, { device, threads }));
}

async function openDecoder(
  file: string,
  device: 'cpu' | 'wasm',
  { threads, inBackground = false }: OpenCodecOptions,
): Promise<OpenGraph> {
  // WASM has threads of its own, and may not be nested.
  const isNative = device === 'cpu' && (await chooseDevice('cpu', 0)).device === 'cpu';
  return inBackground && isNative ? SessionThread.open({ file, threads }) : openSession(file, { device, threads });
}

class SessionCodec implements LoadedCodec {
  readonly numCodebooks: number;
  readonly codebookSize: number;
  readonly hopSamples: number;
  readonly reachFrames: number;
  readonly device: Exclude<Device, 'auto'>;
  readonly warnings: readonly string[];
  private closed = false;

  constructor(
    private readonly config: CodecConfig,
    private readonly decoder: OpenGraph,
    private readonly openEncoder: () => Promise<RuntimeSession>,
  ) {
    this.numCodebooks = config.numQuantizers;
    this.codebookSize = config.codebookSize;
    this.hopSamples = config.hopSamples;
    this.reachFrames = decoderReachFrames(config);
    this.device = decoder.device;
    this.warnings = decoder.warnings;
  }

  async encode(samples: Float32Array): Promise<CodeFrames> {
    this.checkOpen();
    const { config, hopSamples, numCodebooks } = this;
    if (samples.length < hopSamples) {
      throw new HiggsError(
        'HIGGS_CLIP_TOO_SHORT',
        `The clip has ${samples.length} samples, one frame takes ${hopSamples}.`,
      );
    }
    const encoder = await this.openEncoder();
    try {
      const outputs = await encoder.run(encoderInputs(samples, config), [ENCODER_CODES]);
      const codes = outputs[ENCODER_CODES]!.data as BigInt64Array;
      return codeFrames(numCodebooks, frameMajor(codes, numCodebooks));
    } finally {
      await encoder.close();
    }
  }

  async decode(frames: CodeFrames, from = 0, to = frames.frameCount): Promise<Float32Array> {
    this.checkOpen();
    const { numCodebooks, frameCount, codes } = frames;
    if (numCodebooks !== this.numCodebooks) {
      throw new HiggsError(
        'HIGGS_INTERNAL',
        `The frames have ${numCodebooks} codebooks, the codec ${this.numCodebooks}.`,
      );
    }
    if (to <= from) return new Float32Array(0);
    const outputs = await this.decoder.run({
      [DECODER_CODES]: int64Tensor(codebookMajor(codes, numCodebooks), [1, numCodebooks, frameCount]),
      [DECODER_KEEP_FROM]: int64Tensor(BigInt64Array.of(BigInt(from)), [1]),
      [DECODER_KEEP_TO]: int64Tensor(BigInt64Array.of(BigInt(to)), [1]),
    });
    return outputs[DECODER_SAMPLES]!.data as Float32Array;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.decoder.close();
  }

  private checkOpen(): void {
    if (this.closed) throw new HiggsError('HIGGS_CLOSED', 'The codec is closed.');
  }
}

/** What the encoder's graph takes of a clip: samples at the codec's rate, a hop or more of them. */
export function encoderInputs(samples: Float32Array, config: CodecConfig): Readonly<Record<string, TensorValue>> {
  const wave = padBothSides(samples, acousticPadding(config, samples.length));
  const heard = padBothSides(
    resample(samples, config.sampleRateHz, config.semanticSampleRateHz),
    SEMANTIC_PADDING_SAMPLES,
  );
  return {
    [ENCODER_WAVE]: float32Tensor(wave, [1, 1, wave.length]),
    [ENCODER_SEMANTIC_WAVE]: float32Tensor(heard, [1, 1, heard.length]),
  };
}

function padBothSides(samples: Float32Array, padding: number): Float32Array {
  const padded = new Float32Array(samples.length + 2 * padding);
  padded.set(samples, padding);
  return padded;
}

/** Codes of one codebook after the other to frames in order of time. */
function frameMajor(codes: BigInt64Array, numCodebooks: number): Int32Array {
  const frameCount = codes.length / numCodebooks;
  return Int32Array.from(codes, (_, index) =>
    Number(codes[(index % numCodebooks) * frameCount + Math.floor(index / numCodebooks)]!),
  );
}

/** Frames in order of time to codes of one codebook after the other. */
function codebookMajor(codes: Int32Array, numCodebooks: number): BigInt64Array {
  const frameCount = codes.length / numCodebooks;
  return BigInt64Array.from({ length: codes.length }, (_, index) =>
    BigInt(codes[(index % frameCount) * numCodebooks + Math.floor(index / frameCount)]!),
  );
}
