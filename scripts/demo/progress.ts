/** What the demo prints: one line that is written over on a terminal, one line a step elsewhere. */
const terminal = process.stdout.isTTY;
let open = false;
let lastStep = '';

export function say(line = ''): void {
  if (open) process.stdout.write('\r\x1b[K');
  open = false;
  lastStep = '';
  process.stdout.write(`${line}\n`);
}

/** What happens now. Away from a terminal, numbers that only count up do not make a line of their own. */
export function show(step: string): void {
  if (terminal) {
    process.stdout.write(`\r\x1b[K      ${step.slice(0, (process.stdout.columns || 80) - 8)}`);
    open = true;
    return;
  }
  const kind = step.replace(/[\d.,]+/g, '#');
  if (kind === lastStep) return;
  lastStep = kind;
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
