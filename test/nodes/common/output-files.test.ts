import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { claimFile, type OverwriteRule } from '../../../nodes/common/output-files.js';
import { temporaryFolder } from '../../helpers/folders.js';

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
