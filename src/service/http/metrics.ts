/** Counters, gauges and histograms in Prometheus' text format. */

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

type Labels = Readonly<Record<string, string | number>>;

/** A value that only grows, one for each set of labels. Labels come from small fixed sets, never from a request. */
export class Counter {
  private readonly values = new Map<string, number>();

  constructor(
    readonly name: string,
    readonly help: string,
  ) {}

  add(amount = 1, labels: Labels = {}): void {
    const key = labelText(labels);
    this.values.set(key, (this.values.get(key) ?? 0) + amount);
  }

  lines(): string[] {
    const values = this.values.size === 0 ? [['', 0] as const] : [...this.values];
    return [
      ...head(this.name, this.help, 'counter'),
      ...values.map(([labels, value]) => `${this.name}${labels} ${value}`),
    ];
  }
}

/** How observed seconds are spread over `bounds`, in rising order. */
export class Histogram {
  private readonly counts: number[];
  private sum = 0;
  private total = 0;

  constructor(
    readonly name: string,
    readonly help: string,
    private readonly bounds: readonly number[],
  ) {
    this.counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.sum += value;
    this.total += 1;
    for (const [index, bound] of this.bounds.entries()) if (value <= bound) this.counts[index]! += 1;
  }

  lines(): string[] {
    const bucket = (bound: string, count: number) => `${this.name}_bucket{le="${bound}"} ${count}`;
    return [
      ...head(this.name, this.help, 'histogram'),
      ...this.bounds.map((bound, index) => bucket(String(bound), this.counts[index]!)),
      bucket('+Inf', this.total),
      `${this.name}_sum ${this.sum}`,
      `${this.name}_count ${this.total}`,
    ];
  }
}

export function gaugeLines(name: string, help: string, value: number): string[] {
  return [...head(name, help, 'gauge'), `${name} ${value}`];
}

function head(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
