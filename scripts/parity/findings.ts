/** What a comparison found, and the table of it. Pure functions. */

/** One comparison of the engine's result with the kit's. */
export interface Finding {
  /** The sort of result, such as `step logits`. */
  readonly what: string;
  /** Which of its sort, such as a conversation's name. */
  readonly where: string;
  /** The largest difference or the first mismatch, as text. */
  readonly found: string;
  readonly limit: string;
  readonly ok: boolean;
  /** The difference as a share of the limit, to tell which of its sort is the worst. */
  readonly size: number;
}

export interface Nearness {
  /** The largest difference allowed. */
  readonly limit: number;
  /**
   * For sounds, whose size is the model's affair: where the expected values go beyond 1, the limit is taken of their peak. Random weights give sounds with peaks of 5e4 to 6e6, and float32 holds no more than 7 digits.
   */
  readonly ofPeak?: boolean;
}

/** Both of one length, no difference beyond the limit, nothing that is no number. */
export function near(
  what: string,
  where: string,
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  { limit, ofPeak = false }: Nearness,
): Finding {
  const peak = peakOf(expected);
  const isScaled = ofPeak && peak > 1;
  const limitText = ofPeak ? `${limit.toExponential()} of the peak` : limit.toExponential();
  if (found.length !== expected.length) {
    const lengths = `${found.length} values for ${expected.length}`;
    return { what, where, found: lengths, limit: limitText, ok: false, size: Infinity };
  }
  const difference = largestDifference(found, expected) / (isScaled ? peak : 1);
  const text = Number.isNaN(difference) ? 'not a number' : difference.toExponential(1);
  return {
    what,
    where,
    found: isScaled ? `${text} (peak ${peak.toExponential(1)})` : text,
    limit: limitText,
    ok: difference <= limit,
    size: Number.isNaN(difference) ? Infinity : difference / limit,
  };
}

/** Numbers or letters that must be equal; `columns` tells where a mismatch lies in rows of so many. */
export function same<T extends number | string>(
  what: string,
  where: string,
  found: ArrayLike<T>,
  expected: ArrayLike<T>,
  columns?: number,
): Finding {
  const mismatch = firstMismatch(found, expected, columns);
  return {
    what,
    where,
    found: mismatch ?? 'equal',
    limit: 'equal',
    ok: mismatch === undefined,
    size: mismatch === undefined ? 0 : Infinity,
  };
}

/** Where and how the two differ first, or undefined where they are equal. */
export function firstMismatch<T extends number | string>(
  found: ArrayLike<T>,
  expected: ArrayLike<T>,
  columns?: number,
): string | undefined {
  const length = Math.min(found.length, expected.length);
  for (let at = 0; at < length; at++) {
    if (found[at] === expected[at]) continue;
    const place = columns === undefined ? `at ${at}` : `row ${Math.floor(at / columns)}, codebook ${at % columns}`;
    return `${place}: ${show(found[at]!)} for ${show(expected[at]!)}`;
  }
  return found.length === expected.length ? undefined : `${found.length} values for ${expected.length}`;
}

/** The largest absolute difference of two arrays of one length; NaN where either holds one. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} values, ${expected.length} expected`);
  let largest = 0;
  for (let index = 0; index < actual.length; index++) {
    const difference = Math.abs(actual[index]! - expected[index]!);
    if (Number.isNaN(difference)) return NaN;
    if (difference > largest) largest = difference;
  }
  return largest;
}

/** The largest absolute value. */
export function peakOf(values: ArrayLike<number>): number {
  let peak = 0;
  for (let at = 0; at < values.length; at++) peak = Math.max(peak, Math.abs(values[at]!));
  return peak;
}

/** A table: one line for each sort of result with the worst of it, and one for each that failed. */
export function findingsTable(findings: readonly Finding[]): string {
  const sorts = new Map<string, Finding[]>();
  for (const finding of findings) sorts.set(finding.what, [...(sorts.get(finding.what) ?? []), finding]);
  const lines = [...sorts.values()].flatMap((group) => {
    const failed = group.filter(({ ok }) => !ok);
    const worst = group.reduce((a, b) => (b.size > a.size ? b : a));
    const whole = group.length > 1 && failed.length === 0 && worst.size === 0 ? `all ${group.length}` : worst.where;
    return failed.length > 0 ? failed.map(lineOf) : [lineOf({ ...worst, where: whole })];
  });
  return columnsText([['what', 'where', 'largest difference or first mismatch', 'limit', 'ok'], ...lines]);
}

function lineOf({ what, where, found, limit, ok }: Finding): string[] {
  return [what, where, found, limit, ok ? 'ok' : 'FAILED'];
}

/** Lines of columns that stand below each other. */
export function columnsText(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function show(value: number | string): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
