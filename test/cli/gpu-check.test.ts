/** The whole check on a WebGPU device, which may be SwiftShader, with a small model; and what it says without a device. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { rememberedCheck } from '../../src/engine/device-settings.js';
import type { GpuCheckReport } from '../../src/gpu-check/index.js';
import { ROOT, SMALL_MODEL, temporaryFolder } from '../helpers/folders.js';
import { skipBecause } from '../helpers/programs.js';
import { missingWebgpu, webgpuEnvironment } from '../helpers/webgpu.js';

const MAIN = path.join(ROOT, 'dist', 'src', 'cli', 'main.js');
/** A software adapter takes a quarter of a second a run, on a busy machine more than half of one; the check ends by itself. */
const MINUTES = 15;
const TIMEOUT_MS = 2 * MINUTES * 60_000;

async function higgs(args: readonly string[]): Promise<{ readonly status: number | null; readonly out: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...webgpuEnvironment() } });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
  child.stderr.resume();
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, out };
}

test(
  'gpu-check tries, compares and measures a device, and the engine remembers what was found',
  async (context) => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'check.json');
    const { status, out } = await higgs([
      ...['gpu-check', '--model', SMALL_MODEL, '--device', 'webgpu'],
      ...['--minutes', String(MINUTES)],
      ...['--cache-dir', folder, '--json', file],
    ]);
    expect(status).toBe(0);
    const report = JSON.parse(fs.readFileSync(file, 'utf8')) as GpuCheckReport;
    const [webgpu] = report.devices;
    const missing = missingWebgpu(webgpu?.failure ?? '');
    if (missing !== undefined) skipBecause(context, missing);
    expect(webgpu!.traps.map(({ trap }) => trap)).toEqual(['read back', 'long runs', 'new buffers', 'graph capture']);
    const [first] = webgpu!.plans;
    expect(webgpu!.plans).toMatchObject([
      { settings: { graphs: 'one', buffers: 'new' }, frames: { right: true } },
      { settings: { graphs: 'two', buffers: 'same' }, frames: { right: true } },
      { settings: { graphs: 'one', buffers: 'same' }, frames: { right: true } },
    ]);
    expect(first!.frames.rows).toBeGreaterThan(3);
    const whats = first!.figures.map(({ what }) => what);
    expect(whats).toEqual(expect.arrayContaining(['loading, the first run included', 'prefill of 64 positions']));
    expect(out).toContain('| trap | here | what was seen |');
    expect(out).toContain('| times real time |');
    expect(report.cpu?.figures.length).toBeGreaterThan(0);
    const remembered = await rememberedCheck(folder);
    expect(remembered).toMatchObject({ checkedAt: report.checkedAt, devices: [{ device: 'webgpu' }] });
    // A small model says nothing of large ones.
    expect(remembered).not.toHaveProperty('auto');
    expect(remembered!.devices[0]!.settings).toBeDefined();
  },
  TIMEOUT_MS,
);

test('without a GPU gpu-check says what it would do, and remembers nothing', async ({ skip }) => {
  const folder = temporaryFolder();
  const drivers = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'].filter((place) => fs.existsSync(place));
  if (process.platform !== 'linux' || drivers.length > 0) {
    // No program is missing here, so this fails nowhere.
    skip('this machine may have a GPU');
  }
  const { status, out } = await higgs(['gpu-check', '--cache-dir', folder]);
  expect(status).toBe(0);
  expect(out).toMatch(/^No GPU shows on this machine/);
  expect(out).toContain('this command would');
  expect(await rememberedCheck(folder)).toBeUndefined();
});
