import type { NodeAPI } from '../common/node-red.js';

/** The sidebar lives in the editor alone; what it asks is answered by higgs-engine's admin endpoints. */
export = function register(red: NodeAPI): void {
  red.plugins.registerPlugin('higgs-tts-sidebar', { type: 'higgs-tts' });
};
