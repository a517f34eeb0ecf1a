/** Sound by HTTP, for loudspeakers. */
export { SOUND_HOST_RULES, type SoundHostOptions } from './options.js';
export { openSoundHost, type HostedSound, type SoundHost } from './sound-host.js';
