/** Graphs from checkpoints. */
export { convertCheckpoint, type ConvertOptions } from './convert.js';
export {
  CONVERTED_FOLDER,
  exportLanguageModel,
  weightFormats,
  writeMadeLanguageModel,
  type EmbeddingFile,
  type LanguageModelFiles,
} from './language-model.js';
