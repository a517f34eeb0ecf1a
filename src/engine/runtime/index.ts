/** Models on onnxruntime. */
export { loadBackend, type Backend, type InferenceSession, type Tensor } from './backend.js';
export { openBandwidthMeter, type BandwidthMeter } from './bandwidth.js';
export { openCodec, type LoadedCodec, type OpenCodecOptions } from './codec.js';
export { ACCELERATORS, CAPABILITIES, mayHaveHardware } from './devices.js';
export { openLanguageModel, type OpenLanguageModelOptions } from './language-model.js';
export type { LoadedLanguageModel, ScoredContext } from './session-language-model.js';
