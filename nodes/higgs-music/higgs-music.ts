import type { Node, NodeAPI, Saved } from '../common/node-red.js';
import { MusicController } from './controller.js';

export = function register(red: NodeAPI): void {
  red.nodes.registerType('higgs-music', function (this: Node, saved: Saved) {
    red.nodes.createNode(this, saved);
    const controller = new MusicController(red, this, saved);
    this.on('input', (msg, send, done) => void controller.take(msg, send, done));
  });
};
