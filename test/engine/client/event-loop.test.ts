/**
 * Node-RED's event loop is this package's guest: no text may hold it. What counts is the processor's time that the thread takes
 * in one turn of the loop, so a busy machine changes nothing.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { EventLoopReport } from '../../../scripts/soak/event-loop.js';
import { ROOT, SMALL_MODEL, temporaryFolder } from '../../engine-kit.js';

const MOST_MS = 50;
const PROGRAM = path.join(ROOT, 'dist', 'scripts', 'soak', 'event-loop.js');

test('no text of 20,000 characters holds the event loop for 50 ms on its way to the worker, whatever it is made of', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, SMALL_MODEL, temporaryFolder()]);
  const { controlMs, held } = JSON.parse(stdout) as EventLoopReport;
  // A turn of a hundred milliseconds would be seen.
  expect(controlMs).toBeGreaterThan(90);
  expect(held.filter(({ heldMs }) => heldMs >= MOST_MS)).toEqual([]);
}, 300_000);
