/** A graph loaded on a device: opened once, run many times, closed. */
import { stat } from 'node:fs/promises';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import path from 'node:path';
import { HiggsError } from '../errors.js';
import { dataFileName } from '../export/onnx-writer.js';
import type { Device } from '../options.js';
import type { Backend } from './backend.js';
import { chooseDevice, type ChosenDevice } from './devices.js';

/** A tensor in memory; results are of this shape too. */
export type TensorValue =
  | { readonly type: 'float32'; readonly data: Float32Array; readonly dims: readonly number[] }
  | { readonly type: 'int64'; readonly data: BigInt64Array; readonly dims: readonly number[] }
  | { readonly type: 'int32'; readonly data: Int32Array; readonly dims: readonly number[] }
  | { readonly type: 'int8'; readonly data: Int8Array; readonly dims: readonly number[] }
  | { readonly type: 'bool'; readonly data: Uint8Array; readonly dims: readonly number[] };

export function float32Tensor(data: Float32Array, dims: readonly number[]): TensorValue {
  return { type: 'float32', data, dims };
}

export function int64Tensor(data: BigInt64Array, dims: readonly number[]): TensorValue {
  return { type: 'int64', data, dims };
}

export function int32Tensor(data: Int32Array, dims: readonly number[]): TensorValue {
  return { type: 'int32', data, dims };
}

/** `flag` without dimensions. */
export function boolTensor(flag: boolean): TensorValue {
  return { type: 'bool', data: Uint8Array.of(flag ? 1 : 0), dims: [] };
}

/**
 * A step of a smaller model is over so soon that its threads mostly wait: spinning then took three times the processor
 * time, and beside one busy process on two cores eight times the time by the clock (measured with the embedded model).
 */
const LEAST_BYTES_TO_SPIN = 200e6;

export interface SessionOptions {
  readonly device: Device;
  /** 0: as many as there are physical cores. */
  readonly threads: number;
}

/**
 * Loads a graph's file, its weights beside it.
 * Throws HIGGS_DEVICE_UNAVAILABLE, and HIGGS_RUNTIME_FAILED naming the file where the CPU cannot load it.
 */
export async function openSession(file: string, { device, threads }: SessionOptions): Promise<RuntimeSession> {
  const chosen = await chooseDevice(device, await weightBytes(file));
  return await openSessionOn(chosen, file, threads);
}

/** The same on a device that was chosen before; `gpuOutputs` stay on the GPU. */
export async function openSessionOn(
  chosen: ChosenDevice,
  file: string,
  threads: number,
  gpuOutputs?: readonly string[],
): Promise<RuntimeSession> {
  const { backend, provider, device, warnings } = chosen;
  try {
    const spin = (await weightBytes(file)) >= LEAST_BYTES_TO_SPIN;
    const session = await backend.createSession(file, { provider, threads, spin, gpuOutputs });
    return new RuntimeSession(backend, session, device, warnings, path.basename(file));
  } catch (error) {
    if (provider === 'cpu') {
      throw new HiggsError('HIGGS_RUNTIME_FAILED', `onnxruntime cannot load ${file}.`, { cause: error });
    }
    const what = `The device "${device}" cannot load ${file}.`;
    throw new HiggsError('HIGGS_DEVICE_UNAVAILABLE', what, { cause: error });
  }
}

/** How many bytes of weights belong to a graph's file, or to that of one of its views. */
export async function weightBytes(file: string): Promise<number> {
  const [name] = path.basename(file).split('.', 1);
  const data = path.join(path.dirname(file), dataFileName(name!));
  return await stat(data).then(
    (found) => found.size,
    () => 0,
  );
}

/** What a run gives, by the outputs' names. */
export type GraphResults = Readonly<Record<string, Pick<Tensor, 'data' | 'dims'>>>;

/** A graph in memory, wherever it runs. */
export interface OpenGraph {
  /** Never `auto`. */
  readonly device: Exclude<Device, 'auto'>;
  readonly warnings: readonly string[];
  /** All outputs, in memory. Throws HIGGS_RUNTIME_FAILED. */
  run(inputs: Readonly<Record<string, TensorValue>>): Promise<GraphResults>;
  /** Gives the native memory back. */
  close(): Promise<void>;
}

export class RuntimeSession implements OpenGraph {
  constructor(
    private readonly backend: Backend,
    private readonly session: InferenceSession,
    /** What it runs on; never `auto`. */
    readonly device: Exclude<Device, 'auto'>,
    readonly warnings: readonly string[],
    private readonly name: string,
  ) {}

  /**
   * Runs the graph; `outputs` are computed into memory (all of them where left out). Inputs may be results of a run
   * before, those on the GPU included; outputs that `into` names are written into its tensors (the session must keep none on
   * the GPU by itself). Blocks the thread until it is done. Throws HIGGS_RUNTIME_FAILED.
   */
  async run(
    inputs: Readonly<Record<string, TensorValue | Tensor>>,
    outputs?: readonly string[],
    into: Readonly<Record<string, Tensor>> = {},
  ): Promise<Readonly<Record<string, Tensor>>> {
    const feeds: Record<string, Tensor> = {};
    for (const [name, value] of Object.entries(inputs)) feeds[name] = this.wrap(value);
    try {
      if (outputs === undefined) return await this.session.run(feeds);
      return await this.session.run(feeds, Object.fromEntries(outputs.map((name) => [name, into[name] ?? null])));
    } catch (error) {
      const what = `onnxruntime failed in the graph "${this.name}" on the device "${this.device}".`;
      throw new HiggsError('HIGGS_RUNTIME_FAILED', what, { cause: error });
    }
  }

  /** Gives the native memory back. */
  async close(): Promise<void> {
    await this.session.release();
  }

  private wrap(value: TensorValue | Tensor): Tensor {
    if (value instanceof this.backend.Tensor) return value;
    const { type, data, dims } = value;
    return new this.backend.Tensor(type, data, dims);
  }
}
