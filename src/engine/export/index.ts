/** Graphs from checkpoints. */
export { convertCheckpoint, type ConvertOptions } from './convert.js';
export { exportLanguageModel, weightFormats, type EmbeddingFile, type LanguageModelFiles } from './language-model.js';
