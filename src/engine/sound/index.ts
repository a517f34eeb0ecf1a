export { mixBed, mixBedUnder, type BedMix } from './bed.js';
export { atCodecRate, checkClipLength, CLIP_SECONDS, inspectClip } from './clip.js';
export { decodeStream, type DecodeOptions } from './decode-stream.js';
export { fade, SilenceWatch } from './edges.js';
export { blockLevels, fromDb, loudnessOf, peakOf, toDb } from './levels.js';
export { resample } from './resample.js';
export { trimSilence } from './trim.js';
export type { Codec } from './types.js';
export { encodeWav, joinSamples, readSound, readWav, wavSeconds, type Recording, type WavFormat } from './wav.js';
