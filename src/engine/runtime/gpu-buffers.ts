/**
 * Buffers on a GPU for keys and values. From Node.js none can be asked for, so a small graph makes them: its output is its input
 * with more room, and stays on the device. A buffer belongs to no session: every graph on the device may be given it.
 */
import type { Tensor } from 'onnxruntime-node';
import type { LanguageModelConfig } from '../checkpoint/types.js';
import { onnxModelBytes } from '../export/onnx-writer.js';
import type { ChosenDevice } from './devices.js';
import { float32Tensor, int64Tensor, RuntimeSession, type TensorValue } from './session.js';

const ROOM = 'room';
/** What a new buffer is made of. */
const FIRST_CAPACITY = 1;

export class GpuBuffers {
  /** A set that nobody uses: the next sequence's, where it is large enough. */
  private free: readonly Tensor[] = [];
  private closed = false;

  private constructor(
    private readonly config: LanguageModelConfig,
    private readonly session: RuntimeSession,
  ) {}

  /** Throws what onnxruntime throws. */
  static async open(config: LanguageModelConfig, { backend, provider, device }: ChosenDevice): Promise<GpuBuffers> {
    const { keyValueHeads, headDim } = config;
    const model = await onnxModelBytes(ROOM, (graph) => {
      const rows = graph.input('rows', 'float32', [1, keyValueHeads, 'capacity', headDim]);
      const pads = graph.input('pads', 'int64', [8]);
      graph.output(ROOM, 'float32', [1, keyValueHeads, 'larger', headDim], graph.node('Pad', [rows, pads]));
    });
    const session = await backend.createSession(model, { provider, threads: 1, gpuOutputs: [ROOM] });
    return new GpuBuffers(config, new RuntimeSession(backend, session, device, [], ROOM));
  }

  /**
   * One buffer for the keys and one for the values of each layer, [1, heads, capacity, head size]: with the rows of `held` in
   * them, which stay the caller's, or with any numbers where there are none. `capacity` is the least that they have.
   * Throws HIGGS_RUNTIME_FAILED.
   */
  async take(capacity: number, held: readonly Tensor[]): Promise<readonly Tensor[]> {
    if (held.length === 0 && this.free.length > 0 && this.free[0]!.dims[2]! >= capacity) {
      const taken = this.free;
      this.free = [];
      return taken;
    }
    const { layers, keyValueHeads, headDim } = this.config;
    const empty = float32Tensor(new Float32Array(keyValueHeads * FIRST_CAPACITY * headDim), [
      1,
      keyValueHeads,
      FIRST_CAPACITY,
      headDim,
    ]);
    const made: Tensor[] = [];
    for (let at = 0; at < 2 * layers; at++) made.push(await this.withRoom(held[at] ?? empty, capacity));
    return made;
  }

  /** Nobody may use them any more. */
  giveBack(tensors: readonly Tensor[]): void {
    const capacityOf = (set: readonly Tensor[]): number => set[0]?.dims[2] ?? 0;
    const keepsThem = !this.closed && capacityOf(tensors) > capacityOf(this.free);
    for (const tensor of keepsThem ? this.free : tensors) tensor.dispose();
    if (keepsThem) this.free = tensors;
  }

  /** Those that are in use must have been given back. */
  async close(): Promise<void> {
    this.closed = true;
    this.giveBack(this.free);
    this.free = [];
    await this.session.close();
  }

  private async withRoom(rows: Tensor | TensorValue, capacity: number): Promise<Tensor> {
    const added = BigInt(capacity - rows.dims[2]!);
    const pads = int64Tensor(BigInt64Array.of(0n, 0n, 0n, 0n, 0n, 0n, added, 0n), [8]);
    const { [ROOM]: made } = await this.session.run({ rows, pads });
    return made!;
  }
}
