import { withinMs, CLOSE_LIMIT_MS } from '../common/end-once.js';
import { migrate } from '../common/migrations.js';
import type { NodeAPI, Saved } from '../common/node-red.js';
import { serveSwitch, type MusicNode } from './admin.js';
import { MusicController } from './controller.js';

export = function register(red: NodeAPI): void {
  red.nodes.registerType('higgs-music', function (this: MusicNode, given: Saved) {
    red.nodes.createNode(this, given);
    const saved = migrate('higgs-music', given);
    this.controller = new MusicController(red, this, saved);
    this.on('input', (msg, send, done) => void this.controller.take(msg, send, done));
    this.on(
      'close',
      (removed: boolean, done: () => void) =>
        void withinMs(CLOSE_LIMIT_MS, this.controller.close(removed)).finally(done),
    );
  });
  serveSwitch(red);
};
