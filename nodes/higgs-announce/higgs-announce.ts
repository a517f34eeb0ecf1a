import { migrate } from '../common/migrations.js';
import type { Node, NodeAPI, Saved } from '../common/node-red.js';
import { AnnounceController } from './controller.js';

export = function register(red: NodeAPI): void {
  red.nodes.registerType('higgs-announce', function (this: Node, given: Saved) {
    red.nodes.createNode(this, given);
    const saved = migrate('higgs-announce', given);
    const controller = new AnnounceController(red, this, saved);
    void controller.open();
    this.on('input', (msg, _send, done) => void controller.take(msg, done));
    this.on('close', (removed: boolean, done: () => void) => void controller.close(removed).finally(done));
  });
};
