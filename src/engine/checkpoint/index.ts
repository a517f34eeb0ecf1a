/** Checkpoints as they are published: configs, tensors by ranges, folders. */
export { isCodecDir, readCodecConfig } from './codec-config.js';
export { isFloatType, toFloat32, BYTES_PER_ELEMENT } from './floats.js';
export { resolveModelFolders, type ModelFolders } from './folders.js';
export { isLanguageModelDir, readLanguageModelConfig, readSamplingValues } from './language-model-config.js';
export {
  AUDIO_EMBEDDING,
  AUDIO_HEAD,
  FINAL_NORM,
  openLanguageModelTensors,
  TEXT_EMBEDDING,
} from './language-model-tensors.js';
export { openTensors } from './safetensors.js';
export type * from './types.js';
export { foldWeightNorm, readWeight, type Weight } from './weight-norm.js';
export { traitsOf, type ModelTraits } from './model-traits.js';
