import { CHIMES } from '../../src/engine/index.js';
import { engineOptions, warnerOf, type EngineNode } from '../common/engine-settings.js';
import { EngineShare } from '../common/engine-share.js';
import { migrate } from '../common/migrations.js';
import type { NodeAPI, Saved } from '../common/node-red.js';
import { serveEditor } from './admin/index.js';

export = function register(red: NodeAPI): void {
  function construct(this: EngineNode, given: Saved): void {
    red.nodes.createNode(this, given);
    const saved = migrate('higgs-engine', given);
    // Read when the engine is first needed: wrong settings fail that message, with their code.
    this.share = new EngineShare(() => engineOptions(red, saved, this.credentials), warnerOf(red));
    this.on('close', (_removed: boolean, done: () => void) => void this.share.close().finally(done));
  }

  // The editor completes their names.
  red.nodes.registerType('higgs-engine', construct, {
    credentials: { remoteKey: { type: 'password' } },
    settings: { higgsEngineChimes: { value: CHIMES, exportable: true } },
  });
  serveEditor(red);
};
