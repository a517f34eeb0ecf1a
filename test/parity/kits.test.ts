/** The whole path of the engine on the reference kits, and on kits that say something else than the reference does. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkKit } from '../../scripts/parity/check-kit.js';
import { peakOf, type Finding } from '../../scripts/parity/findings.js';
import { readKit, type KitExpectations } from '../../scripts/parity/kit.js';
import { KITS, KITS_DIR, loadKit } from '../helpers/kit.js';

/** Every sort of result that a kit holds. */
const SORTS = [
  'texts',
  'prompts',
  'prompt ids',
  'delayed reference codes',
  'lengths',
  'resampling',
  'semantic features',
  'codes',
  'decoded sound',
  'random codes’ sound',
  'prefill logits',
  'step logits',
  'greedy frames',
  'greedy text tokens',
  'greedy repetitions',
  'greedy final sound',
  'closing frames',
  'closing text tokens',
  'closing repetitions',
  'closing final sound',
  'probabilities',
  'delay patterns',
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'higgs-parity-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const failuresOf = (findings: readonly Finding[]): Finding[] => findings.filter(({ ok }) => !ok);

test.each(KITS)('%s: all that the engine gives is what the reference gives', async (name) => {
  const findings = await checkKit(loadKit(name));
  expect(failuresOf(findings)).toEqual([]);
  expect(new Set(findings.map(({ what }) => what))).toEqual(
    new Set(name === 'wide-heads' ? ['rotary frequencies', ...SORTS] : SORTS),
  );
});

/** A copy of the kit `small` in which something was changed. */
function changedKit(change: { json?: (expected: KitExpectations) => unknown; tensor?: [string, number] }): string {
  const dir = mkdtempSync(path.join(folder, 'changed-'));
  const { dir: from, modelDir, codecDir } = loadKit('small');
  for (const file of ['expected.json', 'expected.safetensors']) cpSync(path.join(from, file), path.join(dir, file));
  symlinkSync(modelDir, path.join(dir, 'model'));
  symlinkSync(codecDir, path.join(dir, 'codec'));
  if (change.json !== undefined) {
    const file = path.join(dir, 'expected.json');
    const expected = JSON.parse(readFileSync(file, 'utf8')) as KitExpectations;
    change.json(expected);
    writeFileSync(file, JSON.stringify(expected));
  }
  if (change.tensor !== undefined) alterNumber(path.join(dir, 'expected.safetensors'), ...change.tensor);
  return dir;
}

/** Floats move by a hundredth of what is usual there, whole numbers to another one in range. */
function alterNumber(file: string, tensor: string, at: number): void {
  const bytes = readFileSync(file);
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes)) as Record<
    string,
    { dtype: string; data_offsets: [number, number] }
  >;
  const { dtype, data_offsets: offsets } = header[tensor]!;
  const [begin, end] = [8 + headerBytes + offsets[0], 8 + headerBytes + offsets[1]];
  const index = at < 0 ? (end - begin) / (dtype === 'F32' ? 4 : 8) + at : at;
  if (dtype === 'F32') {
    const peak = peakOf(new Float32Array(new Uint8Array(bytes.subarray(begin, end)).buffer));
    bytes.writeFloatLE(bytes.readFloatLE(begin + 4 * index) + 0.01 * Math.max(1, peak), begin + 4 * index);
  } else {
    const value = bytes.readBigInt64LE(begin + 8 * index);
    bytes.writeBigInt64LE(value > 0n ? value - 1n : 1n, begin + 8 * index);
  }
  writeFileSync(file, bytes);
}

test.each<[sort: string, Parameters<typeof changedKit>[0]]>([
  ['texts', { json: ({ texts }) => texts[2]!.ids[3]!++ }],
  ['prompts', { json: ({ conversations }) => (conversations.scene!.text += ' ') }],
  ['prompt ids', { tensor: ['plain.input_ids', 4] }],
  ['delayed reference codes', { tensor: ['clone.audio_input_ids', 90] }],
  ['delayed reference codes', { tensor: ['clone.audio_input_ids', -1] }],
  ['lengths', { json: ({ codec }) => codec[3]!.decoded_samples++ }],
  ['resampling', { tensor: ['codec.1.resampled', 700] }],
  ['semantic features', { tensor: ['codec.2.semantic', 100] }],
  ['codes', { tensor: ['codec.4.codes', 33] }],
  ['decoded sound', { tensor: ['codec.0.decoded', 12] }],
  ['random codes’ sound', { tensor: ['codec.random.decoded', -1] }],
  ['prefill logits', { tensor: ['two-turns.prefill_logits', 0] }],
  ['step logits', { tensor: ['smart-voices.step_logits', -1] }],
  ['greedy frames', { tensor: ['plain.greedy_frames', -1] }],
  ['greedy text tokens', { tensor: ['plain.greedy_tokens', 5] }],
  ['greedy final sound', { tensor: ['two-voices-in-scene.audio', 4000] }],
  ['closing frames', { tensor: ['closing.frames', -1] }],
  ['closing frames', { json: ({ closing }) => closing.pushed_step-- }],
  ['closing text tokens', { tensor: ['closing.tokens', -2] }],
  ['closing final sound', { tensor: ['closing.audio', 0] }],
  ['probabilities', { tensor: ['sampling.1.probs', 8] }],
  ['delay patterns', { tensor: ['delay.built', 0] }],
])('one wrong number among the %s is found', async (sort, change) => {
  const failures = failuresOf(await checkKit(readKit(changedKit(change))));
  expect(failures.map(({ what }) => what)).toContain(sort);
});

describe('npm run parity', () => {
  const script = path.join(__dirname, '..', '..', 'dist', 'scripts', 'parity.js');

  const run = (...args: string[]): Promise<{ status: number; output: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [script, ...args], (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });

  test('takes a folder of kits, passes over files, and ends with 0 where all agree', async () => {
    const { status, output } = await run(KITS_DIR, path.join(KITS_DIR, '..', 'tokenizer', 'README.md'));
    expect(output).toMatch(/^3 kits: all ok$/m);
    expect(output).toMatch(/^step logits .*e-\d .*1e-3 +ok$/m);
    expect(status).toBe(0);
  });

  test('ends with 1 and names the place where something does not', async () => {
    const { status, output } = await run(changedKit({ tensor: ['scene.greedy_tokens', 7] }));
    expect(output).toMatch(/^greedy text tokens +scene +at 7: \d+ for \d+ +equal +FAILED$/m);
    expect(status).toBe(1);
  });

  test('ends with 1 where a kit lacks a result, or its checkpoint cannot be opened', async () => {
    const lacking = changedKit({
      json: ({ conversations }) => Object.assign(conversations, { other: conversations.plain }),
    });
    expect((await run(lacking)).output).toMatch(/has no tensor "other.input_ids".*FAILED/);
    const broken = changedKit({});
    rmSync(path.join(broken, 'model'));
    cpSync(loadKit('small').codecDir, path.join(broken, 'model'), { recursive: true });
    expect(await run(broken)).toMatchObject({
      status: 1,
      output: expect.stringMatching(/opening the checkpoints/) as string,
    });
  });

  test.each([
    ['no folder', []],
    ['a folder that is no kit and holds none', [path.join(KITS_DIR, 'small', 'model')]],
    ['a folder that is not there', [path.join(KITS_DIR, 'large')]],
  ])('ends with 2 for %s', async (_name, args) => {
    expect((await run(...args)).status).toBe(2);
  });

  test('ends with 2 for a kit whose expectations are damaged', async () => {
    const dir = changedKit({});
    writeFileSync(path.join(dir, 'expected.json'), '{');
    expect((await run(dir)).status).toBe(2);
  });
});
