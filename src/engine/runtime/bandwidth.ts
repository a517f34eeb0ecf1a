/** How fast this machine reads memory: what bounds a step of a large model, whose weights are read once for each. */
import { onnxModelBytes } from '../export/onnx-writer.js';
import { loadBackend } from './backend.js';

/** More than any cache that a machine gives one process, 0.5 GB in all. */
const ROWS = 2048;
const COLUMNS = 65_536;

/** Measures again at each call. */
export interface BandwidthMeter {
  /** Bytes a second, read by `threads` threads in a product of a vector with a matrix of float32. */
  measure(): Promise<number>;
  close(): Promise<void>;
}

/** `threads` 0: as many as there are physical cores. Throws what onnxruntime throws. */
export async function openBandwidthMeter(threads: number): Promise<BandwidthMeter> {
  const model = await onnxModelBytes('bandwidth', (graph) => {
    const vector = graph.input('vector', 'float32', [1, ROWS]);
    const matrix = graph.input('matrix', 'float32', [ROWS, COLUMNS]);
    graph.output('product', 'float32', [1, COLUMNS], graph.node('MatMul', [vector, matrix]));
  });
  const { backend } = await loadBackend();
  const session = await backend.createSession(model, { provider: 'cpu', threads, spin: true });
  // Filled, for pages that were never written to are all one page of zeros.
  const matrix = new Float32Array(ROWS * COLUMNS).fill(1);
  const feeds = {
    vector: new backend.Tensor('float32', new Float32Array(ROWS).fill(1), [1, ROWS]),
    matrix: new backend.Tensor('float32', matrix, [ROWS, COLUMNS]),
  };
  await session.run(feeds);
  return {
    measure: async () => {
      const begun = performance.now();
      await session.run(feeds);
      return (1000 * matrix.byteLength) / (performance.now() - begun);
    },
    close: () => session.release(),
  };
}
