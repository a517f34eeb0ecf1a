/**
 * Speech from a Higgs Audio v2 model, in a worker process of this package's own:
 *
 *     const engine = createEngine({ model: 'embedded' });
 *     const speech = await engine.speak({ text: 'Dinner is ready.', voice: 'ella' });
 *     await speech.save('dinner.wav');
 *     await engine.close();
 *
 * Every error is a HiggsError with a `code` and a `remedy` (docs/errors.md). What this package's own nodes, services and command
 * line need beside this is in package-api.ts.
 */
export { acquireEngine, createEngine } from './client/acquire.js';
export { FRAMES_PER_SECOND, SAMPLE_RATE_HZ } from './codes.js';
export { HiggsError, REMEDIES, type HiggsErrorCode } from './errors.js';
export { convertCheckpoint, type ConvertOptions } from './export/index.js';
export { defaultCacheDir, defaultDataDir } from './folders.js';
export {
  MODEL_REPOS,
  pullModel,
  type Licence,
  type OnPull,
  type PulledModel,
  type PullEvent,
  type PullOptions,
} from './hub/index.js';
export {
  ACCENTS,
  accentNamed,
  BED_RULES,
  CALL_RULES,
  CHIMES,
  DEVICES,
  DIALOGUE_RULES,
  ENCODER_RULES,
  ENGINE_RULES,
  LINE_RULES,
  PRODUCTION_RULES,
  PUBLISHED_SAMPLING,
  REMOTE_APIS,
  REMOTE_RULES,
  SAMPLING_RULES,
  SEGMENT_BY,
  SEGMENT_RULES,
  SOUND_FORMATS,
  SUBTITLE_FORMATS,
  TRACKS,
  TURNS,
  CACHE_BITS,
  WEIGHT_BITS,
  type ChimeName,
  type Device,
  type EngineOptions,
  type Lexicon,
  type NumberRule,
  type RemoteApiName,
  type RemoteOptions,
  type SamplingValues,
  type SoundFormat,
  type SubtitleFormat,
  type TrackName,
  type CacheBits,
  type WeightBits,
} from './options.js';
export { PACKAGE_VERSION } from './package-files.js';
export {
  encodeSound,
  fileExtensionOf,
  measureLoudness,
  mediaTypeOf,
  mixMusic,
  openSoundEncoder,
  produce,
  ringChime,
  subtitlesOf,
  type AnySound,
  type ChimeSource,
  type EncoderOptions,
  type Mp3Options,
  type Produced,
  type Production,
  type Sound,
  type SoundEncoder,
} from './production/index.js';
export type { OnProgress, ProgressEvent } from './progress.js';
export type * from './requests.js';
export { encodeWav, readSound, type WavFormat } from './sound/index.js';
export type { EngineLease, OwnEngine, Speech, SpeechEngine } from './speech-engine.js';
export { parseDialogue, SOUND_TAGS } from './text/index.js';
export { inspectVoiceClip, VOICE_FILE_EXTENSION } from './voices/index.js';
