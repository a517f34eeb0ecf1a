/** Parts of pages in docs/ that a command writes, between two comments that name it. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The repository's docs/, from dist/scripts. */
const DOCS = path.join(__dirname, '..', '..', 'docs');
const END = '<!-- to here -->';

/** Puts `text` in docs/`page` after the comment `<!-- COMMAND writes from here -->`; throws where the page has none. */
export async function updatePage(page: string, command: string, text: string): Promise<void> {
  const file = path.join(DOCS, page);
  const begin = `<!-- ${command} writes from here -->`;
  const whole = await readFile(file, 'utf8');
  const from = whole.indexOf(begin);
  const to = whole.indexOf(END, from);
  if (from === -1 || to === -1) throw new Error(`${file} has no place for what "${command}" writes.`);
  await writeFile(file, `${whole.slice(0, from + begin.length)}\n\n${text}\n\n${whole.slice(to)}`);
}
