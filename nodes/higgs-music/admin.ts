import type { Node, NodeAPI } from '../common/node-red.js';
import type { MusicController } from './controller.js';
import { SWITCH_COMMANDS } from './switch.js';

/** What a deployed higgs-music node is to the editor's button. */
export interface MusicNode extends Node {
  controller: MusicController;
}

/**
 * POST /higgs-tts/music/:id/:state, for the button on the node: `state` is on, off or toggle. Answers { on }; 404 where
 * the node is not deployed (yet), 400 for another state.
 */
export function serveSwitch(red: NodeAPI): void {
  red.httpAdmin.post(
    '/higgs-tts/music/:id/:state',
    red.auth.needsPermission('higgs-tts.write'),
    (request, response) => {
      const { id, state } = request.params as { id: string; state: string };
      const node = red.nodes.getNode(id) as Partial<MusicNode> | null;
      const command = SWITCH_COMMANDS.find((known) => known === state);
      if (node?.controller === undefined || node.type !== 'higgs-music') response.sendStatus(404);
      else if (command === undefined) response.sendStatus(400);
      else response.json({ on: node.controller.move(command) });
    },
  );
}
