import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { errorsPage, optionsPage, roomsTable } from '../../scripts/write-docs.js';
import { ROOMS, wayBack } from '../../eslint.rooms.mjs';

const docs = path.join(__dirname, '..', '..', 'docs');
const lines = (text: string): string[] => text.replaceAll(/[ |:-]+/g, ' ').split('\n');

test.each([
  ['errors.md', errorsPage],
  ['options.md', optionsPage],
])('docs/%s says what the tables in the engine say (npm run docs)', async (file, page) => {
  // Prettier lines the tables up; the words are what counts.
  expect(lines(fs.readFileSync(path.join(docs, file), 'utf8'))).toEqual(lines(await page()));
});

test('docs/architecture.md has the table that lint goes by (npm run docs)', () => {
  const page = fs.readFileSync(path.join(docs, 'architecture.md'), 'utf8');
  const [, table] = page.split(/<!-- npm run docs writes from here -->\n\n|\n\n<!-- to here -->/);
  expect(lines(table!)).toEqual(lines(roomsTable()));
});

test('every file that docs/architecture.md names is there', () => {
  const page = fs.readFileSync(path.join(docs, 'architecture.md'), 'utf8');
  const named = [...page.matchAll(/`((?:src|nodes|scripts)\/[\w/.-]+\.ts|eslint\.rooms\.mjs|rooms\.json)`/g)].map(
    ([, file]) => file!,
  );
  expect(named.length).toBeGreaterThan(12);
  for (const file of named) expect(fs.existsSync(path.join(docs, '..', file)), file).toBe(true);
});

test('rooms lie in an order in which each calls only those before it', () => {
  const names = ROOMS.map(({ name }) => name);
  for (const [index, { name, calls }] of ROOMS.entries()) {
    for (const called of calls) expect(names.indexOf(called), `${name} calls ${called}`).toBeLessThan(index);
    expect(calls.every((called) => names.includes(called))).toBe(true);
  }
});

test('no file of src, nodes and editor imports itself by way of others, types included', () => {
  const root = path.join(docs, '..');
  const files = ['src', 'nodes', 'editor'].flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.join(folder, name).split(path.sep).join('/')),
  );
  expect(files.length).toBeGreaterThan(300);
  for (const file of files) expect(wayBack(file, file), file).toBeUndefined();
});
