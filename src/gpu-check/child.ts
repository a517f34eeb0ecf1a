/** The process that does one task; its argument says which. */
import fs from 'node:fs';
import { turnOffTelemetry } from '../engine/telemetry.js';
import { ACCELERATORS, loadBackend, mayHaveHardware } from '../engine/runtime/index.js';
import { greedyFrames } from './frames-task.js';
import { measure } from './measure-task.js';
import type { Line, Task } from './tasks.js';
import { tryTrap } from './traps.js';

const STANDARD_OUTPUT = 1;

/** At once, for a native abort would take what waits with it. */
function tell(line: Line): void {
  fs.writeSync(STANDARD_OUTPUT, `${JSON.stringify(line)}\n`);
}

async function perform(task: Task): Promise<void> {
  switch (task.do) {
    case 'backends': {
      const { backend } = await loadBackend();
      const mayWork = ACCELERATORS.filter((device) => backend.providers.includes(device) && mayHaveHardware(device));
      tell({ backends: { kind: backend.kind, onnxruntime: backend.version, mayWork } });
      return;
    }
    case 'trap':
      tell({ found: await tryTrap(task.trap, task.device) });
      return;
    case 'frames':
      return greedyFrames(task, tell);
    case 'measure':
      return measure(task, tell);
  }
}

/** Down to what onnxruntime or the driver said, in one line. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const text = error instanceof Error ? error.message : String(error);
  const said = cause instanceof Error ? ` (${cause.message.trim().split('\n')[0]})` : '';
  return `${text.split('\n')[0]}${said}`;
}

turnOffTelemetry();
perform(JSON.parse(process.argv[2]!) as Task)
  .then(
    () => tell({ done: true }),
    (error: unknown) => tell({ failed: reasonOf(error) }),
  )
  // Sessions on a device may keep a process alive, or crash at its end.
  .finally(() => process.exit(0));
