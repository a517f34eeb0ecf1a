/** How a GPU is used, and what is remembered of it. Devices run in processes of their own, for a native abort ends a process. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import {
  checkFile,
  CHECK_VERSION,
  rememberCheck,
  rememberedCheck,
  type DeviceSettings,
  type RememberedCheck,
} from '../../../src/engine/device-settings.js';
import type * as Runtime from '../../../src/engine/runtime/index.js';
import type * as Devices from '../../../src/engine/runtime/devices.js';
import { ROOT, SMALL_MODEL, temporaryFolder } from '../../helpers/folders.js';
import { skipBecause } from '../../helpers/programs.js';
import { missingWebgpu, webgpuEnvironment } from '../../helpers/webgpu.js';

const BUILT = path.join(ROOT, 'dist', 'src', 'engine', 'runtime');
/** A software adapter takes up to half a second a run. */
const WEBGPU_TIMEOUT_MS = 300_000;
const TOLERANCE = 1e-4;

interface Plan {
  readonly device: 'cpu' | 'webgpu';
  readonly settings?: DeviceSettings;
}

/** Scores of one sequence after another, each fed all runs; what another process runs, so it takes all from its arguments. */
async function scoresOf(
  require: NodeJS.Require,
  built: string,
  modelDir: string,
  cacheDir: string,
  plans: readonly Plan[],
): Promise<number[][]> {
  const { openLanguageModel } = require(`${built}/index.js`) as typeof Runtime;
  const all: number[][] = [];
  for (const { device, settings } of plans) {
    const options = { modelDir, cacheDir, bits: 32, threads: 1 } as const;
    const model = await openLanguageModel({ ...options, device, deviceSettings: settings });
    const { numCodebooks } = model.shape;
    const audio = (frameCount: number, first: number) => {
      const codes = Int32Array.from({ length: frameCount * numCodebooks }, (_, at) => (at * 7 + first) % 60);
      return { kind: 'audio', frames: { numCodebooks, frameCount, codes } } as const;
    };
    const text = (length: number) =>
      ({ kind: 'text', ids: Int32Array.from({ length }, (_, at) => (at * 31) % 400) }) as const;
    const scores: number[] = [];
    // The second sequence is given the buffers of the first, and grows beyond the room that it expected.
    for (const runs of [
      [text(33), audio(2, 5), audio(1, 9)],
      [text(3), audio(1, 3), text(126), audio(1, 4)],
    ]) {
      const context = model.open(8);
      for (const run of runs) scores.push(...(await context.feed(run)));
      context.close();
    }
    all.push(scores);
    await model.close();
  }
  return all;
}

function inProcess(script: string): { readonly out: string; readonly errors: string; readonly status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script], {
    env: { ...process.env, ...webgpuEnvironment() },
    encoding: 'utf8',
  });
  return { out: stdout, errors: stderr, status };
}

test(
  'on WebGPU one graph or two, with new buffers or the same ones, give the CPU’s scores',
  (context) => {
    const settings = { longestRunPositions: 31 };
    const plans: Plan[] = [
      { device: 'cpu' },
      { device: 'webgpu', settings: { ...settings, graphs: 'two', buffers: 'same' } },
      { device: 'webgpu', settings: { ...settings, graphs: 'one', buffers: 'same' } },
      { device: 'webgpu', settings: { ...settings, graphs: 'two', buffers: 'new' } },
    ];
    const values = [BUILT, path.join(SMALL_MODEL, 'model'), temporaryFolder(), plans];
    const { out, errors, status } = inProcess(`
      (${scoresOf.toString()})(require, ...${JSON.stringify(values)}).then(
        (scores) => process.stdout.write(JSON.stringify(scores), () => process.exit(0)),
        (error) => { console.error(String(error.cause ?? error)); process.exit(1); });`);
    const missing = missingWebgpu(errors);
    if (status !== 0 && missing !== undefined) skipBecause(context, missing);
    expect(status, errors).toBe(0);
    const [onCpu, ...others] = JSON.parse(out) as number[][];
    expect(others).toHaveLength(3);
    for (const scores of others) {
      expect(scores).toHaveLength(onCpu!.length);
      const off = Math.max(...scores.map((score, at) => Math.abs(score - onCpu![at]!)));
      expect(off).toBeLessThan(TOLERANCE);
    }
  },
  WEBGPU_TIMEOUT_MS,
);

const CHECK: RememberedCheck = {
  version: CHECK_VERSION,
  onnxruntime: '1.30.0',
  checkedAt: '2026-01-01T00:00:00.000Z',
  model: 'published shapes',
  auto: 'cpu',
  devices: [
    { device: 'webgpu', name: 'a card', settings: { graphs: 'two', buffers: 'same', longestRunPositions: 128 } },
    { device: 'cuda', name: 'a card', failure: 'libonnxruntime_providers_cuda.so is not there' },
  ],
};

// What this machine's owner checked is none of a test's business.
vi.stubEnv('HIGGS_CACHE_DIR', temporaryFolder());

test('a check of the platform’s cache folder counts where an engine has another one without a check', async () => {
  const shared = temporaryFolder();
  vi.stubEnv('HIGGS_CACHE_DIR', shared);
  const own = temporaryFolder();
  await rememberCheck(shared, CHECK);
  expect(await rememberedCheck(own)).toEqual(CHECK);
  await rememberCheck(own, { ...CHECK, auto: 'webgpu' });
  expect(await rememberedCheck(own)).toMatchObject({ auto: 'webgpu' });
  vi.stubEnv('HIGGS_CACHE_DIR', temporaryFolder());
});

test('a check is remembered as it was, and what is no check counts as none', async () => {
  const cacheDir = path.join(temporaryFolder(), 'new');
  expect(await rememberedCheck(cacheDir)).toBeUndefined();
  await rememberCheck(cacheDir, CHECK);
  expect(await rememberedCheck(cacheDir)).toEqual(CHECK);
  for (const text of ['{', 'null', '[]', JSON.stringify({ ...CHECK, version: 99 }), JSON.stringify({ version: 1 })]) {
    writeFileSync(checkFile(cacheDir), text);
    expect(await rememberedCheck(cacheDir)).toBeUndefined();
  }
});

/** What the runtime makes of a remembered check; then what `auto` takes for a large model by it. */
function remembered(check: RememberedCheck): { readonly memory: Devices.DeviceMemory; readonly device: string } {
  const cacheDir = temporaryFolder();
  writeFileSync(checkFile(cacheDir), JSON.stringify(check));
  const { out, errors } = inProcess(`
    const { chooseDevice, deviceMemory } = require(${JSON.stringify(`${BUILT}/devices.js`)});
    (async () => {
      const memory = await deviceMemory(${JSON.stringify(cacheDir)});
      const { device } = await chooseDevice('auto', 10e9, memory.auto);
      process.stdout.write(JSON.stringify({ memory, device }), () => process.exit(0));
    })();`);
  expect(out, errors).not.toBe('');
  return JSON.parse(out) as ReturnType<typeof remembered>;
}

test('auto takes what was found best, and devices are used as it was found best', () => {
  const { memory, device } = remembered(CHECK);
  expect(memory).toEqual({ auto: 'cpu', settings: { webgpu: CHECK.devices[0]!.settings } });
  expect(device).toBe('cpu');
});

test('a check of another onnxruntime counts as none', () => {
  expect(remembered({ ...CHECK, onnxruntime: '1.0.0' }).memory).toEqual({ settings: {} });
});

test('auto takes a remembered device only where it can still be used', () => {
  const absent = process.platform === 'darwin' ? 'dml' : 'coreml';
  expect(remembered({ ...CHECK, auto: absent }).device).not.toBe(absent);
});

test(
  'auto takes a remembered WebGPU device, a software adapter too',
  (context) => {
    const { out, errors } = inProcess(`
      const { chooseDevice } = require(${JSON.stringify(`${BUILT}/devices.js`)});
      const tell = (what) => process.stdout.write(String(what), () => process.exit(0));
      chooseDevice('webgpu', 10e9).then(
        async () => tell((await chooseDevice('auto', 10e9, 'webgpu')).device),
        (error) => tell(error.cause),
      );`);
    const missing = missingWebgpu(out);
    if (missing !== undefined) skipBecause(context, missing);
    expect(out, errors).toBe('webgpu');
  },
  WEBGPU_TIMEOUT_MS,
);
