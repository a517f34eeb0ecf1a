/**
 * Speech from a Higgs Audio v2 model, inside this process's own child:
 *
 *     const { engine, release } = acquireEngine({ model: 'embedded' });
 *     const result = await engine.speak({ text: 'Dinner is ready.', voice: { kind: 'named', name: 'ella' } });
 *     await fs.promises.writeFile('dinner.wav', encodeWav(result.samples));
 *     await release();
 *
 * This file is all that others may import. Every error is a HiggsError with a `code` and a `remedy` (docs/errors.md).
 */
export { acquireEngine } from './client/acquire.js';
export { defaultCacheDir, defaultDataDir } from './client/folders.js';
export { checkEngineOptions, type EngineSettings } from './client/settings.js';
export { FRAMES_PER_SECOND, SAMPLE_RATE_HZ } from './codes.js';
export { HiggsError, REMEDIES, systemCode, type HiggsErrorCode } from './errors.js';
export {
  findInCache,
  MODEL_REPOS,
  pullModel,
  type Licence,
  type OnPull,
  type PulledModel,
  type PullEvent,
  type PullOptions,
  isRepoName,
} from './hub/index.js';
export {
  BED_RULES,
  CALL_RULES,
  checkChoice,
  checkNumber,
  DEVICES,
  DIALOGUE_RULES,
  ENCODER_RULES,
  ENGINE_RULES,
  LINE_RULES,
  PRODUCTION_RULES,
  REMOTE_APIS,
  REMOTE_RULES,
  SAMPLING_RULES,
  WEIGHT_BITS,
  type Device,
  type EngineOptions,
  type NumberRule,
  type RemoteApiName,
  type RemoteOptions,
  type WeightBits,
} from './options.js';
export { convertCheckpoint, type ConvertOptions } from './export/index.js';
export { checkWritable, writeWhole } from './output-file.js';
export { EMBEDDED_DIR, PACKAGE_VERSION } from './package-files.js';
export {
  channelsOf,
  CHIMES,
  encodeSound,
  fileExtensionOf,
  mediaTypeOf,
  mixMusic,
  measureLoudness,
  openSoundEncoder,
  openTempo,
  produce,
  ringChime,
  SOUND_FORMATS,
  SoundStream,
  TRACKS,
  type ChimeName,
  type ChimeSource,
  type EncoderOptions,
  type Mp3Options,
  type Produced,
  type Production,
  type Sound,
  type SoundEncoder,
  type SoundFormat,
  type Tempo,
  type TempoOptions,
  type TrackName,
} from './production/index.js';
export type { OnProgress, ProgressEvent } from './progress.js';
export type * from './requests.js';
export { encodeWav, readSound, type WavFormat } from './sound/index.js';
export type { EngineLease, SpeechEngine } from './speech-engine.js';
export { inspectVoiceClip, VOICE_FILE_EXTENSION } from './voices/index.js';
export { parseDialogue, SOUND_TAGS } from './text/index.js';
export { isObject, settlesWithin } from './values.js';
