import { SpeakingController } from '../common/speaking.js';
import { migrate } from '../common/migrations.js';
import type { Node, NodeAPI, Saved } from '../common/node-red.js';
import { synthesizeRole } from './role.js';

export = function register(red: NodeAPI): void {
  red.nodes.registerType('higgs-synthesize', function (this: Node, given: Saved) {
    red.nodes.createNode(this, given);
    const saved = migrate('higgs-synthesize', given);
    const controller = new SpeakingController(red, this, saved, synthesizeRole(red));
    this.on('input', (msg, send, done) => void controller.take(msg, send, done));
    this.on('close', (_removed: boolean, done: () => void) => void controller.close().finally(done));
  });
};
