/** Async generators from plain values, and what they give as plain values. */

export async function* streamOf<T, Result>(values: Iterable<T>, result: Result): AsyncGenerator<T, Result, void> {
  for (const value of values) yield await Promise.resolve(value);
  return result;
}

/** All that a stream yields, and what it returns. */
export async function drain<T, Result>(stream: AsyncIterator<T, Result>): Promise<{ values: T[]; result: Result }> {
  const values: T[] = [];
  for (;;) {
    const step = await stream.next();
    if (step.done === true) return { values, result: step.value };
    values.push(step.value);
  }
}
