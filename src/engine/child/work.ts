/** What is asked of the child, given to whoever does it. */
import type { Assignment, CallAnswer } from '../protocol.js';
import { dialogue } from './dialogue.js';
import type { CallTools } from './message-loop.js';
import { speak } from './speak.js';
import type { Studio } from './studio.js';

export async function work(studio: Studio, assignment: Assignment, tools: CallTools): Promise<CallAnswer> {
  switch (assignment.kind) {
    case 'speak':
      return { to: 'speech', outcome: await speak(studio, assignment.request, tools) };
    case 'dialogue':
      return { to: 'speech', outcome: await dialogue(studio, assignment.request, tools) };
    case 'prepare-voice':
      return { to: 'prepare-voice', report: await studio.prepare(assignment.clip, tools) };
    case 'load':
      await studio.open(tools);
      return { to: 'load' };
  }
}
