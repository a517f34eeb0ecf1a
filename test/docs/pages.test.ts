import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { errorsPage, optionsPage } from '../../scripts/write-docs.js';

const docs = path.join(__dirname, '..', '..', 'docs');
const lines = (text: string): string[] => text.replaceAll(/[ |:-]+/g, ' ').split('\n');

test.each([
  ['errors.md', errorsPage],
  ['options.md', optionsPage],
])('docs/%s says what the tables in the engine say (npm run docs)', (file, page) => {
  // Prettier lines the tables up; the words are what counts.
  expect(lines(fs.readFileSync(path.join(docs, file), 'utf8'))).toEqual(lines(page()));
});
