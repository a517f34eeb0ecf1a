import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { MemoryFile, type Memory } from '../../../src/service/mqtt/memory-file.js';
import { temporaryFolder } from '../../helpers/folders.js';

const memory = (text: string): Memory => ({
  settings: { music: true, volume: 50 },
  waiting: [{ announcement: { id: text, text, priority: 0 }, dueAtMs: 5, spokenCount: 1 }],
  seen: { ids: [text], deliveries: [[7, 'digest']] },
});
const NOTHING = { waiting: [], seen: { ids: [], deliveries: [] } };

test('what was kept is there again, in a folder that had to be made', async () => {
  const file = path.join(temporaryFolder(), 'deeper', 'announcer.json');
  const warnings: unknown[] = [];
  const kept = new MemoryFile(file);
  expect(await kept.load((warning) => warnings.push(warning))).toEqual(NOTHING);
  await kept.save(() => memory('one'));
  expect(await new MemoryFile(file).load((warning) => warnings.push(warning))).toMatchObject(memory('one'));
  expect(warnings).toEqual([]);
});

test('writes that come together end with the latest, nothing beside it', async () => {
  const folder = temporaryFolder();
  const kept = new MemoryFile(path.join(folder, 'a.json'));
  let count = 0;
  await Promise.all(
    Array.from({ length: 50 }, () => {
      count += 1;
      return kept.save(() => memory(String(count)));
    }),
  );
  expect((await kept.load(() => undefined)).seen.ids).toEqual(['50']);
  expect(fs.readdirSync(folder)).toEqual(['a.json']);
});

test('a write that fails does not keep the next one from its place', async () => {
  const folder = temporaryFolder();
  const kept = new MemoryFile(path.join(folder, 'gone', 'a.json'));
  await expect(kept.save(() => memory('one'))).rejects.toMatchObject({ code: 'HIGGS_OUTPUT_UNWRITABLE' });
  fs.mkdirSync(path.join(folder, 'gone'));
  await kept.save(() => memory('two'));
  expect((await kept.load(() => undefined)).seen.ids).toEqual(['two']);
});

const kept = { version: 1, waiting: [], seen: { ids: [], deliveries: [] } };
const entry = { announcement: { id: 'a', text: 'A', priority: 0 }, dueAtMs: 1, spokenCount: 0 };
const wrongShapes = [
  { ...kept, version: '1' },
  { ...kept, settings: null },
  { ...kept, settings: { music: 'on', volume: 1 } },
  { ...kept, settings: { music: true, volume: 1e9 } },
  { ...kept, settings: { music: true, volume: 5, voice: {} } },
  { ...kept, waiting: [null] },
  { ...kept, waiting: [{}] },
  { ...kept, waiting: [{ ...entry, announcement: { id: 'a' } }] },
  { ...kept, waiting: [{ ...entry, announcement: { text: 'A' } }] },
  { ...kept, waiting: [{ ...entry, announcement: { ...entry.announcement, repeat: { times: 1e9 } } }] },
  { ...kept, waiting: [{ ...entry, dueAtMs: 'soon' }] },
  { ...kept, waiting: [{ ...entry, dueAtMs: 1e300 }] },
  { ...kept, waiting: [{ ...entry, spokenCount: -1 }] },
  { ...kept, waiting: { length: 1 } },
  { ...kept, seen: { ids: [5], deliveries: [] } },
  { ...kept, seen: { ids: [], deliveries: [['a', 'b']] } },
  { ...kept, seen: { ids: [], deliveries: [null] } },
].map((shape) => JSON.stringify(shape));

test.each([
  '',
  '{',
  '[]',
  '{"version":2}',
  '{"version":1}',
  '{"version":1,"waiting":[],"seen":null}',
  'null',
  ...wrongShapes,
])('a file that holds %j is told, and nothing is taken from it', async (text) => {
  const file = path.join(temporaryFolder(), 'a.json');
  fs.writeFileSync(file, text);
  const warnings: { message: string }[] = [];
  expect(await new MemoryFile(file).load((warning) => warnings.push(warning))).toEqual(NOTHING);
  expect(warnings[0]?.message).toContain(file);
});
