import { SpeakingController } from '../common/speaking.js';
import type { Node, NodeAPI, Saved } from '../common/node-red.js';
import { dialogueRole } from './role.js';

export = function register(red: NodeAPI): void {
  red.nodes.registerType('higgs-dialogue', function (this: Node, saved: Saved) {
    red.nodes.createNode(this, saved);
    const controller = new SpeakingController(red, this, saved, dialogueRole(red));
    this.on('input', (msg, send, done) => void controller.take(msg, send, done));
    this.on('close', (_removed: boolean, done: () => void) => void controller.close().finally(done));
  });
};
