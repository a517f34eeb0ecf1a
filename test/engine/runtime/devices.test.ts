/** Devices beside the CPU, each in a process of its own: a native abort there is a failed test here, not the end. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { skipBecause } from '../../helpers/programs.js';
import { missingWebgpu, webgpuEnvironment } from '../../helpers/webgpu.js';
import type * as Frames from '../../../src/engine/frames/index.js';
import type { Device } from '../../../src/engine/options.js';
import type * as Prompts from '../../../src/engine/prompt/index.js';
import type * as Runtime from '../../../src/engine/runtime/index.js';

const ROOT = path.join(__dirname, '../../..');
const BUILT = path.join(ROOT, 'dist/src/engine');
const EMBEDDED = path.join(ROOT, 'models/embedded/model');
/** A software adapter takes about half a second a step. */
const WEBGPU_TIMEOUT_MS = 300_000;
const FRAMES = 10;

interface Spoken {
  readonly device: Device;
  readonly warnings: readonly string[];
  /** Delayed rows. */
  readonly codes: readonly number[][];
}
interface Refused {
  readonly code: string;
  readonly message: string;
  readonly cause: string;
}

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'higgs-devices-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/**
 * Speaks one sentence greedily with the embedded voice in float32. Its text is what another process runs, so it takes
 * all it needs from its arguments.
 */
async function speakGreedily(
  require: NodeJS.Require,
  built: string,
  modelDir: string,
  cacheDir: string,
  device: Device,
  frames: number,
): Promise<Spoken> {
  const { generateFrames } = require(`${built}/frames/index.js`) as typeof Frames;
  const { buildPrompt, composeConversation, openTokenizer } = require(`${built}/prompt/index.js`) as typeof Prompts;
  const { openLanguageModel } = require(`${built}/runtime/index.js`) as typeof Runtime;
  const model = await openLanguageModel({ modelDir, cacheDir, device, bits: 32, threads: 0 });
  const conversation = composeConversation({ text: 'Dinner is ready.' });
  const prompt = buildPrompt(conversation, await openTokenizer(modelDir), model.config);
  const rule = { temperature: 0, topK: 1, topP: 1, rasWindowFrames: 0, rasLimit: 1 };
  const codes: number[][] = [];
  const rows = generateFrames({
    context: model.open(prompt.positionCount),
    prompt,
    shape: model.shape,
    rule,
    rng: () => 0,
    maxFrames: frames,
  });
  for await (const row of rows) codes.push([...row]);
  await model.close();
  return { device: model.device, warnings: model.warnings, codes };
}

async function speak(
  device: Device,
  { args = [], env = {} }: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<Spoken | Refused> {
  const values = [BUILT, EMBEDDED, path.join(dir, 'cache'), device, FRAMES];
  const script = `
    (${speakGreedily.toString()})(require, ...${JSON.stringify(values)}).then(
      (spoken) => (process.stdout.write(JSON.stringify(spoken), () => process.exit(0))),
      ({ code, message, cause }) => process.stdout.write(JSON.stringify({ code, message, cause: String(cause) }), () => process.exit(0)),
    );`;
  const child = spawn(process.execPath, [...args, '-e', script], { env: { ...process.env, ...env } });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const ended = await new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(String(signal ?? code)));
  });
  if (ended !== '0') throw new Error(`The process ended with ${ended}: ${errors.slice(-2000)}`);
  return JSON.parse(output) as Spoken | Refused;
}

let onCpu: Spoken;
beforeAll(async () => {
  onCpu = (await speak('cpu')) as Spoken;
});

test('on the CPU the sentence goes on beyond the opening rows', () => {
  expect(onCpu).toMatchObject({ device: 'cpu', warnings: [] });
  expect(onCpu.codes.length).toBeGreaterThan(FRAMES);
});

test('auto runs a small model on the CPU: nothing is faster there', async () => {
  expect(await speak('auto', { env: webgpuEnvironment() })).toEqual(onCpu);
});

test('auto takes no software adapter for a large model', () => {
  const script = `
    const { chooseDevice } = require(${JSON.stringify(`${BUILT}/runtime/devices.js`)});
    chooseDevice('auto', 10e9).then(({ device }) => process.stdout.write(device, () => process.exit(0)));`;
  const found = execFileSync(process.execPath, ['-e', script], {
    env: { ...process.env, ...webgpuEnvironment() },
  });
  expect(found.toString()).not.toBe('webgpu');
});

test('on WASM the greedy frames are the CPU’s', async () => {
  expect(await speak('wasm')).toEqual({ ...onCpu, device: 'wasm' });
});

test('where the native library does not load, WASM is taken with a warning that says so', async () => {
  const preload = path.join(dir, 'break-native.cjs');
  // What a system without a matching binary does, on musl for one.
  writeFileSync(
    preload,
    `const dlopen = process.dlopen;
     process.dlopen = (module, filename, ...rest) => {
       if (filename.includes('onnxruntime_binding')) throw new Error(filename + ': cannot open shared object file');
       return dlopen(module, filename, ...rest);
     };`,
  );
  const args = ['--require', preload];
  const found = (await speak('auto', { args })) as Spoken;
  expect(found).toMatchObject({ device: 'wasm', codes: onCpu.codes });
  expect(found.warnings).toEqual([expect.stringMatching(/native library does not load.*cannot open.*WASM/)]);
  expect(await speak('cuda', { args })).toMatchObject({ code: 'HIGGS_DEVICE_UNAVAILABLE' });
});

test('a device that this machine lacks is HIGGS_DEVICE_UNAVAILABLE, with the reason', async () => {
  const absent = process.platform === 'darwin' ? 'dml' : 'coreml';
  const refused = (await speak(absent)) as Refused;
  expect(refused).toMatchObject({
    code: 'HIGGS_DEVICE_UNAVAILABLE',
    message: expect.stringContaining(absent) as unknown,
  });
  expect(refused.cause).toMatch(/build of onnxruntime/);
});

test(
  'on WebGPU the greedy frames are the CPU’s',
  async (context) => {
    const found = await speak('webgpu', { env: webgpuEnvironment() });
    const missing =
      'code' in found && found.code === 'HIGGS_DEVICE_UNAVAILABLE' ? missingWebgpu(found.cause) : undefined;
    if (missing !== undefined) skipBecause(context, missing);
    expect(found).toEqual({ ...onCpu, device: 'webgpu' });
  },
  WEBGPU_TIMEOUT_MS,
);
