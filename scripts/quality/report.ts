/** The table of docs/quality.md. */
import type { Measured } from './measure.js';

export interface QualityRow extends Measured {
  readonly name: string;
  /** Of all weights of the layers and the head. */
  readonly megabytes: number;
  readonly stepMilliseconds: number;
}

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
