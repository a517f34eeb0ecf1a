/** What someone who mistyped a name probably meant. */

/** The one of `names` that `typed` is a slip away from, whatever its case; undefined where none is near. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const slips = names.map((name) => ({ name, count: slipsBetween(typed.toLowerCase(), name.toLowerCase()) }));
  const nearest = slips.reduce((best, next) => (next.count < best.count ? next : best), { name: '', count: Infinity });
  return nearest.count <= Math.max(1, Math.floor(typed.length / 3)) ? nearest.name : undefined;
}

/** Letters to insert, leave out, exchange, or swap with their neighbours to get from `a` to `b` (optimal string alignment). */
export function slipsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const exchange = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      let count = Math.min(exchange, last[column]! + 1, current[column - 1]! + 1);
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) count = Math.min(count, beforeLast[column - 2]! + 1);
      current.push(count);
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length]!;
}
