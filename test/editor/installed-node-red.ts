import fs from 'node:fs';
import path from 'node:path';
import { NodeRed, type StartOptions } from '../../scripts/demo/node-red.js';
import { ROOT, temporaryFolder } from '../engine-kit.js';

/** The real Node-RED with this package where npm puts it: in the user directory's node_modules. */
export async function startInstalled(options: StartOptions = {}): Promise<NodeRed> {
  const userDir = temporaryFolder();
  fs.mkdirSync(path.join(userDir, 'node_modules', '@higgs-tts'), { recursive: true });
  fs.symlinkSync(ROOT, path.join(userDir, 'node_modules', '@higgs-tts', 'node-red'), 'junction');
  fs.writeFileSync(path.join(userDir, 'package.json'), '{"dependencies":{"@higgs-tts/node-red":"*"}}');
  return await NodeRed.start(userDir, options);
}
