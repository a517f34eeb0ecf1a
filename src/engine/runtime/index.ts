/** Models on onnxruntime. */
export { openBandwidthMeter, type BandwidthMeter } from './bandwidth.js';
export { openCodec, type LoadedCodec, type OpenCodecOptions } from './codec.js';
export {
  openLanguageModel,
  type LoadedLanguageModel,
  type OpenLanguageModelOptions,
  type ScoredContext,
} from './language-model.js';
