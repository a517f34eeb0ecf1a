/**
 * What this package's own nodes, services and command line use of the engine beside its API (index.ts): no promise to anyone
 * else, and not exported from the package.
 */
export { readSamplingValues } from './checkpoint/index.js';
export { checkEngineOptions, type EngineSettings } from './client/settings.js';
export { reasonOf } from './connection.js';
export { rememberedCheck, type RememberedCheck } from './device-settings.js';
export { systemCode } from './errors.js';
export { findInCache, isPublishedModel, isRepoName, withCodec } from './hub/index.js';
export { checkChoice, checkNumber } from './options.js';
export { checkWritable, writeWhole } from './output-file.js';
export { FileRefused, openRegular, readRegular } from './regular-file.js';
export { EMBEDDED_DIR } from './package-files.js';
export { parseLexicon as checkLexicon } from './lexicon.js';
export {
  channelsOf,
  formatOf,
  moveMark,
  readableText,
  openTempo,
  SoundStream,
  subtitleFormatOf,
  type Tempo,
  type TempoOptions,
  volumeGain,
} from './production/index.js';
export { readWav, readWavLayout, resample, type WavLayout } from './sound/index.js';
export { voiceKey } from './voices/index.js';
export { goesBefore, isObject, settlesWithin } from './values.js';
