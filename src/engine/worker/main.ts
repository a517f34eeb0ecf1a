/** The entry of the worker process: wires the message loop to the parent, and ends when the parent does. */
import fs from 'node:fs';
import { inspect } from 'node:util';
import { HiggsError } from '../errors.js';
import type { ToWorker } from '../protocol.js';
import { toWire } from '../wire.js';
import { BackendChoice } from './backend-choice.js';
import { MessageLoop } from './message-loop.js';
import { Pulse } from './pulse.js';

/** Time for the work in hand to stop and to clean up after itself; the parent kills a little later. */
const LEAVE_MS = 1200;

const pulse = new Pulse();
const loop = new MessageLoop(
  (settings) => new BackendChoice(settings),
  // The parent may be gone; then `disconnect` ends this process.
  (message) => process.send?.(toWire(message), () => undefined),
  pulse,
);

function leave(): void {
  setTimeout(() => process.exit(0), LEAVE_MS);
  void loop.stop().then(() => process.exit(0));
}

pulse.start();
process.on('message', (message) => {
  const told = message as ToWorker;
  // Servers elsewhere have a limit of their own for their silence: here only a thread that hangs is stuck.
  if (told.kind === 'settings' && told.settings.remote !== undefined) pulse.countTurns();
  if (told.kind === 'close') leave();
  else loop.receive(told);
});
process.on('disconnect', leave);
// Ctrl-C in a terminal reaches the whole group; what is to be stopped is for the parent to say.
process.on('SIGINT', () => undefined);
process.on('uncaughtException', (thrown) => {
  // The last line is what the parent shows.
  fs.writeSync(2, `${inspect(thrown)}\n${HiggsError.from(thrown).message}\n`);
  process.exit(1);
});
