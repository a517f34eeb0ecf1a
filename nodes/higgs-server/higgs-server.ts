import type { Node, NodeAPI, Saved } from '../common/node-red.js';
import { ServerController, type ServerSecrets } from './controller.js';

export = function register(red: NodeAPI): void {
  function construct(this: Node<ServerSecrets>, saved: Saved): void {
    red.nodes.createNode(this, saved);
    const controller = new ServerController(red, this, saved);
    void controller.open();
    this.on('close', (_removed: boolean, done: () => void) => void controller.close().finally(done));
  }

  red.nodes.registerType('higgs-server', construct, { credentials: { apiKeys: { type: 'password' } } });
};
