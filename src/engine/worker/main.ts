/** The entry of the child process: wires the message loop to the parent, and ends when the parent does. */
import fs from 'node:fs';
import { inspect } from 'node:util';
import { HiggsError } from '../errors.js';
import type { ToChild } from '../protocol.js';
import { toWire } from '../wire.js';
import { MessageLoop } from './message-loop.js';
import { Workplace } from './backend-choice.js';

/** Time for the work in hand to stop and to clean up after itself; the parent kills a little later. */
const LEAVE_MS = 1200;

const loop = new MessageLoop({
  openWorkplace: (settings) => new Workplace(settings),
  work: (workplace, assignment, tools) => workplace.perform(assignment, tools),
  // The parent may be gone; then `disconnect` ends this process.
  post: (message) => process.send?.(toWire(message), () => undefined),
});

function leave(): void {
  setTimeout(() => process.exit(0), LEAVE_MS);
  void loop.stop().then(() => process.exit(0));
}

process.on('message', (message) => {
  const order = message as ToChild;
  if (order.kind === 'close') leave();
  else loop.take(order);
});
process.on('disconnect', leave);
// Ctrl-C in a terminal reaches the whole group; what is to be stopped is for the parent to say.
process.on('SIGINT', () => undefined);
process.on('uncaughtException', (thrown) => {
  // The last line is what the parent shows.
  fs.writeSync(2, `${inspect(thrown)}\n${HiggsError.from(thrown).message}\n`);
  process.exit(1);
});
