/** How fast this machine reads memory: what bounds a step of a large model, whose weights are read once for each. */
import { onnxModelBytes } from '../export/onnx-writer.js';
import { loadBackend } from './backend.js';

const ROWS = 2048;
/** Fewer may lie in a cache, which large machines have of half a gigabyte. */
const LEAST_BYTES = 2 ** 29;
/** A full period of 2^32 numbers: no two pages are alike, which a virtual machine's host might keep as one. */
const FACTOR = 1_664_525;
const STEP = 1_013_904_223;

/** Measures again at each call. */
export interface BandwidthMeter {
  /** Bytes a second, read by `threads` threads in a product of a vector with a matrix of float32. */
  measure(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Reads at least `byteLength` bytes at a time, for what a machine keeps in its caches depends on how much it has to read.
 * `threads` 0: as many as there are physical cores. Throws what onnxruntime throws.
 */
export async function openBandwidthMeter(threads: number, byteLength: number): Promise<BandwidthMeter> {
  const columns = Math.ceil(Math.max(byteLength, LEAST_BYTES) / (ROWS * Float32Array.BYTES_PER_ELEMENT));
  const model = await onnxModelBytes('bandwidth', (graph) => {
    const vector = graph.input('vector', 'float32', [1, ROWS]);
    const matrix = graph.input('matrix', 'float32', [ROWS, columns]);
    graph.output('product', 'float32', [1, columns], graph.node('MatMul', [vector, matrix]));
  });
  const { backend } = await loadBackend();
  const session = await backend.createSession(model, { provider: 'cpu', threads, spin: true });
  const matrix = new Float32Array(ROWS * columns);
  for (let i = 0, random = 1; i < matrix.length; i++) {
    matrix[i] = random;
    random = (Math.imul(random, FACTOR) + STEP) | 0;
  }
  const feeds = {
    vector: new backend.Tensor('float32', new Float32Array(ROWS).fill(1), [1, ROWS]),
    matrix: new backend.Tensor('float32', matrix, [ROWS, columns]),
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
