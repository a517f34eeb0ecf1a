/** What the engine offers over a network; nodes and the command line know the services by this file alone. */
export { openSoundHost, SOUND_HOST_RULES, type SoundHost, type SoundHostOptions } from './sound-host/index.js';
