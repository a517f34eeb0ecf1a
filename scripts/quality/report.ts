/** The table of docs/quality.md. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Measured } from './measure.js';

export interface QualityRow extends Measured {
  readonly name: string;
  /** Of all weights of the layers and the head. */
  readonly megabytes: number;
  readonly stepMilliseconds: number;
}

const BEGIN = '<!-- npm run quality -- --update writes from here -->';
const END = '<!-- to here -->';

export function qualityTable(rows: readonly QualityRow[]): string {
  const codebooks = rows[0]!.agreement.map((_, codebook) => `${codebook}`);
  const head = ['weights', 'MB', 'ms', 'cosine', 'lowest', 'recorded', 'generated', ...codebooks];
  const lines = rows.map((row) => [
    row.name,
    row.megabytes.toFixed(1),
    row.stepMilliseconds.toFixed(1),
    row.meanCosine.toFixed(5),
    row.lowestCosine.toFixed(4),
    row.perplexity.recorded.toFixed(3),
    row.perplexity.generated.toFixed(3),
    ...row.agreement.map((share) => (100 * share).toFixed(1)),
  ]);
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Puts `table` in the page's place for it; throws where the page has none. */
export async function updatePage(file: string, table: string): Promise<void> {
  const page = await readFile(file, 'utf8');
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from === -1 || to < from) throw new Error(`${file} has no place for the table.`);
  await writeFile(file, `${page.slice(0, from + BEGIN.length)}\n\n${table}\n\n${page.slice(to)}`);
}
