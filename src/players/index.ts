/** Players: this machine's loudspeaker, and the renderers of the network. */
export { collect } from './collect.js';
export { containerOf } from './container.js';
export { LOUDSPEAKER, PLAYER_RULES, PROGRAM_CHOICES, type ProgramName } from './options.js';
export { pausePlaying, playOn, resumePlaying, stopPlaying, type PlayRequest } from './players.js';
export type { PcmShape, PlayOptions, SoundSource } from './types.js';
export { chooseProgram } from './loudspeaker/find.js';
export { devicesOf, type AudioDevice } from './loudspeaker/devices.js';
export { programsHere, type LoudspeakerOptions } from './loudspeaker/loudspeaker.js';
export { discoverRenderers } from './upnp/discover.js';
