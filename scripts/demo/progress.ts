/** What the demo prints: one line that is written over on a terminal, one line a step elsewhere. */
const terminal = process.stdout.isTTY;
let open = false;
let last = { kind: '', atMs: 0 };
/** Away from a terminal a step that only counts up is told again no sooner than this. */
const AGAIN_MS = 1000;

export function say(line = ''): void {
  if (open) process.stdout.write('\r\x1b[K');
  open = false;
  last = { kind: '', atMs: 0 };
  process.stdout.write(`${line}\n`);
}

/** What happens now. */
export function show(step: string): void {
  if (terminal) {
    process.stdout.write(`\r\x1b[K      ${step.slice(0, (process.stdout.columns || 80) - 8)}`);
    open = true;
    return;
  }
  const kind = step.replace(/[\d.,]+/g, '#');
  if (kind === last.kind && Date.now() - last.atMs < AGAIN_MS) return;
  last = { kind, atMs: Date.now() };
  process.stdout.write(`      ${step}\n`);
}

/** Runs `work` under a line that says what it is and how long it took. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  if (terminal) show(`${title} …`);
  const result = await work();
  say(`${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  return result;
}
