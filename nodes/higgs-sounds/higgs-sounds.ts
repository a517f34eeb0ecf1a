import { migrate } from '../common/migrations.js';
import type { NodeAPI, Saved } from '../common/node-red.js';
import { soundHostOptions, SoundHostShare, type SoundsNode } from '../common/sound-hosts.js';
import { serveStoredSounds } from './admin.js';

export = function register(red: NodeAPI): void {
  red.nodes.registerType('higgs-sounds', function (this: SoundsNode, given: Saved) {
    red.nodes.createNode(this, given);
    const saved = migrate('higgs-sounds', given);
    this.soundHosts = new SoundHostShare(() => soundHostOptions(saved));
    this.on('close', (_removed: boolean, done: () => void) => void this.soundHosts.close().finally(done));
  });
  serveStoredSounds(red);
};
