export { encodeWav, joinSamples, readWav, wavSeconds, type Recording, type WavFormat } from './wav.js';
