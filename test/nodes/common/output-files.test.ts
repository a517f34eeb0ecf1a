import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { claimFile, type OverwriteRule } from '../../../nodes/common/output-files.js';
import { temporaryFolder } from '../../helpers/folders.js';
import { execFileSync } from 'node:child_process';

const sound = Buffer.from('new');

async function store(file: string, rule: OverwriteRule): Promise<string> {
  const place = await claimFile(file, rule, path.dirname(file));
  if (!place.isKept) await place.write(sound);
  place.release();
  return place.file;
}

function oldFile(): string {
  const file = path.join(temporaryFolder(), 'yes.wav');
  fs.writeFileSync(file, 'old');
  return file;
}

describe('a file that is there', () => {
  test('is replaced, kept, refused, or another one is written beside it, as was asked', async () => {
    const file = oldFile();
    const beside = file.replace('.wav', '-2.wav');
    expect(await store(file, 'keep')).toBe(file);
    await expect(store(file, 'error')).rejects.toMatchObject({ code: 'HIGGS_OUTPUT_UNWRITABLE' });
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
    expect(await store(file, 'number')).toBe(beside);
    expect(fs.readFileSync(beside, 'utf8')).toBe('new');
    expect(await store(file, 'replace')).toBe(file);
    expect(fs.readFileSync(file, 'utf8')).toBe('new');
    expect(fs.readdirSync(path.dirname(file)).sort()).toEqual(['yes-2.wav', 'yes.wav']);
  });

  test('may be asked for again after a refusal', async () => {
    const file = oldFile();
    await expect(claimFile(file, 'error', path.dirname(file))).rejects.toThrow('there already');
    fs.rmSync(file);
    expect(await store(file, 'error')).toBe(file);
  });
});

describe('a file that is about to be written', () => {
  test('is nobody else’s where numbers are given, and free again after its release', async () => {
    const file = path.join(temporaryFolder(), 'yes.wav');
    const places = await Promise.all([1, 2, 3].map(() => claimFile(file, 'number', path.dirname(file))));
    // Which of them is first is the file system's to say.
    expect(places.map((place) => path.basename(place.file)).sort()).toEqual(['yes-2.wav', 'yes-3.wav', 'yes.wav']);
    for (const place of places) place.release();
    expect(await store(file, 'number')).toBe(file);
  });

  test('is refused to a second one where none may be overwritten', async () => {
    const file = path.join(temporaryFolder(), 'yes.wav');
    const first = await claimFile(file, 'error', path.dirname(file));
    await expect(claimFile(file, 'error', path.dirname(file))).rejects.toThrow('there already');
    await first.write(sound);
    first.release();
  });

  test('keeps what another one wrote meanwhile', async () => {
    const file = path.join(temporaryFolder(), 'yes.wav');
    const place = await claimFile(file, 'keep', path.dirname(file));
    fs.writeFileSync(file, 'quicker');
    await place.write(sound);
    expect(fs.readFileSync(file, 'utf8')).toBe('quicker');
  });
});

describe('the subtitles of a sound', () => {
  const text = 'WEBVTT\n';

  async function storeBoth(file: string, rule: OverwriteRule): Promise<string[]> {
    const place = await claimFile(file, rule, path.dirname(file), 'vtt');
    if (!place.isKept) await place.write(sound, text);
    place.release();
    return [place.file, place.subtitleFile!];
  }

  test('lie beside it under the same stem, with its number where it has one', async () => {
    const file = path.join(temporaryFolder(), 'yes.wav');
    const beside = file.replace('.wav', '.vtt');
    expect(await storeBoth(file, 'number')).toEqual([file, beside]);
    expect(fs.readFileSync(beside, 'utf8')).toBe(text);
    fs.rmSync(file);
    // Those of another sound are not written over, though its own name is free.
    expect(await storeBoth(file, 'number')).toEqual([file.replace('.wav', '-2.wav'), file.replace('.wav', '-2.vtt')]);
    await expect(claimFile(file, 'error', path.dirname(file), 'vtt')).rejects.toThrow('yes.vtt" is there already');
    fs.writeFileSync(beside, 'old');
    await storeBoth(file, 'replace');
    expect(fs.readFileSync(beside, 'utf8')).toBe(text);
  });

  test('are kept with it, and told where there are some', async () => {
    const file = oldFile();
    const keep = () => claimFile(file, 'keep', path.dirname(file), 'vtt');
    const bare = await keep();
    expect([bare.isKept, bare.keptSubtitles]).toEqual([true, undefined]);
    fs.writeFileSync(bare.subtitleFile!, 'WEBVTT old');
    expect(await keep()).toMatchObject({ isKept: true, keptSubtitles: 'WEBVTT old' });
    fs.rmSync(file);
    await storeBoth(file, 'keep');
    expect(fs.readFileSync(bare.subtitleFile!, 'utf8')).toBe(text);
  });

  test('do not stay where the sound cannot be written', async () => {
    const file = path.join(temporaryFolder(), 'yes.wav');
    const place = await claimFile(file, 'replace', path.dirname(file), 'vtt');
    fs.mkdirSync(file);
    await expect(place.write(sound, text)).rejects.toMatchObject({ code: 'HIGGS_OUTPUT_UNWRITABLE' });
    expect(fs.readdirSync(path.dirname(file))).toEqual(['yes.wav']);
  });

  test('are refused where they would be the sound’s own file', async () => {
    const file = path.join(temporaryFolder(), 'yes.VTT');
    await expect(claimFile(file, 'replace', path.dirname(file), 'vtt')).rejects.toMatchObject({
      code: 'HIGGS_OUTPUT_UNWRITABLE',
    });
  });

  test.runIf(process.platform !== 'win32')(
    'that are a named pipe are an error at once, which frees the names',
    async () => {
      const file = oldFile();
      const pipe = file.replace('.wav', '.vtt');
      execFileSync('mkfifo', [pipe]);
      const keep = () => claimFile(file, 'keep', path.dirname(file), 'vtt');
      await expect(keep()).rejects.toThrow(/yes\.vtt" is a named pipe, not a file/);
      fs.rmSync(pipe);
      fs.rmSync(file);
      expect((await claimFile(file, 'error', path.dirname(file), 'vtt')).file).toBe(file);
    },
  );
});

test('folders are made below the one that must be there, and not above it', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, '2026', '03', 'yes.wav');
  const place = await claimFile(file, 'replace', folder);
  await place.write(sound);
  place.release();
  expect(fs.readFileSync(file, 'utf8')).toBe('new');
  const missing = path.join(folder, 'missing');
  const refused = claimFile(path.join(missing, '2026', 'yes.wav'), 'replace', missing);
  await expect(refused).rejects.toMatchObject({ code: 'HIGGS_OUTPUT_UNWRITABLE' });
  expect(fs.existsSync(missing)).toBe(false);
});
