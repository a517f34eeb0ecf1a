/** What the editor asks the runtime: all below /higgs-tts/, all behind the editor's own permissions. */
import type { NodeAPI } from '../../common/node-red.js';
import { serveEngines } from './engines.js';
import { serveHub } from './hub.js';
import { serveListen } from './listen.js';
import { serveSampling } from './sampling.js';
import { serveVoices } from './voices.js';

export function serveEditor(red: NodeAPI): void {
  serveEngines(red);
  serveVoices(red);
  serveListen(red);
  serveHub(red);
  serveSampling(red);
}
