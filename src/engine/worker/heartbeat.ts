/**
 * The thread that tells the parent that this process lives, whatever the main thread does; and that ends the process when the
 * parent is gone and the main thread cannot.
 */
import fs from 'node:fs';
import { workerData } from 'node:worker_threads';
import { systemCode } from '../errors.js';
import { BEAT_LOADING, BEAT_MS, BEAT_PROGRESS, HEARTBEAT_FD } from '../protocol.js';
import { LOADING, STEPS } from './pulse.js';

/** The main thread hears of the parent's end too, and leaves in this time where it can. */
const LEAVE_MS = 3000;

const shared = workerData as Int32Array;
let lastSteps = Atomics.load(shared, STEPS);

function beat(): void {
  const steps = Atomics.load(shared, STEPS);
  const loading = Atomics.load(shared, LOADING) === 1 ? BEAT_LOADING : 0;
  const told = Uint8Array.of(loading | (steps === lastSteps ? 0 : BEAT_PROGRESS));
  lastSteps = steps;
  try {
    fs.writeSync(HEARTBEAT_FD, told);
  } catch (thrown) {
    // The parent does not read for the time being.
    if (systemCode(thrown) === 'EAGAIN') return;
    clearInterval(beats);
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), LEAVE_MS);
  }
}

const beats = setInterval(beat, BEAT_MS);
beat();
