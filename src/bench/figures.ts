/** Measured values and what is told of them. */

export type Unit = 'ms' | 's' | 'times' | 'MB' | 'GB/s';

export interface Figure {
  readonly what: string;
  readonly unit: Unit;
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
  readonly count: number;
}

/** Values by name, in the order in which the first one of each came. */
export class Measurements {
  private readonly byName = new Map<string, { readonly unit: Unit; readonly values: number[] }>();

  add(what: string, unit: Unit, ...values: readonly number[]): void {
    const found = this.byName.get(what) ?? { unit, values: [] };
    found.values.push(...values);
    this.byName.set(what, found);
  }

  get figures(): Figure[] {
    return [...this.byName].map(([what, { unit, values }]) => ({ what, unit, ...summary(values) }));
  }

  find(what: string): Figure | undefined {
    return this.figures.find((figure) => figure.what === what);
  }
}

export function summary(values: readonly number[]): Pick<Figure, 'minimum' | 'median' | 'maximum' | 'count'> {
  const sorted = values.toSorted((a, b) => a - b);
  return { minimum: sorted[0]!, median: sorted[sorted.length >> 1]!, maximum: sorted.at(-1)!, count: sorted.length };
}

/** Seconds of sound that a second of work makes. */
export function timesRealTime(durationSeconds: number, workSeconds: number): number {
  return durationSeconds / workSeconds;
}

/** Three figures that count: 12.3, 0.123, 1230. */
export function numberText(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 4));
}

/** Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
