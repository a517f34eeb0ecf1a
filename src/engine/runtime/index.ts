/** Models on onnxruntime. */
export { openBandwidthMeter, type BandwidthMeter } from './bandwidth.js';
export { openCodec, type LoadedCodec, type OpenCodecOptions } from './codec.js';
export { openLanguageModel, type OpenLanguageModelOptions } from './language-model.js';
export type { LoadedLanguageModel, ScoredContext } from './session-language-model.js';
