import { BED_RULES, DIALOGUE_RULES, ENGINE_RULES, SAMPLING_RULES } from '../../src/engine/index.js';
import { engineOptions, type EngineNode } from '../common/engine-settings.js';
import { EngineShare } from '../common/engine-share.js';
import type { NodeAPI, Saved } from '../common/node-red.js';
import { serveVoices } from './admin.js';

export = function register(red: NodeAPI): void {
  function construct(this: EngineNode, saved: Saved): void {
    red.nodes.createNode(this, saved);
    // Read when the engine is first needed: wrong settings fail that message, with their code.
    this.share = new EngineShare(() => engineOptions(red, saved));
    this.on('close', (_removed: boolean, done: () => void) => void this.share.close().finally(done));
  }

  const rules = { sampling: SAMPLING_RULES, bed: BED_RULES, dialogue: DIALOGUE_RULES, engine: ENGINE_RULES };
  // The editor's validators read the same ranges as the engine.
  red.nodes.registerType('higgs-engine', construct, {
    settings: { higgsEngineRules: { value: rules, exportable: true } },
  });
  serveVoices(red);
};
