import { migrate } from '../common/migrations.js';
import type { Node, NodeAPI, Saved } from '../common/node-red.js';
import { servePlayers } from './admin.js';
import { PlayController } from './controller.js';

export = function register(red: NodeAPI): void {
  red.nodes.registerType('higgs-play', function (this: Node, given: Saved) {
    red.nodes.createNode(this, given);
    const saved = migrate('higgs-play', given);
    const controller = new PlayController(red, this, saved);
    this.on('input', (msg, send, done) => void controller.take(msg, send, done));
    this.on('close', (_removed: boolean, done: () => void) => void controller.close().finally(done));
  });
  servePlayers(red);
};
