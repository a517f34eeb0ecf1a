export { decodeTake, encodeTake, type Take } from './entry.js';
export { keyOf } from './key.js';
export { SpeechCache, type SpeechCacheOptions } from './speech-cache.js';
