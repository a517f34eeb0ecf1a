/** Waits for what a test means, in place of a pause that is long enough on some machine. */

/** Waits until `holds`; fails after `limitMs`, which is there to end a test that would never end. */
export async function until(holds: () => boolean, limitMs = 20_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`Not within ${limitMs} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Settles with the first progress event of `phase` that the call tells. */
export function firstEvent(phase: string): {
  readonly seen: Promise<void>;
  readonly onProgress: (event: { phase: string }) => void;
} {
  let tell: () => void = () => undefined;
  const seen = new Promise<void>((resolve) => (tell = resolve));
  return { seen, onProgress: (event) => (event.phase === phase ? tell() : undefined) };
}

/** How each call ends: 'done', or an error's code. */
export function endsOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const codeOf = (error: unknown) => (error as { code: string }).code;
  return Promise.all(calls.map((call) => call.then(() => 'done', codeOf)));
}
