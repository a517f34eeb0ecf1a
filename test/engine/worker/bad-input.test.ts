import {
  encodeWav,
  REMEDIES,
  type SpeakRequest,
  type SpeechEngine,
  type VoiceSource,
} from '@higgs-tts/node-red/engine';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { EMBEDDED_VOICES, engineOpener, SMALL_MODEL, temporaryFolder } from '../../engine-kit.js';
import { skipBecause } from '../../helpers/programs.js';

const open = engineOpener({ model: SMALL_MODEL });
const engine = open();

/** What is asked after each bad request, by the same engine: it must be spoken. */
async function speakNext(asked: SpeechEngine): Promise<void> {
  const result = await asked.speak({ text: 'Hello.', maxSeconds: 0.4, seed: 1 });
  expect(result.durationSeconds).toBeGreaterThan(0);
}

/** Every file below `folder`. */
function filesBelow(folder: string): string[] {
  return fs.existsSync(folder) ? (fs.readdirSync(folder, { recursive: true }) as string[]) : [];
}

function tone(seconds: number, level = 0.3): Uint8Array {
  return encodeWav(Float32Array.from({ length: seconds * 24_000 }, (_, at) => level * Math.sin(at / 20)));
}

function cloned(clip: string | Uint8Array, transcript = 'What is said.'): SpeakRequest {
  return { text: 'Hello.', maxSeconds: 0.4, voice: { kind: 'clip', clip, transcript } };
}

describe('a request that cannot be spoken', () => {
  afterEach(() => speakNext(engine));

  test.each<[string, SpeakRequest, keyof typeof REMEDIES]>([
    ['an empty text', { text: '' }, 'HIGGS_TEXT_EMPTY'],
    ['a text of blanks alone', { text: ' \n\t ' }, 'HIGGS_TEXT_EMPTY'],
    ['a text far over the limit', { text: 'word '.repeat(10_000) }, 'HIGGS_TEXT_TOO_LONG'],
    ['an unknown voice', { text: 'Hi.', voice: { kind: 'named', name: 'nobody' } }, 'HIGGS_VOICE_UNKNOWN'],
    ['a clip without a transcript', cloned(tone(2), ''), 'HIGGS_VOICE_TRANSCRIPT_MISSING'],
    ['a clip that is silent', cloned(tone(2, 0)), 'HIGGS_CLIP_SILENT'],
    ['a clip that is too short', cloned(tone(0.9)), 'HIGGS_CLIP_TOO_SHORT'],
    ['a clip that is too long', cloned(tone(61)), 'HIGGS_CLIP_TOO_LONG'],
    ['a clip that is no audio', cloned(Buffer.from('This is no sound at all. '.repeat(100))), 'HIGGS_CLIP_UNREADABLE'],
    ['an empty clip', cloned(new Uint8Array(0)), 'HIGGS_CLIP_UNREADABLE'],
    ['a clip that is not there', cloned('/nowhere/clip.wav'), 'HIGGS_CLIP_UNREADABLE'],
    ['a clip that is a folder', cloned(EMBEDDED_VOICES), 'HIGGS_CLIP_UNREADABLE'],
    [
      'a bed that is no audio',
      { text: 'Hi.', music: { kind: 'bed', clip: Buffer.from('no music') } },
      'HIGGS_CLIP_UNREADABLE',
    ],
    ['a temperature out of range', { text: 'Hi.', temperature: -1 }, 'HIGGS_OPTION_INVALID'],
  ])('%s', async (_what, request, code) => {
    await expect(engine.speak(request)).rejects.toMatchObject({ code, remedy: REMEDIES[code] });
  });

  test('a prompt that fills the context that the engine may use', async () => {
    const voice: VoiceSource = { kind: 'clip', clip: tone(59), transcript: 'Long.' };
    const lines = [
      { speaker: 'A', text: 'Hello.' },
      { speaker: 'B', text: 'Hello.' },
    ];
    const request = { lines, voices: { A: voice, B: voice }, turns: 'together' } as const;
    const narrow = open({ contextPositions: 2048 });
    await expect(narrow.dialogue(request)).rejects.toMatchObject({ code: 'HIGGS_CONTEXT_FULL' });
  });
});

describe('a voice that cannot be registered', () => {
  const dataDir = temporaryFolder();
  const register = (clip: string | Uint8Array, name = 'New') =>
    open({ dataDir }).registerVoice({ name, source: { kind: 'clip', clip, transcript: 'Words.' } });

  test.each<[string, string | Uint8Array, string, string]>([
    ['for its clip is silent', tone(2, 0), 'New', 'HIGGS_CLIP_SILENT'],
    ['for its clip is too short', tone(0.5), 'New', 'HIGGS_CLIP_TOO_SHORT'],
    ['for its clip is no audio', Buffer.from('RIFF'), 'New', 'HIGGS_CLIP_UNREADABLE'],
    ['for its name is no name', tone(2), '../evil', 'HIGGS_VOICE_NAME_INVALID'],
    ['for its name is an embedded voice’s', tone(2), 'Ella', 'HIGGS_VOICE_EXISTS'],
  ])('%s, leaves nothing behind', async (_what, clip, name, code) => {
    await expect(register(clip, name)).rejects.toMatchObject({ code });
    expect(filesBelow(dataDir)).toEqual([]);
  });
});

describe('a checkpoint that cannot be loaded', () => {
  /** A copy of the small model that may be broken. */
  function copy(): string {
    const folder = temporaryFolder();
    for (const part of ['model', 'codec'])
      fs.cpSync(path.join(SMALL_MODEL, part), path.join(folder, part), { recursive: true });
    return folder;
  }

  function truncate(file: string, bytes: number): void {
    fs.truncateSync(file, fs.statSync(file).size - bytes);
  }

  test.each<[string, (folder: string) => void, string, string]>([
    [
      'for there is none',
      (folder) => fs.rmSync(path.join(folder, 'model'), { recursive: true }),
      'HIGGS_CHECKPOINT_MISSING',
      'model',
    ],
    [
      'for its codec is missing',
      (folder) => fs.rmSync(path.join(folder, 'codec'), { recursive: true }),
      'HIGGS_CHECKPOINT_MISSING',
      'codec',
    ],
    [
      'for its weights are missing',
      (folder) => fs.rmSync(path.join(folder, 'model', 'model.safetensors')),
      'HIGGS_CHECKPOINT_MISSING',
      'safetensors',
    ],
    [
      'for its weights were cut short',
      (folder) => truncate(path.join(folder, 'model', 'model.safetensors'), 1000),
      'HIGGS_CHECKPOINT_BROKEN',
      'model.safetensors',
    ],
    [
      'for its codec’s weights were cut short',
      (folder) => truncate(path.join(folder, 'codec', 'model.safetensors'), 1000),
      'HIGGS_CHECKPOINT_BROKEN',
      'model.safetensors',
    ],
    [
      'for its config is no JSON',
      (folder) => fs.writeFileSync(path.join(folder, 'model', 'tokenizer.json'), '{'),
      'HIGGS_CHECKPOINT_BROKEN',
      'tokenizer.json',
    ],
  ])('%s, is named, and when it is mended the same engine speaks', async (_what, damage, code, words) => {
    const model = copy();
    const cacheDir = temporaryFolder();
    damage(model);
    const broken = open({ model, cacheDir });
    await expect(broken.speak({ text: 'Hello.', maxSeconds: 0.4 })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words) as string,
    });
    expect(filesBelow(cacheDir).filter((file) => file.includes('.tmp'))).toEqual([]);
    for (const part of ['model', 'codec'])
      fs.cpSync(path.join(SMALL_MODEL, part), path.join(model, part), { recursive: true });
    await speakNext(broken);
  });
});

describe('a cache folder', () => {
  test('that cannot be made is named, and an engine with another one speaks', async () => {
    const file = path.join(temporaryFolder(), 'a-file');
    fs.writeFileSync(file, '');
    const cacheDir = path.join(file, 'cache');
    await expect(open({ cacheDir }).preload()).rejects.toMatchObject({
      code: 'HIGGS_CACHE_UNWRITABLE',
      message: expect.stringContaining(cacheDir) as string,
    });
    await speakNext(engine);
  });
});

/** A folder on a disk of its own with 256 KB of room; undefined where this machine does not let us have one. */
function smallDisk(): string | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder], { stdio: 'pipe' });
  } catch {
    return undefined;
  }
  afterAll(() => execFileSync('umount', ['-l', folder]));
  return folder;
}

const disk = smallDisk();

describe('a full disk', () => {
  test('fails with HIGGS_DISK_FULL, leaves nothing half-written, and with room the same engine speaks', async (context) => {
    if (disk === undefined) skipBecause(context, 'mounting a small disk takes root on Linux');
    const cacheDir = path.join(disk, 'cache');
    const full = open({ cacheDir });
    await expect(full.preload()).rejects.toMatchObject({
      code: 'HIGGS_DISK_FULL',
      message: expect.stringContaining(cacheDir) as string,
    });
    expect(filesBelow(cacheDir)).toEqual([]);
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    await speakNext(full);
  });
});
