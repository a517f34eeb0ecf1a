/** The production room: what is done to sound that is finished, and the forms it is handed out in. */
export { CHIMES, ringChime, type ChimeName } from './chimes.js';
export { encodeSound, openSoundEncoder, type EncoderOptions, type SoundEncoder } from './encoder.js';
export { fileExtensionOf, mediaTypeOf, SOUND_FORMATS, type SoundFormat } from './formats.js';
export type { Mp3Options } from './mp3-encoder.js';
export type { ChimeSource, Production, Sound } from './types.js';
