/** Figures with their limits, as a table. */

const GB = 1e9;

export interface Figure {
  readonly what: string;
  readonly found: string;
  /** What was asked for; left out where the figure is just noted. */
  readonly limit?: string;
  readonly ok: boolean;
}

export class Figures {
  readonly all: Figure[] = [];

  note(what: string, found: string): void {
    this.add({ what, found, ok: true });
  }

  below(what: string, found: number, limit: number, unit: 's' | 'GB' | 'MB'): void {
    const text = (value: number): string => `${value.toFixed(unit === 'GB' ? 2 : 1)} ${unit}`;
    this.add({ what, found: text(found), limit: `< ${text(limit)}`, ok: found < limit });
  }

  holds(what: string, ok: boolean): void {
    this.add({ what, found: ok ? 'yes' : 'no', limit: 'yes', ok });
  }

  /** Markdown, one row a figure. */
  table(): string {
    const rows = this.all.map(({ what, found, limit, ok }) => [
      what,
      found,
      limit ?? '',
      limit ? (ok ? 'ok' : 'MISSED') : '',
    ]);
    return [['figure', 'measured', 'limit', ''], ['---', '---', '---', '---'], ...rows]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n');
  }

  private add(figure: Figure): void {
    this.all.push(figure);
    const { what, found, limit, ok } = figure;
    console.log(`${ok ? '  ' : '! '}${what}: ${found}${limit === undefined ? '' : ` (${limit})`}`);
  }
}

export function gigabytes(bytes: number): number {
  return bytes / GB;
}

export function minimumAndMedian(values: readonly number[], unit: string): string {
  const sorted = [...values].sort((a, b) => a - b);
  return `${sorted[0]!.toFixed(1)} / ${sorted[sorted.length >> 1]!.toFixed(1)} ${unit}`;
}
