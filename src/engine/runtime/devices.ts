/** Which device runs a model: those that really compute are told from those that are merely listed. */
import { existsSync, readdirSync } from 'node:fs';
import { HiggsError } from '../errors.js';
import { rememberedCheck, type DeviceSettings } from '../device-settings.js';
import { onnxModelBytes } from '../export/onnx-writer.js';
import type { Device } from '../options.js';
import { loadBackend, loadWasm, type Backend, type Provider } from './backend.js';

/**
 * Devices beside the CPU, in the order of `auto` where no check is remembered. WebGPU keeps keys and values on the card; from
 * Node.js CUDA cannot, so they cross the bus at each step (docs/gpu.md).
 */
export const ACCELERATORS = ['webgpu', 'cuda', 'dml', 'coreml'] as const;
export type Accelerator = (typeof ACCELERATORS)[number];

/** With fewer bytes of weights a step is done on a CPU before a GPU's kernels are even launched. */
const LEAST_BYTES_FOR_AUTO = 200e6;

/** The probe multiplies a [PROBE_ROWS, PROBE_SIZE] matrix PROBE_STEPS times: some 270 million operations. */
const PROBE_ROWS = 16;
const PROBE_SIZE = 1024;
const PROBE_STEPS = 8;
/** Relative to the largest value; TF32 and half-precision accumulation stay below it, a broken driver does not. */
const PROBE_TOLERANCE = 0.01;

/** What a device can do, as far as the rest of this room has to know. */
export interface DeviceCapabilities extends DeviceSettings {
  /** Where keys and values live between steps: in arrays of this process, or on the device. */
  readonly keysAndValues: 'memory' | 'device';
  /** They may be kept in 8 bits where weights are rounded too. */
  readonly eightBitKeysAndValues: boolean;
  /** Steps of several sequences can be one run. */
  readonly joinsSequences: boolean;
}

/** Devices to which the session copies keys and values at each step. */
const FROM_MEMORY: DeviceCapabilities = {
  keysAndValues: 'memory',
  eightBitKeysAndValues: false,
  graphs: 'one',
  buffers: 'new',
  longestRunPositions: Infinity,
  joinsSequences: true,
};

export const CAPABILITIES: Readonly<Record<Exclude<Device, 'auto'>, DeviceCapabilities>> = {
  cpu: { ...FROM_MEMORY, eightBitKeysAndValues: true },
  wasm: FROM_MEMORY,
  cuda: FROM_MEMORY,
  dml: FROM_MEMORY,
  coreml: FROM_MEMORY,
  webgpu: {
    keysAndValues: 'device',
    eightBitKeysAndValues: false,
    graphs: 'one',
    buffers: 'new',
    // Attention over 32 or more new positions takes a kernel that gives wrong results on adapters with small subgroups
    // (onnxruntime 1.30, SwiftShader), and nothing tells before. Shorter runs take the exact one.
    longestRunPositions: 31,
    joinsSequences: false,
  },
};

/** What a device can do, used as `settings` say where it is one that has a choice. */
export function capabilitiesOf(
  device: Exclude<Device, 'auto'>,
  settings: Partial<DeviceSettings> = {},
): DeviceCapabilities {
  const capabilities = CAPABILITIES[device];
  return capabilities.keysAndValues === 'device' ? { ...capabilities, ...settings } : capabilities;
}

/** What `higgs-tts gpu-check` found here, as far as it holds for this onnxruntime. */
export interface DeviceMemory {
  /** What `auto` takes for a large model. */
  readonly auto?: Exclude<Device, 'auto'> | undefined;
  readonly settings: Readonly<Partial<Record<Device, DeviceSettings>>>;
}

const NO_MEMORY: DeviceMemory = { settings: {} };

/** Nothing where no check was made, or where another release of onnxruntime was checked. Throws the system's errors. */
export async function deviceMemory(cacheDir: string): Promise<DeviceMemory> {
  const check = await rememberedCheck(cacheDir);
  const { backend } = await loadBackend();
  if (check === undefined || check.onnxruntime !== backend.version) return NO_MEMORY;
  const known = check.devices.flatMap(({ device, settings }) => (settings ? [[device, settings] as const] : []));
  return { auto: check.auto, settings: Object.fromEntries(known) };
}

/** Where a model is going to run. */
export interface ChosenDevice {
  readonly backend: Backend;
  readonly device: Exclude<Device, 'auto'>;
  readonly provider: Provider;
  readonly warnings: readonly string[];
}

/**
 * Settles where a model of `weightBytes` runs. `auto` takes what is `remembered`, else the first accelerator that computes right
 * and faster than the CPU; it asks none for a small model. A device asked for by name must compute right.
 * Throws HIGGS_DEVICE_UNAVAILABLE with the reason as its cause.
 */
export async function chooseDevice(
  wanted: Device,
  weightBytes: number,
  remembered?: DeviceMemory['auto'],
): Promise<ChosenDevice> {
  if (wanted === 'wasm') return { backend: await loadWasm(), device: 'wasm', provider: 'cpu', warnings: [] };
  const { backend, warnings } = await loadBackend();
  const onCpu: ChosenDevice = { backend, device: backend.kind === 'wasm' ? 'wasm' : 'cpu', provider: 'cpu', warnings };
  if (wanted === 'cpu') return onCpu;
  if (wanted === 'auto') {
    if (weightBytes < LEAST_BYTES_FOR_AUTO) return onCpu;
    if (remembered === 'cpu' || remembered === 'wasm') return onCpu;
    const isUsable = remembered !== undefined && (await failureOf(backend, remembered)) === undefined;
    const best = isUsable ? remembered : await firstFasterThanCpu(backend);
    return best === undefined ? onCpu : { backend, device: best, provider: best, warnings };
  }
  const failure = await failureOf(backend, wanted);
  if (failure !== undefined) {
    const what = `The device "${wanted}" cannot be used here.`;
    throw new HiggsError('HIGGS_DEVICE_UNAVAILABLE', what, { cause: failure });
  }
  return { backend, device: wanted, provider: wanted, warnings };
}

/** Why it cannot be used, or undefined. */
async function failureOf(backend: Backend, accelerator: Accelerator): Promise<unknown> {
  if (backend.providers.includes(accelerator)) return (await probe(backend, accelerator)).failure;
  return new Error(`this build of onnxruntime has: ${backend.providers.join(', ')}`);
}

async function firstFasterThanCpu(backend: Backend): Promise<Accelerator | undefined> {
  for (const accelerator of ACCELERATORS) {
    // A software adapter (SwiftShader) computes right, but slower than the CPU does by itself.
    if (!backend.providers.includes(accelerator) || !mayHaveHardware(accelerator)) continue;
    const found = await probe(backend, accelerator);
    if (found.failure === undefined && found.milliseconds < (await probe(backend, 'cpu')).milliseconds) {
      return accelerator;
    }
  }
  return undefined;
}

/** Rules out what needs no try: on Linux a GPU shows as a device file. */
export function mayHaveHardware(accelerator: Accelerator): boolean {
  if (process.platform !== 'linux') return true;
  if (accelerator === 'cuda') return existsSync('/dev/nvidiactl') || existsSync('/dev/dxg');
  if (existsSync('/dev/nvidiactl') || existsSync('/dev/dxg')) return true;
  return existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
}

interface ProbeResult {
  /** Of a second run, for the first one compiles kernels. */
  readonly milliseconds: number;
  readonly failure?: unknown;
}

const probes = new Map<string, Promise<ProbeResult>>();

/** Runs matrix products on a provider and compares the result with the CPU's; once for each provider. */
function probe(backend: Backend, provider: Provider): Promise<ProbeResult> {
  const key = `${backend.kind} ${provider}`;
  const known = probes.get(key);
  if (known !== undefined) return known;
  const result = runProbe(backend, provider).then(
    async ({ milliseconds, values }) => {
      if (provider === 'cpu') return { milliseconds };
      const { values: expected } = await runProbe(backend, 'cpu');
      const off = largestDifference(values, expected);
      if (off < PROBE_TOLERANCE) return { milliseconds };
      return { milliseconds, failure: new Error(`its results are off by ${off} of the largest value`) };
    },
    (failure: unknown) => ({ milliseconds: Infinity, failure }),
  );
  probes.set(key, result);
  return result;
}

async function runProbe(backend: Backend, provider: Provider): Promise<{ milliseconds: number; values: Float32Array }> {
  const model = await onnxModelBytes('probe', (graph) => {
    let product = graph.input('rows', 'float32', [PROBE_ROWS, PROBE_SIZE]);
    const matrix = graph.input('matrix', 'float32', [PROBE_SIZE, PROBE_SIZE]);
    for (let step = 0; step < PROBE_STEPS; step++) product = graph.node('MatMul', [product, matrix]);
    graph.output('product', 'float32', [PROBE_ROWS, PROBE_SIZE], product);
  });
  const session = await backend.createSession(model, { provider, threads: 0 });
  try {
    // Columns that keep the products' size: each output is a sum of PROBE_SIZE terms of mixed signs.
    const scale = Math.sqrt(3 / PROBE_SIZE);
    const wave = (length: number, pitch: number, height: number): Float32Array =>
      Float32Array.from({ length }, (_, i) => height * Math.sin(i * i * pitch));
    const feeds = {
      rows: new backend.Tensor('float32', wave(PROBE_ROWS * PROBE_SIZE, 0.7, 1), [PROBE_ROWS, PROBE_SIZE]),
      matrix: new backend.Tensor('float32', wave(PROBE_SIZE ** 2, 1.3, scale), [PROBE_SIZE, PROBE_SIZE]),
    };
    const { product } = await session.run(feeds);
    const start = performance.now();
    await session.run(feeds);
    return { milliseconds: performance.now() - start, values: product!.data as Float32Array };
  } finally {
    await session.release();
  }
}

/** The largest difference, as a share of the largest expected value; NaN counts as infinite. */
function largestDifference(values: Float32Array, expected: Float32Array): number {
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(values[i]! - expected[i]!);
    if (!(off <= difference)) difference = Number.isNaN(off) ? Infinity : off;
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return difference / largest;
}
