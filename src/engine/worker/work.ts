/** What is asked of the child, given to whoever does it. */
import type { Assignment, CallAnswer } from '../protocol.js';
import { dialogue } from './dialogue.js';
import type { CallTools } from './message-loop.js';
import { rehearse } from './rehearse.js';
import { speak } from './speak.js';
import type { Stage } from './backend.js';

export async function work<Voice, Turn>(
  stage: Stage<Voice, Turn>,
  assignment: Assignment,
  tools: CallTools,
): Promise<CallAnswer> {
  switch (assignment.kind) {
    case 'speak':
      return { to: 'speech', outcome: await speak(stage, assignment.request, tools) };
    case 'dialogue':
      return { to: 'speech', outcome: await dialogue(stage, assignment.request, tools) };
    case 'prepare-voice':
      return { to: 'prepare-voice', report: await stage.prepare(assignment.clip, tools) };
    case 'load':
      await stage.open(tools);
      await rehearse(stage, tools);
      return { to: 'load' };
  }
}
