/** onnxruntime itself: the native binding where it loads, else WASM. Nothing else in the project imports it. */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { HiggsError, systemCode } from '../errors.js';
import { dataFileName } from '../export/onnx-writer.js';
import { turnOffTelemetry } from '../telemetry.js';

export type { InferenceSession, Tensor };

/** WASM threads beyond this cost more than they bring for the models that fit into WASM. */
const MAX_WASM_THREADS = 4;
/** onnxruntime's levels: errors reach the caller as exceptions, so its own log shows fatal ones alone. */
const LOG_FATAL = 4;

export type Provider = 'cpu' | 'cuda' | 'webgpu' | 'dml' | 'coreml';

export interface SessionSettings {
  readonly provider: Provider;
  /** 0: as many as there are physical cores. */
  readonly threads: number;
  /** Threads wait for work in a busy loop: quicker by some microseconds a step where the cores are idle otherwise. */
  readonly spin?: boolean | undefined;
  /** Outputs that stay on the GPU; all others come to memory. */
  readonly gpuOutputs?: readonly string[] | undefined;
  /** WebGPU alone: record a run's commands and play them again. Refused where it cannot be asked for. */
  readonly graphCapture?: boolean | undefined;
}

export interface Backend {
  readonly kind: 'native' | 'wasm';
  /** The release of onnxruntime. */
  readonly version: string;
  /** Providers of this build; whether they work here is another question. */
  readonly providers: readonly Provider[];
  readonly Tensor: typeof Tensor;
  /** `model`: a file whose weights lie beside it, or the bytes of a model that has none. Throws what onnxruntime throws. */
  createSession(model: string | Uint8Array, settings: SessionSettings): Promise<InferenceSession>;
}

export interface LoadedBackend {
  readonly backend: Backend;
  /** Says so where WASM had to be taken. */
  readonly warnings: readonly string[];
}

let native: Promise<LoadedBackend> | undefined;
let wasm: Promise<Backend> | undefined;

/** The native binding or, where it cannot load (musl, Intel Macs), WASM with a warning. Throws HIGGS_RUNTIME_FAILED. */
export function loadBackend(): Promise<LoadedBackend> {
  native ??= loadNative().then(
    (backend) => ({ backend, warnings: [] }),
    async (error: unknown) => {
      const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error);
      const place = `${process.platform} ${process.arch}`;
      const warning = `onnxruntime's native library does not load on this ${place} system (${reason}); the slower WASM build is used, which serves small models only.`;
      return { backend: await loadWasm(), warnings: [warning] };
    },
  );
  return native;
}

/** onnxruntime-web's WASM build. Throws HIGGS_RUNTIME_FAILED where the optional package is not installed. */
export function loadWasm(): Promise<Backend> {
  wasm ??= importWasm();
  return wasm;
}

async function loadNative(): Promise<Backend> {
  turnOffTelemetry();
  const ort = await import('onnxruntime-node');
  const known: readonly string[] = ['cpu', 'cuda', 'webgpu', 'dml', 'coreml'] satisfies Provider[];
  const providers = ort.listSupportedBackends().map(({ name }) => name);
  return {
    kind: 'native',
    version: ort.env.versions.node ?? ort.env.versions.common,
    providers: providers.filter((name): name is Provider => known.includes(name)),
    Tensor: ort.Tensor,
    createSession: async (model, { provider, threads, spin = false, gpuOutputs, graphCapture = false }) => {
      // An option that 1.30 neither declares nor takes.
      const capturing = { name: provider, enableGraphCapture: true };
      const options: InferenceSession.SessionOptions = {
        executionProviders: [graphCapture ? capturing : provider],
        intraOpNumThreads: threads === 0 ? defaultThreads() : threads,
        graphOptimizationLevel: 'all',
        logSeverityLevel: LOG_FATAL,
        extra: { session: { intra_op: { allow_spinning: spin ? '1' : '0' } } },
        ...(gpuOutputs === undefined
          ? {}
          : { preferredOutputLocation: Object.fromEntries(gpuOutputs.map((name) => [name, 'gpu-buffer'])) }),
      };
      // Two calls, for TypeScript cannot choose between the overloads.
      return typeof model === 'string'
        ? await ort.InferenceSession.create(model, options)
        : await ort.InferenceSession.create(model, options);
    },
  };
}

async function importWasm(): Promise<Backend> {
  turnOffTelemetry();
  let ort: typeof import('onnxruntime-web');
  try {
    ort = await import('onnxruntime-web');
  } catch (error) {
    throw new HiggsError(
      'HIGGS_RUNTIME_FAILED',
      'Neither onnxruntime-node nor the optional package onnxruntime-web can be loaded.',
      { cause: error },
    );
  }
  return {
    kind: 'wasm',
    version: ort.env.versions.web ?? ort.env.versions.common,
    providers: ['cpu'],
    Tensor: ort.Tensor,
    createSession: async (model, { threads }) => {
      // Read when the WASM module starts, with the first session.
      ort.env.wasm.numThreads = threads === 0 ? Math.min(os.availableParallelism(), MAX_WASM_THREADS) : threads;
      if (typeof model !== 'string') return await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
      const data = await readWeights(model);
      return await ort.InferenceSession.create(new Uint8Array(await readFile(model)), {
        executionProviders: ['wasm'],
        ...(data === undefined ? {} : { externalData: [data] }),
      });
    },
  };
}

/** WASM sees no files: weights are handed over as bytes under the name that the model knows them by. */
async function readWeights(modelFile: string): Promise<{ path: string; data: Uint8Array } | undefined> {
  const name = dataFileName(path.basename(modelFile, '.onnx'));
  try {
    return { path: name, data: new Uint8Array(await readFile(path.join(path.dirname(modelFile), name))) };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** 0 lets onnxruntime count physical cores; where this process may use fewer than the machine has, it counts too many. */
function defaultThreads(): number {
  const usable = os.availableParallelism();
  return usable < os.cpus().length ? usable : 0;
}
