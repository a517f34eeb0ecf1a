import { migrate } from '../common/migrations.js';
import type { Node, NodeAPI, Saved } from '../common/node-red.js';
import { ServerController, type ServerSecrets } from './controller.js';

export = function register(red: NodeAPI): void {
  function construct(this: Node<ServerSecrets>, given: Saved): void {
    red.nodes.createNode(this, given);
    const saved = migrate('higgs-server', given);
    const controller = new ServerController(red, this, saved);
    void controller.open();
    this.on('close', (_removed: boolean, done: () => void) => void controller.close().finally(done));
  }

  red.nodes.registerType('higgs-server', construct, { credentials: { apiKeys: { type: 'password' } } });
};
