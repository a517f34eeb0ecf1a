/** Every file that the engine keeps, cut, flipped, zeroed, emptied or removed: noticed, made anew, and told once. */
import { acquireEngine, type SpeakResult } from '@higgs-tts/node-red/engine';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { EMBEDDED_VOICES, SMALL_MODEL, temporaryFolder, until } from '../../engine-kit.js';

const WAYS: Readonly<Record<string, (file: string, bytes: Buffer) => void>> = {
  cut: (file, bytes) => fs.truncateSync(file, Math.floor(bytes.length / 2)),
  flipped: (file, bytes) => {
    const flipped = Buffer.from(bytes);
    flipped[Math.floor(flipped.length / 2)]! ^= 0x40;
    fs.writeFileSync(file, flipped);
  },
  zeroed: (file, bytes) => {
    const { atime, mtime } = fs.statSync(file);
    fs.writeFileSync(file, Buffer.alloc(bytes.length));
    // As a power cut may leave it: the right length, the right time.
    fs.utimesSync(file, atime, mtime);
  },
  emptied: (file) => fs.writeFileSync(file, ''),
  removed: (file) => fs.rmSync(file),
};

/** A clip, so that codes and a prefix are kept too. */
const VOICE = {
  kind: 'clip',
  clip: path.join(EMBEDDED_VOICES, 'mia.wav'),
  transcript: 'These are the words.',
} as const;

interface Spoken {
  readonly result: SpeakResult;
  readonly warnings: readonly string[];
}

/** As a new process would: whatever was kept in memory is gone with the engine. */
async function speakAnew(cacheDir: string, speechCacheMegabytes = 0): Promise<Spoken> {
  const options = { model: SMALL_MODEL, cacheDir, dataDir: cacheDir, threads: 1, speechCacheMegabytes };
  const { engine, release } = acquireEngine(options);
  try {
    const result = await engine.speak({ text: 'Hello.', voice: VOICE, maxSeconds: 0.4, seed: 1 });
    // Nobody waits for the prefix to be on the disk.
    await until(() => filesIn(path.join(cacheDir, 'prefixes')).every((file) => file.endsWith('.kv')));
    return { result, warnings: engine.info().warnings };
  } finally {
    await release();
  }
}

function filesIn(dir: string): string[] {
  return fs
    .readdirSync(fs.existsSync(dir) ? dir : temporaryFolder(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
    .sort();
}

describe('a cache folder', () => {
  let whole: string;
  let expected: Float32Array;
  beforeAll(async () => {
    whole = temporaryFolder();
    expected = (await speakAnew(whole)).result.samples;
  });

  test('has graphs, weights, tables, a manifest, scales, codes and a prefix', () => {
    const endings = new Set(filesIn(whole).map((file) => file.replace(/-[0-9a-f]{24}|[0-9a-f]{64}/g, '…')));
    expect([...endings].sort()).toEqual([
      'cache-scales…/scales.bin',
      'cache-scales…/seal.checked.json',
      'cache-scales…/seal.json',
      'clip-codes/….json',
      'codec…/decoder.onnx',
      'codec…/decoder.onnx.data',
      'codec…/encoder.onnx',
      'codec…/encoder.onnx.data',
      'codec…/seal.checked.json',
      'codec…/seal.json',
      'language-model…/audio-embedding.bin',
      'language-model…/language-model.cache8.onnx',
      'language-model…/language-model.gpu-audio.onnx',
      'language-model…/language-model.gpu-text.onnx',
      'language-model…/language-model.gpu.onnx',
      'language-model…/language-model.json',
      'language-model…/language-model.onnx',
      'language-model…/language-model.onnx.data',
      'language-model…/seal.checked.json',
      'language-model…/seal.json',
      'language-model…/text-embedding.bin',
      'prefixes/….kv',
    ]);
  });

  test('that is whole is used without a word, in place of a checkpoint that was read', async () => {
    const { result, warnings } = await speakAnew(whole);
    expect(result.samples).toEqual(expected);
    expect(warnings).toEqual([]);
  });

  /** Speaks from a copy of the folder in which `files` are damaged. */
  async function heal(files: readonly string[], way: string): Promise<Spoken & { readonly cacheDir: string }> {
    const cacheDir = temporaryFolder();
    fs.cpSync(whole, cacheDir, { recursive: true });
    for (const file of files) {
      const damaged = path.join(cacheDir, file);
      WAYS[way]!(damaged, fs.readFileSync(damaged));
    }
    return { ...(await speakAnew(cacheDir)), cacheDir };
  }

  test('with any one file zeroed heals: the same sound, told once', async () => {
    // Says only what was checked already; without it more is read.
    const files = filesIn(whole).filter((file) => !file.endsWith('seal.checked.json'));
    for (const file of files) {
      const { result, warnings, cacheDir } = await heal([file], 'zeroed');
      expect(result.samples, file).toEqual(expected);
      const place = path.join(cacheDir, file.split(path.sep)[0]!);
      expect(warnings, file).toEqual([expect.stringMatching(new RegExp(`${place}.* damaged.* (?:again|anew)\\.$`))]);
      expect(filesIn(cacheDir), file).toEqual(filesIn(whole));
    }
  }, 240_000);

  test.each(Object.keys(WAYS))('with all files %s heals, and is whole then', async (way) => {
    const { result, warnings, cacheDir } = await heal(filesIn(whole), way);
    expect(result.samples).toEqual(expected);
    // Three entries, the clip's codes and the prefix; what is not there was never kept.
    expect(warnings).toHaveLength(way === 'removed' ? 3 : 5);
    expect(await speakAnew(cacheDir)).toMatchObject({ result: { samples: expected }, warnings: [] });
    expect(filesIn(cacheDir)).toEqual(filesIn(whole));
  });

  test('whose entry is a file instead of a folder heals', async () => {
    const cacheDir = temporaryFolder();
    fs.cpSync(whole, cacheDir, { recursive: true });
    const entry = fs.readdirSync(cacheDir).find((name) => name.startsWith('codec-'))!;
    fs.rmSync(path.join(cacheDir, entry), { recursive: true });
    fs.writeFileSync(path.join(cacheDir, entry), 'no folder');
    const { result, warnings } = await speakAnew(cacheDir);
    expect(result.samples).toEqual(expected);
    expect(warnings.join()).toContain(entry);
  });

  test.each(['cut', 'zeroed'])('with kept speech that is %s speaks it anew', async (way) => {
    const cacheDir = temporaryFolder();
    fs.cpSync(whole, cacheDir, { recursive: true });
    await speakAnew(cacheDir, 10);
    const [take] = fs.readdirSync(path.join(cacheDir, 'speech'));
    const file = path.join(cacheDir, 'speech', take!);
    WAYS[way]!(file, fs.readFileSync(file));
    const { result, warnings } = await speakAnew(cacheDir, 10);
    expect(result).toMatchObject({ samples: expected, cached: false });
    expect(warnings.filter((warning) => warning.includes(file))).toHaveLength(1);
    expect((await speakAnew(cacheDir, 10)).result.cached).toBe(true);
  });
});
