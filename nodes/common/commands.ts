/** Commands to a speaking node: messages that are not spoken, but say what becomes of the others. */
import type { MessagesInHand } from './messages-in-hand.js';
import type { NodeMessageInFlow } from './node-red.js';
import { readChoice } from './readers.js';

/**
 * `stop`: what is spoken and what waits is called off. `clear`: what waits is called off, what is spoken is finished.
 * `skip`: what is spoken is called off, and the next one begins. `pause`: what is spoken is finished, everything else
 * waits, later messages too, until `resume`. None of them touches other nodes, also where they share the engine, and a
 * pause outlasts a stop.
 */
export const COMMANDS = ['stop', 'clear', 'skip', 'pause', 'resume'] as const;
export type Command = (typeof COMMANDS)[number];

/** Whether a message is a command; it is not spoken then, whatever else it brings. */
export function isCommand(msg: NodeMessageInFlow): boolean {
  const { cmd } = msg as { cmd?: unknown };
  return cmd !== undefined && cmd !== null && cmd !== '';
}

/** The command in a message. Throws HIGGS_OPTION_INVALID for an unknown one. */
export function commandOf(msg: NodeMessageInFlow): Command {
  return readChoice(COMMANDS)((msg as { cmd?: unknown }).cmd, 'msg.cmd');
}

/** What a command acts on. */
export interface Commanded {
  readonly inHand: Pick<MessagesInHand, 'stop'>;
  readonly status: { setPaused(isPaused: boolean): void };
  pause(): void;
  resume(): void;
}

/** Does what a message commands. Rejects with HIGGS_OPTION_INVALID for an unknown command. */
// Async, so that what it throws is a rejection as everything else.
// eslint-disable-next-line @typescript-eslint/require-await
export async function obey(msg: NodeMessageInFlow, node: Commanded): Promise<void> {
  switch (commandOf(msg)) {
    case 'stop':
      node.inHand.stop('all');
      break;
    case 'clear':
      node.inHand.stop('waiting');
      break;
    case 'skip':
      node.inHand.stop('running');
      break;
    case 'pause':
      node.pause();
      node.status.setPaused(true);
      break;
    case 'resume':
      node.resume();
      node.status.setPaused(false);
      break;
  }
}
