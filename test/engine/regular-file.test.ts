/** Pipes, devices, folders, sockets and links out of the folder in the place of a checkpoint's, a clip's or a voice's file. */
import { acquireEngine } from '@higgs-tts/node-red/engine';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openTensors, readLanguageModelConfig } from '../../src/engine/checkpoint/index.js';
import { readSections } from '../../src/engine/pronunciation/pronunciation-file.js';
import { openTokenizer } from '../../src/engine/prompt/index.js';
import { openRegular, readRegular } from '../../src/engine/regular-file.js';
import { readClip, VoiceStore } from '../../src/engine/voices/index.js';
import { EMBEDDED_VOICES, SMALL_MODEL, temporaryFolder } from '../engine-kit.js';

const isUnix = process.platform !== 'win32';
const MODEL = path.join(SMALL_MODEL, 'model');

/** What may lie in a file's place, and how it is called in the error. */
const STRANGERS: readonly (readonly [kind: string, make: (file: string) => void, says: RegExp])[] = [
  ['a named pipe', (file) => void execFileSync('mkfifo', [file]), /is a named pipe, not a file/],
  ['a link to a device', (file) => fs.symlinkSync('/dev/zero', file), /is a device, not a file|outside of its folder/],
  ['a folder', (file) => fs.mkdirSync(file), /is a folder, not a file/],
];

describe.runIf(isUnix)('a file of a checkpoint', () => {
  const readers: Readonly<Record<string, (dir: string) => Promise<unknown>>> = {
    'config.json': readLanguageModelConfig,
    'generation_config.json': readLanguageModelConfig,
    'model.safetensors': openTensors,
    'model.safetensors.index.json': openTensors,
    'tokenizer.json': openTokenizer,
    'tokenizer_config.json': openTokenizer,
    'chat_template.jinja': openTokenizer,
    'processor_config.json': openTokenizer,
    'pronunciation.bin': (dir) => readSections(path.join(dir, 'pronunciation.bin')),
  };
  const cases = Object.keys(readers).flatMap((name) => [
    ...STRANGERS.map(([kind, make, says]) => [name, kind, make, says] as const),
    [
      name,
      'a link out of its folder',
      (file: string) => fs.symlinkSync('/etc/hosts', file),
      /outside of its folder/,
    ] as const,
  ]);
  test.each(cases)('%s that is %s is refused, with its path and why', async (name, _kind, make, says) => {
    const dir = temporaryFolder();
    fs.cpSync(MODEL, dir, { recursive: true });
    if (name === 'processor_config.json') fs.rmSync(path.join(dir, 'chat_template.jinja'));
    // The index counts only where the weights are not in one piece.
    if (name === 'model.safetensors.index.json') fs.rmSync(path.join(dir, 'model.safetensors'));
    const file = path.join(dir, name);
    fs.rmSync(file, { force: true });
    make(file);
    const reading = readers[name]!(dir);
    await expect(reading).rejects.toMatchObject({ code: 'HIGGS_CHECKPOINT_BROKEN' });
    await expect(reading).rejects.toThrow(says);
    await expect(reading).rejects.toThrow(file);
  });

  test('may be a link within its folder, and its folder may be a link', async () => {
    const [dir, link] = [temporaryFolder(), path.join(temporaryFolder(), 'link')];
    fs.cpSync(MODEL, dir, { recursive: true });
    fs.renameSync(path.join(dir, 'config.json'), path.join(dir, 'real.json'));
    fs.symlinkSync('real.json', path.join(dir, 'config.json'));
    fs.symlinkSync(dir, link);
    expect(await readLanguageModelConfig(link)).toMatchObject({ layers: 3 });
  });

  test('may be a link into the blobs of its own download, and into no others', async () => {
    const cache = temporaryFolder();
    const blobs = (repo: string): string => path.join(cache, repo, 'blobs');
    const snapshot = path.join(cache, 'models--a--b', 'snapshots', '0'.repeat(40));
    fs.cpSync(MODEL, blobs('models--a--b'), { recursive: true });
    fs.cpSync(MODEL, blobs('models--c--d'), { recursive: true });
    fs.mkdirSync(snapshot, { recursive: true });
    const link = (to: string): void => {
      fs.rmSync(path.join(snapshot, 'config.json'), { force: true });
      fs.symlinkSync(path.relative(snapshot, path.join(to, 'config.json')), path.join(snapshot, 'config.json'));
    };
    link(blobs('models--a--b'));
    expect(await readLanguageModelConfig(snapshot)).toMatchObject({ layers: 3 });
    link(blobs('models--c--d'));
    await expect(readLanguageModelConfig(snapshot)).rejects.toThrow('outside of its folder');
  });
});

describe.runIf(isUnix)('a clip', () => {
  test.each(STRANGERS)('that is %s is HIGGS_CLIP_UNREADABLE at once', async (_kind, make, says) => {
    const file = path.join(temporaryFolder(), 'clip.wav');
    make(file);
    await expect(readClip(file)).rejects.toMatchObject({ code: 'HIGGS_CLIP_UNREADABLE' });
    await expect(readClip(file)).rejects.toThrow(says);
  });

  test('that is a socket is HIGGS_CLIP_UNREADABLE', async () => {
    const file = path.join(temporaryFolder(), 'socket');
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(file, resolve));
    await expect(readClip(file)).rejects.toMatchObject({ code: 'HIGGS_CLIP_UNREADABLE' });
    server.close();
  });

  test('that is a pipe fails its request, and the next one is spoken', async () => {
    const file = path.join(temporaryFolder(), 'pipe.wav');
    execFileSync('mkfifo', [file]);
    const { engine, release } = acquireEngine({ model: SMALL_MODEL, cacheDir: temporaryFolder(), threads: 1 });
    const voice = { kind: 'clip', clip: file, transcript: 'So it is.' } as const;
    const speak = { text: 'Hello.', maxSeconds: 0.4, seed: 1 };
    await expect(engine.speak({ ...speak, voice })).rejects.toMatchObject({ code: 'HIGGS_CLIP_UNREADABLE' });
    expect((await engine.speak(speak)).durationSeconds).toBeGreaterThan(0);
    await release();
  });
});

describe('a registered voice', () => {
  async function withVoice(): Promise<{ store: VoiceStore; dir: string; file: string; clip: string }> {
    const dataDir = temporaryFolder();
    const store = new VoiceStore({ dataDir, embeddedDir: EMBEDDED_VOICES });
    const clip = fs.readFileSync(path.join(EMBEDDED_VOICES, 'mia.wav'));
    await store.save({ name: 'Anna', source: { kind: 'clip', clip, transcript: 'So it is.' } });
    const dir = path.join(dataDir, 'voices');
    const [file, sound] = fs.readdirSync(dir).sort((a, b) => Number(b.endsWith('.json')) - Number(a.endsWith('.json')));
    return { store, dir, file: path.join(dir, file!), clip: path.join(dir, sound!) };
  }

  test.each<[string, string | Buffer]>([
    ['cut', '{"version": 1, "na'],
    ['emptied', ''],
    ['zeroed', Buffer.alloc(200)],
    ['of another kind', '{"version": 1, "name": "Anna", "source": null}'],
    ['a list', '[]'],
  ])(
    'whose file is %s is HIGGS_VOICE_FILE_BROKEN by its path; others are listed, and its name is free',
    async (_how, bytes) => {
      const { store, file } = await withVoice();
      await store.save({ name: 'Bea', source: { kind: 'described', description: 'calm' } });
      fs.writeFileSync(file, bytes);
      await expect(store.get('Anna')).rejects.toMatchObject({ code: 'HIGGS_VOICE_FILE_BROKEN' });
      await expect(store.get('Anna')).rejects.toThrow(file);
      const names = (await store.list()).map(({ name }) => name);
      expect(names).toContain('Bea');
      expect(names).not.toContain('Anna');
      await store.save({ name: 'Anna', source: { kind: 'described', description: 'bright' } });
      expect((await store.get('Anna')).info.description).toBe('bright');
    },
  );

  test('whose clip was changed is HIGGS_VOICE_FILE_BROKEN by the clip’s path', async () => {
    const { store, clip } = await withVoice();
    const { source } = await store.get('Anna');
    expect(source).toMatchObject({ clip });
    expect((await readClip(clip)).length).toBeGreaterThan(1000);
    const bytes = fs.readFileSync(clip);
    fs.writeFileSync(clip, Buffer.concat([bytes.subarray(0, 1000), Buffer.alloc(bytes.length - 1000)]));
    await expect(readClip(clip)).rejects.toMatchObject({ code: 'HIGGS_VOICE_FILE_BROKEN' });
    await expect(readClip(clip)).rejects.toThrow(clip);
  });

  test.runIf(isUnix)('whose file is a link out of its folder, or a pipe, is HIGGS_VOICE_FILE_BROKEN', async () => {
    const { store, file } = await withVoice();
    fs.rmSync(file);
    fs.symlinkSync('/etc/hosts', file);
    await expect(store.get('Anna')).rejects.toThrow(/HIGGS|outside of its folder/);
    fs.rmSync(file);
    execFileSync('mkfifo', [file]);
    await expect(store.get('Anna')).rejects.toThrow('named pipe');
  });
});

test('a regular file is read up to its limit', async () => {
  const file = path.join(temporaryFolder(), 'file');
  fs.writeFileSync(file, 'words');
  expect((await readRegular(file, 5)).toString()).toBe('words');
  await expect(readRegular(file, 4)).rejects.toThrow('is larger than');
  await expect(openRegular(`${file}.none`)).rejects.toMatchObject({ code: 'ENOENT' });
});
