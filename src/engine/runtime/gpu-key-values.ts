/**
 * A sequence's keys and values on a GPU, in one of two ways: each run's presents are new buffers and become the next run's
 * pasts, or one set of buffers is past and present at once, and the operator writes new rows in place.
 */
import type { Tensor } from 'onnxruntime-node';
import type { LanguageModelConfig } from '../checkpoint/types.js';
import type { GpuBuffers } from './gpu-buffers.js';
import { capacityFor, tensorNames, type FedPasts, type KeyValues } from './key-values.js';
import { float32Tensor } from './session.js';

/** The outputs that stay on the GPU. */
export function gpuOutputs(config: LanguageModelConfig): readonly string[] {
  return tensorNames(config, 'present');
}

/** New buffers from each run. */
export class GpuKeyValues implements KeyValues {
  readonly outputs: readonly string[];
  private pasts: FedPasts;
  /** Those of `pasts` that are the GPU's. */
  private held: readonly Tensor[] = [];

  /** `expectedPositions`: past this many the graph makes room itself, a little slower. */
  constructor(
    private readonly config: LanguageModelConfig,
    expectedPositions: number,
  ) {
    const { keyValueHeads, headDim } = config;
    const capacity = capacityFor(expectedPositions);
    this.outputs = gpuOutputs(config);
    const empty = float32Tensor(new Float32Array(keyValueHeads * capacity * headDim), [
      1,
      keyValueHeads,
      capacity,
      headDim,
    ]);
    this.pasts = Object.fromEntries(tensorNames(config, 'past').map((name) => [name, empty]));
  }

  inputs(): FedPasts {
    return this.pasts;
  }

  store(results: Readonly<Record<string, Tensor>>): void {
    const presents = this.outputs.map((name) => results[name]!);
    this.release();
    this.held = presents;
    this.pasts = Object.fromEntries(tensorNames(this.config, 'past').map((name, i) => [name, presents[i]!]));
  }

  close(): void {
    this.release();
    this.pasts = {};
  }

  private release(): void {
    for (const tensor of this.held) tensor.dispose();
    this.held = [];
  }
}

/** The same buffers at each run. */
export class SameGpuKeyValues implements KeyValues {
  readonly outputs: readonly string[];
  targets: Readonly<Record<string, Tensor>> = {};
  private readonly pastNames: readonly string[];
  private held: readonly Tensor[] = [];
  private pasts: FedPasts = {};
  private capacity = 0;
  private closed = false;

  /** `expectedPositions`: past this many they are moved into larger buffers. */
  constructor(
    config: LanguageModelConfig,
    private readonly expectedPositions: number,
    private readonly buffers: GpuBuffers,
  ) {
    this.outputs = gpuOutputs(config);
    this.pastNames = tensorNames(config, 'past');
  }

  async inputs(positions: number): Promise<FedPasts> {
    if (positions > this.capacity) await this.makeRoom(Math.max(positions, this.expectedPositions));
    return this.pasts;
  }

  store(results: Readonly<Record<string, Tensor>>): void {
    // They show the same buffers once more.
    for (const name of this.outputs) results[name]!.dispose();
  }

  close(): void {
    this.closed = true;
    this.giveBack();
  }

  private async makeRoom(positions: number): Promise<void> {
    const larger = await this.buffers.take(capacityFor(positions), this.held);
    this.giveBack();
    this.held = larger;
    this.capacity = larger[0]!.dims[2]!;
    this.pasts = Object.fromEntries(this.pastNames.map((name, i) => [name, larger[i]!]));
    this.targets = Object.fromEntries(this.outputs.map((name, i) => [name, larger[i]!]));
    // A context may be closed while a run of it is under way.
    if (this.closed) this.giveBack();
  }

  private giveBack(): void {
    this.buffers.giveBack(this.held);
    this.held = [];
  }
}
